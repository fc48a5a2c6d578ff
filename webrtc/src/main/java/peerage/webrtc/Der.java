package peerage.webrtc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// Writes the little of DER (ITU-T X.690) that a certificate needs.
final class Der {
  /// The object identifier 1.2.840.10045.4.3.2, ecdsa-with-SHA256 (RFC 5758, section 3.2).
  static final byte[] ECDSA_WITH_SHA256 =
      tagged(0x30, tagged(0x06, new byte[] {0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 4, 3, 2}));

  private static final DateTimeFormatter GENERALIZED =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final int SHORT_LENGTH_MAX = 0x7f;
  private static final int ONE_BYTE_MAX = 0xff;

  private Der() {}

  static byte[] sequence(byte[]... parts) {
    return tagged(0x30, parts);
  }

  static byte[] integer(byte[] bigEndian) {
    return tagged(0x02, bigEndian);
  }

  /// RFC 5280 wants UTCTime before 2050; every reader takes GeneralizedTime.
  static byte[] time(Instant time) {
    return tagged(0x18, GENERALIZED.format(time).getBytes(StandardCharsets.US_ASCII));
  }

  /// A name with a common name only.
  static byte[] name(String common) {
    byte[] type = tagged(0x06, new byte[] {0x55, 4, 3});
    byte[] value = tagged(0x0c, common.getBytes(StandardCharsets.UTF_8));
    return sequence(tagged(0x31, sequence(type, value)));
  }

  static byte[] bits(byte[] whole) {
    return tagged(0x03, new byte[] {0}, whole);
  }

  private static byte[] tagged(int tag, byte[]... parts) {
    var body = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      body.writeBytes(part);
    }
    var all = new ByteArrayOutputStream();
    all.write(tag);
    int length = body.size();
    if (length > ONE_BYTE_MAX) {
      all.write(0x82);
      all.write(length >> 8);
    } else if (length > SHORT_LENGTH_MAX) {
      all.write(0x81);
    }
    all.write(length);
    all.writeBytes(body.toByteArray());
    return all.toByteArray();
  }
}
