package peerage.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import org.jspecify.annotations.Nullable;

/// Where a connection reads into. What was read is given away as a slice, so that it reaches its
/// reader without a copy, and the rest of the buffer is filled by the next read: however small the
/// pieces, what is kept of them keeps little more than their size.
final class ReadBuffers {
  /// For a connection with much traffic (guess: what a socket gives at once on a fast network).
  private static final int LARGE = 64 * 1024;

  /// For one that says little (guess).
  private static final int SMALL = 4 * 1024;

  /// A rest smaller than this part of a buffer is not worth a read.
  private static final int SCRAP = 16;

  private ByteBuffer buffer = ByteBuffer.allocate(0);
  private boolean wasFilled;

  /// Reads what is there, waiting for it.
  ///
  /// @return null at the end
  @Nullable ByteBuffer read(ByteChannel channel) throws IOException {
    if (buffer.remaining() * SCRAP <= buffer.capacity()) {
      buffer = ByteBuffer.allocate(wasFilled ? LARGE : SMALL);
    }
    int start = buffer.position();
    int size = channel.read(buffer);
    wasFilled = !buffer.hasRemaining();
    return size < 0 ? null : buffer.slice(start, size);
  }
}
