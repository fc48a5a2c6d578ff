package peerage.cli;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import peerage.bencode.MalformedMessage;

/// Messages written as hexadecimal digits: one a line, or as `xxd` and `hexdump -C` print them.
final class HexText {
  /// The longest message, in bytes; see [WireReader#MAX_EXTENDED].
  private static final int MAX_BYTES = WireReader.MAX_EXTENDED;

  /// Twice as many digits, with a space or an `0x` each, and a comment.
  private static final int MAX_LINE = 6 * MAX_BYTES;

  /// `00000010: 6435 3a61  d5:a`, of `xxd`: after two spaces comes text.
  private static final Pattern XXD =
      Pattern.compile("([0-9a-f]{4,8}):[ \\t]+((?:[0-9a-f]+ )*[0-9a-f]+)(?: {2,}.*)?");

  /// `00000010  64 35  |d5|`, of `hexdump -C`; its last line has the offset alone.
  private static final Pattern HEXDUMP =
      Pattern.compile("([0-9a-f]{8})(?: {2}((?:[0-9a-f]{2} {1,2})+) *\\|.*)?");

  /// No line of a dump is longer; `xxd -c 256` is the longest that can be had.
  private static final int MAX_DUMP_LINE = 1_024;

  /// Takes what is read.
  interface Taker {
    /// Takes the next message.
    ///
    /// @param line where it begins, from 1
    void message(int line, byte[] payload);
  }

  private final Taker taker;
  private final ByteArrayOutputStream dump = new ByteArrayOutputStream();
  private int dumpLine;
  private int lines;

  private HexText(Taker taker) {
    this.taker = taker;
  }

  /// Reads all lines.
  ///
  /// @throws MalformedMessage if one is no hexadecimal; says which
  static void read(BufferedReader in, Taker taker) throws IOException, MalformedMessage {
    var text = new HexText(taker);
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      text.lines++;
      text.read(line);
    }
    text.endDump();
  }

  private void read(String line) throws MalformedMessage {
    if (line.length() > MAX_LINE) {
      throw new MalformedMessage("line " + lines + " is longer than any message");
    }
    String digits = withoutComment(line).strip().toLowerCase(Locale.ROOT);
    if (digits.isEmpty()) {
      endDump();
      return;
    }
    if (readDump(line.strip().toLowerCase(Locale.ROOT))) {
      return;
    }
    endDump();
    taker.message(lines, payload(bytes(digits.replace("0x", "").replaceAll("[\\s,:]", ""))));
  }

  private static String withoutComment(String line) {
    int comment = line.indexOf('#');
    return comment < 0 ? line : line.substring(0, comment);
  }

  /// A line of a dump begins with the number of bytes before it, so nothing else is taken for one.
  private boolean readDump(String line) throws MalformedMessage {
    if (line.length() > MAX_DUMP_LINE) {
      return false;
    }
    Matcher match = XXD.matcher(line);
    if (!match.matches()) {
      match = HEXDUMP.matcher(line);
    }
    if (!match.matches()) {
      return false;
    }
    int offset = Integer.parseUnsignedInt(match.group(1), 16);
    String digits = match.group(2) == null ? "" : match.group(2).replace(" ", "");
    if (offset == 0 && dump.size() > 0) {
      endDump();
    }
    if (offset != dump.size() || (offset == 0 && digits.isEmpty())) {
      return false;
    }
    if (offset == 0) {
      dumpLine = lines;
    }
    dump.writeBytes(bytes(digits));
    if (dump.size() > MAX_BYTES) {
      throw new MalformedMessage("line " + lines + " belongs to more than any message has");
    }
    return true;
  }

  private void endDump() {
    if (dump.size() > 0) {
      taker.message(dumpLine, payload(dump.toByteArray()));
      dump.reset();
    }
  }

  private byte[] bytes(String digits) throws MalformedMessage {
    if (digits.chars().anyMatch(c -> !HexFormat.isHexDigit(c))) {
      throw new MalformedMessage(
          "line "
              + lines
              + " is no hexadecimal, and the whole is neither a capture (pcap, pcapng) nor"
              + " bencode");
    }
    if (digits.length() % 2 != 0) {
      throw new MalformedMessage("line " + lines + " has an odd number of digits");
    }
    return HexFormat.of().parseHex(digits);
  }

  /// A message may stand with its frame: four bytes of length, 20 for an extension message, and the
  /// number.
  static byte[] payload(byte[] message) {
    boolean framed =
        message.length > 6
            && message[0] == 0
            && message[4] == 20
            && ByteBuffer.wrap(message).getInt() == message.length - 4;
    int start = framed ? 6 : 0;
    return Arrays.copyOfRange(message, start, message.length);
  }
}
