package peerage.pxp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;

/// Writes frames, see [FrameReader].
final class FrameWriter {
  private static final int DIGIT_BITS = 7;
  private static final int DIGIT = (1 << DIGIT_BITS) - 1;
  private static final int MORE = 1 << DIGIT_BITS;

  private FrameWriter() {}

  /// A frame up to its body; all of it if it has none.
  static ByteBuffer head(int type, int channel, int length) {
    int head = head(type, channel);
    ByteBuffer out = ByteBuffer.allocate(size(head) + size(length));
    put(head, out);
    put(length, out);
    return out.flip();
  }

  /// A frame that opens a channel, and the next one up to its body, in one buffer.
  static ByteBuffer opening(int channel, String name, int type, int length) {
    byte[] bytes = name.getBytes(UTF_8);
    int open = head(FrameReader.OPEN, channel);
    int next = head(type, channel);
    int sizes = size(open) + size(bytes.length) + bytes.length + size(next) + size(length);
    ByteBuffer out = ByteBuffer.allocate(sizes);
    put(open, out);
    put(bytes.length, out);
    out.put(bytes);
    put(next, out);
    put(length, out);
    return out.flip();
  }

  private static int head(int type, int channel) {
    return (channel << FrameReader.TYPE_BITS) | type;
  }

  private static int size(int number) {
    return Math.ceilDiv(Integer.SIZE - Integer.numberOfLeadingZeros(number | 1), DIGIT_BITS);
  }

  private static void put(int number, ByteBuffer out) {
    int rest = number;
    while (rest > DIGIT) {
      out.put((byte) ((rest & DIGIT) | MORE));
      rest >>>= DIGIT_BITS;
    }
    out.put((byte) rest);
  }
}
