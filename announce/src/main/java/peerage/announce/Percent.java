package peerage.announce;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import peerage.bencode.MalformedMessage;

/// Bytes in a query, exactly. `URLEncoder` would not do: it encodes characters, not bytes, and
/// writes a space as `+`.
final class Percent {
  private static final String KEPT = "-._~"; // with letters and digits: unreserved by RFC 3986
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private Percent() {}

  /// Every byte but the unreserved ones as `%XX`: opentracker answers 400 to a raw `[` or `]`.
  static String encode(byte[] bytes) {
    var text = new StringBuilder(bytes.length * 3);
    for (byte b : bytes) {
      if (isUnreserved(b)) {
        text.append((char) b);
      } else {
        text.append('%').append(HEX.toHexDigits(b));
      }
    }
    return text.toString();
  }

  private static boolean isUnreserved(byte b) {
    boolean letter = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
    return letter || (b >= '0' && b <= '9') || KEPT.indexOf(b) >= 0;
  }

  /// The bytes as one `char` each. Unreserved or not, a raw character stands for itself, but for
  /// `+`, which is a space: clients that write forms do so, and the others escape it.
  static String decode(String text) throws MalformedMessage {
    var bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        bytes.write(octet(text, i));
        i += 2;
      } else if (c > 0xFF) {
        throw new MalformedMessage("the query holds a character that is no byte");
      } else {
        bytes.write(c == '+' ? ' ' : c);
      }
    }
    return bytes.toString(ISO_8859_1);
  }

  private static int octet(String text, int percent) throws MalformedMessage {
    boolean whole = percent + 2 < text.length();
    if (!whole
        || !HexFormat.isHexDigit(text.charAt(percent + 1))
        || !HexFormat.isHexDigit(text.charAt(percent + 2))) {
      throw new MalformedMessage("the query holds a '%' without two hex digits behind it");
    }
    return HexFormat.fromHexDigits(text, percent + 1, percent + 3);
  }
}
