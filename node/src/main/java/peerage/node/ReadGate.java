package peerage.node;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Whether a connection is read on: not while anybody holds it back, nor while the loop is behind.
/// Thread-safe.
final class ReadGate {
  /// Bytes that were read and that the loop has not come to yet (guess).
  private static final int IN_FLIGHT_MAX = 512 * 1024;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition readable = lock.newCondition();
  private final Set<Object> holders = new HashSet<>();
  private int inFlight;
  private boolean open;

  /// Reads no more until the holder releases it.
  void hold(Object holder) {
    lock.lock();
    try {
      holders.add(holder);
    } finally {
      lock.unlock();
    }
  }

  void release(Object holder) {
    lock.lock();
    try {
      if (holders.remove(holder)) {
        readable.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /// The loop was given bytes.
  void passed(int bytes) {
    lock.lock();
    try {
      inFlight += bytes;
    } finally {
      lock.unlock();
    }
  }

  /// The loop is done with bytes.
  void handled(int bytes) {
    lock.lock();
    try {
      inFlight -= bytes;
      readable.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Nothing holds it back from now on: what comes is dropped.
  void open() {
    lock.lock();
    try {
      open = true;
      readable.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until reading makes sense.
  void await() {
    lock.lock();
    try {
      while (!open && (!holders.isEmpty() || inFlight > IN_FLIGHT_MAX)) {
        readable.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }
}
