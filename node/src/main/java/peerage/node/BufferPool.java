package peerage.node;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import peerage.wire.Block;

/// Direct buffers for the network, lent while bytes are in flight: an idle connection holds none,
/// so that thousands of them cost little.
final class BufferPool {
  /// Bytes of a block's frame: length, id, piece, begin, content.
  static final int BLOCK_FRAME = Block.SIZE + 13;

  /// Room for one block and what comes with it.
  static final int SMALL = 32 * 1024;

  /// Room for sixteen blocks and a little more: at 256 KiB a read or write call costs half per byte
  /// of what it costs at 16 KiB (docs/performance.md).
  static final int LARGE = 16 * BLOCK_FRAME + 4096;

  private static final int MAX_KEPT = 32;

  private final ArrayDeque<ByteBuffer> small = new ArrayDeque<>();
  private final ArrayDeque<ByteBuffer> large = new ArrayDeque<>();

  /// An empty buffer with room for at least `size` bytes.
  ByteBuffer borrow(int size) {
    if (size > LARGE) {
      return ByteBuffer.allocateDirect(size); // a huge bitfield, once a connection
    }
    var kept = size > SMALL ? large : small;
    synchronized (this) {
      ByteBuffer buffer = kept.pollLast();
      if (buffer != null) {
        return buffer.clear();
      }
    }
    return ByteBuffer.allocateDirect(size > SMALL ? LARGE : SMALL);
  }

  /// Takes a buffer back; the caller must not touch it again.
  void giveBack(ByteBuffer buffer) {
    var kept =
        switch (buffer.capacity()) {
          case SMALL -> small;
          case LARGE -> large;
          default -> null;
        };
    synchronized (this) {
      if (kept != null && kept.size() < MAX_KEPT) {
        kept.addLast(buffer);
      }
    }
  }
}
