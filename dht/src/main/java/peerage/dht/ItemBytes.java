package peerage.dht;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import peerage.bencode.BencodeReader;
import peerage.bencode.Bencoded;
import peerage.bencode.MalformedMessage;

/// The bytes of an item's value, and those that its owner signs.
final class ItemBytes {
  private ItemBytes() {}

  /// @throws IllegalArgumentException if the bytes are no canonical bencode
  static Bencoded decode(Bencoded.Bytes value) {
    try {
      return BencodeReader.strict(KrpcReader.LIMITS).read(ByteBuffer.wrap(value.toArray()));
    } catch (MalformedMessage e) {
      throw new IllegalArgumentException("no canonical bencode: " + e.getMessage(), e);
    }
  }

  /// "Encode value and sequence number separately" (BEP 44), and then put them together.
  static byte[] toSign(Bencoded.Bytes salt, long seq, Bencoded.Bytes value) {
    var buffer = new ByteArrayOutputStream();
    if (salt.length() > 0) {
      buffer.writeBytes(latin("4:salt" + salt.length() + ":"));
      buffer.writeBytes(salt.toArray());
    }
    buffer.writeBytes(latin("3:seqi" + seq + "e1:v"));
    buffer.writeBytes(value.toArray());
    return buffer.toByteArray();
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
