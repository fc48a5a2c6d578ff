package peerage.node;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What waits to be sent over one link, and whether the link still takes and sends anything.
/// Thread-safe.
final class PxpSendQueue {
  /// Bytes that may wait to be sent while the application adds more (guess).
  static final int ROOM = 1 << 20;

  /// The same when all links together have more than [#ALL_LINKS_MANY].
  static final int LITTLE_ROOM = 64 * 1024;

  /// So much waiting on all links is a lot of memory (guess).
  static final long ALL_LINKS_MANY = 128L << 20;

  /// With so much waiting, the other side does not read (guess: four of the longest frames beyond
  /// what the application may add).
  static final int QUEUE_MAX = 8 << 20;

  private enum State {
    OPEN,
    FINISHING,
    CLOSED
  }

  private final PxpCounters counters;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition room = lock.newCondition();
  private final ArrayDeque<ByteBuffer> queue = new ArrayDeque<>();
  private State state = State.OPEN;
  private @Nullable String closedBecause;
  private long queued;
  private long reserved;
  private long sent;

  /// @param counters what all links of the network count
  PxpSendQueue(PxpCounters counters) {
    this.counters = counters;
  }

  /// Adds bytes; never blocks. Drops them if it is not open.
  ///
  /// @return false if so much waits that the other side does not read
  boolean add(List<ByteBuffer> bytes) {
    lock.lock();
    try {
      if (state != State.OPEN) {
        return true;
      }
      long size = 0;
      for (ByteBuffer each : bytes) {
        queue.addLast(each);
        size += each.remaining();
      }
      queued += size;
      counters.queued.addAndGet(size);
      work.signal();
      return queued <= QUEUE_MAX;
    } finally {
      lock.unlock();
    }
  }

  /// Takes nothing more; what waits is still sent.
  ///
  /// @return whether it was open
  boolean finish(String why) {
    lock.lock();
    try {
      if (state != State.OPEN) {
        return false;
      }
      state = State.FINISHING;
      closedBecause = why;
      room.signalAll();
      work.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Takes and sends nothing more.
  ///
  /// @return whether it was not closed yet
  boolean close(String why) {
    lock.lock();
    try {
      if (state == State.CLOSED) {
        return false;
      }
      if (closedBecause == null) {
        closedBecause = why;
      }
      state = State.CLOSED;
      counters.queued.addAndGet(-queued);
      queued = 0;
      queue.clear();
      room.signalAll();
      work.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  boolean isOpen() {
    return isIn(State.OPEN);
  }

  boolean isFinishing() {
    return isIn(State.FINISHING);
  }

  boolean isClosed() {
    return isIn(State.CLOSED);
  }

  private boolean isIn(State one) {
    lock.lock();
    try {
      return state == one;
    } finally {
      lock.unlock();
    }
  }

  /// Why it was finished or closed first.
  String reason(String otherwise) {
    lock.lock();
    try {
      return closedBecause == null ? otherwise : closedBecause;
    } finally {
      lock.unlock();
    }
  }

  /// Waits for room and takes some of it, until [#unreserve(int)].
  ///
  /// @return false if there is no room within that time
  /// @throws InterruptedIOException if interrupted; the flag stays set
  /// @throws IOException if it is not open
  boolean reserve(int bytes, Duration time) throws IOException {
    long nanos = time.toNanos();
    lock.lock();
    try {
      while (state == State.OPEN && queued + reserved > roomNow() && nanos > 0) {
        nanos = room.awaitNanos(nanos);
      }
      if (state != State.OPEN) {
        throw new IOException("the connection is closed: " + closedBecause);
      }
      reserved += nanos > 0 ? bytes : 0;
      return nanos > 0;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting to write");
    } finally {
      lock.unlock();
    }
  }

  private int roomNow() {
    return counters.queued.get() > ALL_LINKS_MANY ? LITTLE_ROOM : ROOM;
  }

  void unreserve(int bytes) {
    lock.lock();
    try {
      reserved -= bytes;
      room.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Waits for something to send.
  ///
  /// @return false if there never will be
  boolean fill(WriteBatch batch) {
    lock.lock();
    try {
      while (state == State.OPEN && queue.isEmpty()) {
        work.awaitUninterruptibly();
      }
      return batch.takeFrom(queue);
    } finally {
      lock.unlock();
    }
  }

  /// So much of what was taken has left.
  void written(long size) {
    lock.lock();
    try {
      if (state != State.CLOSED) { // which has counted it already
        queued -= size;
        counters.queued.addAndGet(-size);
        sent += size;
        room.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /// How many bytes have left.
  long sent() {
    lock.lock();
    try {
      return sent;
    } finally {
      lock.unlock();
    }
  }
}
