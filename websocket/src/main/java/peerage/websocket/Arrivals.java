package peerage.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Bytes that have come and wait for the application: filled by the event loop, emptied by one
/// reader that may block. Whether the socket is read is decided under the lock, so that neither
/// side acts on what the other has just changed.
final class Arrivals {
  private final ChannelConfig socket;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<ByteBuf> waiting = new ArrayDeque<>();
  private int bytes;
  private boolean ended;
  private @Nullable IOException failure;

  /// @param socket whose reading is held while too much waits
  Arrivals(ChannelConfig socket) {
    this.socket = socket;
  }

  /// Takes a buffer over, to be released here.
  void add(ByteBuf content) {
    lock.lock();
    try {
      if (ended || !content.isReadable()) {
        content.release();
        return;
      }
      waiting.add(content);
      bytes += content.readableBytes();
      changed.signal();
      if (bytes >= Limits.UNREAD_HIGH) {
        socket.setAutoRead(false);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Nothing more comes; what waits can still be read. Only the first end counts.
  void end(@Nullable IOException why) {
    lock.lock();
    try {
      if (!ended) {
        ended = true;
        failure = why;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// What waits is given up, and so is what still comes.
  void abandon(IOException why) {
    lock.lock();
    try {
      ended = true;
      failure = why;
      waiting.forEach(ByteBuf::release);
      waiting.clear();
      bytes = 0;
      socket.setAutoRead(true);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until there is something to read or nothing comes any more.
  ///
  /// @return how many bytes went into the target; -1 at the end
  int take(ByteBuffer target) throws IOException {
    lock.lock();
    try {
      while (waiting.isEmpty() && !ended) {
        changed.awaitUninterruptibly();
      }
      if (waiting.isEmpty()) {
        if (failure != null) {
          throw new IOException(failure.getMessage(), failure);
        }
        return -1;
      }
      return move(target);
    } finally {
      lock.unlock();
    }
  }

  private int move(ByteBuffer target) {
    int before = target.remaining();
    while (target.hasRemaining() && !waiting.isEmpty()) {
      ByteBuf first = waiting.element();
      int count = Math.min(target.remaining(), first.readableBytes());
      int end = target.limit();
      first.readBytes(target.limit(target.position() + count));
      target.limit(end);
      bytes -= count;
      if (!first.isReadable()) {
        waiting.remove().release();
      }
    }
    if (bytes <= Limits.UNREAD_LOW && !socket.isAutoRead()) {
      socket.setAutoRead(true);
    }
    return before - target.remaining();
  }
}
