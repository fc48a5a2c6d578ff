package peerage.webrtc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Messages that have come and wait for the application: filled by a thread of the native library,
/// emptied by one reader that may block.
final class Arrivals {
  private final long max;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<ByteBuffer> waiting = new ArrayDeque<>();
  private long cost;
  private boolean ended;
  private @Nullable IOException failure;

  /// @param max how many bytes may wait, with [Limits#MESSAGE_COST] for each message
  Arrivals(long max) {
    this.max = max;
  }

  /// Copies a message.
  ///
  /// @return whether there was room; if not, this is the end
  boolean add(ByteBuffer message) {
    lock.lock();
    try {
      if (ended || !message.hasRemaining()) {
        return true;
      }
      cost += costOf(message.remaining());
      if (cost > max) {
        ended = true;
        failure =
            new IOException("what came was not read, until more than " + max + " bytes waited");
      } else {
        var copy = new byte[message.remaining()];
        message.get(copy);
        waiting.add(ByteBuffer.wrap(copy));
      }
      changed.signal();
      return failure == null;
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

  /// Nothing more comes, and what waits is given up.
  void abandon(IOException why) {
    lock.lock();
    try {
      ended = true;
      failure = why;
      waiting.clear();
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
      ByteBuffer first = waiting.element();
      int count = Math.min(target.remaining(), first.remaining());
      target.put(target.position(), first, first.position(), count);
      target.position(target.position() + count);
      first.position(first.position() + count);
      if (!first.hasRemaining()) {
        cost -= costOf(waiting.remove().capacity());
      }
    }
    return before - target.remaining();
  }

  private static long costOf(int bytes) {
    return (long) bytes + Limits.MESSAGE_COST;
  }
}
