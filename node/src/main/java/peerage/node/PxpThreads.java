package peerage.node;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The virtual threads of one network that serve one purpose: started here, so that closing can end
/// every one of them.
final class PxpThreads {
  private static final System.Logger LOG = System.getLogger("peerage.node");

  private final Set<Thread> running = ConcurrentHashMap.newKeySet();

  /// Starts one.
  Thread start(String name, Runnable task) {
    Thread thread = Thread.ofVirtual().name(name).unstarted(() -> run(name, task));
    running.add(thread);
    thread.start();
    return thread;
  }

  private void run(String name, Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error bug) {
      LOG.log(Level.ERROR, "the thread " + name + " met a bug", bug);
    } finally {
      running.remove(Thread.currentThread());
    }
  }

  /// How many have not ended.
  int count() {
    return running.size();
  }

  boolean isOwn(Thread thread) {
    return running.contains(thread);
  }

  /// Interrupts all but the caller's.
  void interruptAll() {
    for (Thread thread : running) {
      if (!thread.equals(Thread.currentThread())) {
        thread.interrupt();
      }
    }
  }

  /// Waits for all but the caller's to end.
  ///
  /// @param deadline by [System#nanoTime()]
  /// @return whether they have
  boolean join(long deadline) throws InterruptedException {
    boolean ended = true;
    for (Thread thread : running) {
      ended &= thread.equals(Thread.currentThread()) || join(thread, deadline - System.nanoTime());
    }
    return ended;
  }

  private static boolean join(Thread thread, long nanos) throws InterruptedException {
    return thread.join(Duration.ofNanos(Math.max(1, nanos)));
  }
}
