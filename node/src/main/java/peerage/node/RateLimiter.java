package peerage.node;

import java.util.concurrent.locks.LockSupport;

/// Holds a byte rate by making the threads that move the bytes wait, in the order in which they
/// came.
final class RateLimiter {
  /// Idle time is not saved up beyond this, in nanoseconds, so that no burst follows a pause.
  private static final long MAX_SAVED = 100_000_000;

  private volatile long bytesPerSecond;
  private long freeAt = System.nanoTime();

  /// @param bytesPerSecond 0 for no limit
  RateLimiter(long bytesPerSecond) {
    limit(bytesPerSecond);
  }

  /// Changes the rate; 0 for no limit.
  final void limit(long newBytesPerSecond) {
    if (newBytesPerSecond < 0) {
      throw new IllegalArgumentException("a rate is not negative: " + newBytesPerSecond);
    }
    bytesPerSecond = newBytesPerSecond;
  }

  /// Whether there is a limit.
  boolean isLimited() {
    return bytesPerSecond > 0;
  }

  /// Waits until so many bytes may be moved.
  void acquire(int bytes) {
    long rate = bytesPerSecond;
    if (rate == 0) {
      return;
    }
    long at = reserve(bytes, rate);
    for (long wait = at - System.nanoTime(); wait > 0; wait = at - System.nanoTime()) {
      LockSupport.parkNanos(wait);
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
    }
  }

  private synchronized long reserve(int bytes, long rate) {
    long at = Math.max(freeAt, System.nanoTime() - MAX_SAVED);
    freeAt = at + (long) (bytes * 1e9 / rate);
    return at;
  }
}
