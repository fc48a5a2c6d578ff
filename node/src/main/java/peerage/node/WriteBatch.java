package peerage.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.GatheringByteChannel;
import java.util.Arrays;
import java.util.Queue;

/// What is written at once: heads and bodies of frames together, so that none waits for the
/// other's acknowledgement.
final class WriteBatch {
  /// Buffers at once (guess).
  private static final int BUFFERS_MAX = 64;

  /// Enough bytes for one call (guess: what a socket takes at once).
  private static final int BYTES_ENOUGH = 256 * 1024;

  /// A channel that takes one buffer at a time gets pieces up to this size as one (guess).
  private static final int JOINED_MAX = 16 * 1024;

  private final ByteBuffer[] buffers = new ByteBuffer[BUFFERS_MAX];
  private int count;

  /// Takes from the queue.
  ///
  /// @return whether there was anything
  boolean takeFrom(Queue<ByteBuffer> queue) {
    long size = 0;
    while (count < BUFFERS_MAX && size < BYTES_ENOUGH && !queue.isEmpty()) {
      ByteBuffer next = queue.remove();
      size += next.remaining();
      buffers[count++] = next;
    }
    return count > 0;
  }

  /// Writes everything that was taken.
  ///
  /// @return how many bytes
  long writeTo(ByteChannel channel) throws IOException {
    long size =
        channel instanceof GatheringByteChannel gathering ? gather(gathering) : join(channel);
    Arrays.fill(buffers, 0, count, null);
    count = 0;
    return size;
  }

  private long gather(GatheringByteChannel channel) throws IOException {
    long size = 0;
    int first = 0;
    while (first < count) {
      size += channel.write(buffers, first, count - first);
      while (first < count && !buffers[first].hasRemaining()) {
        first++;
      }
    }
    return size;
  }

  private long join(ByteChannel channel) throws IOException {
    long size = 0;
    int next = 0;
    while (next < count) {
      int last = next;
      int length = buffers[next].remaining();
      while (last + 1 < count && length + buffers[last + 1].remaining() <= JOINED_MAX) {
        length += buffers[++last].remaining();
      }
      writeAll(channel, next == last ? buffers[next] : joined(next, last, length));
      size += length;
      next = last + 1;
    }
    return size;
  }

  private ByteBuffer joined(int first, int last, int length) {
    ByteBuffer all = ByteBuffer.allocate(length);
    for (int i = first; i <= last; i++) {
      all.put(buffers[i]);
    }
    return all.flip();
  }

  private static void writeAll(ByteChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
