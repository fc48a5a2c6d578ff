package peerage.node;

import java.lang.System.Logger.Level;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Calls the listeners of one network, on a thread of their own, so that one that blocks holds up
/// no peer.
final class PxpEvents {
  private static final System.Logger LOG = System.getLogger("peerage.node");

  /// Events that may wait for a slow listener (guess).
  private static final int WAITING_MAX = 8_192;

  private final PxpThreads threads;
  private final LinkedBlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>(WAITING_MAX);
  private final CopyOnWriteArrayList<Consumer<PxpEvent>> listeners = new CopyOnWriteArrayList<>();
  private final AtomicBoolean started = new AtomicBoolean();
  private final AtomicLong lost = new AtomicLong();
  private volatile boolean closed;

  PxpEvents(PxpThreads threads) {
    this.threads = threads;
  }

  PxpNetwork.Subscription subscribe(Consumer<PxpEvent> listener) {
    listeners.add(listener);
    if (!closed && !started.getAndSet(true)) {
      threads.start("pxp events", this::run);
    }
    return () -> listeners.remove(listener);
  }

  /// Tells everybody; never blocks.
  void publish(PxpEvent event) {
    if (!listeners.isEmpty() && !closed && !waiting.offer(() -> tell(event))) {
      lost.incrementAndGet();
    }
  }

  private void tell(PxpEvent event) {
    for (Consumer<PxpEvent> listener : listeners) {
      try {
        listener.accept(event);
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "a listener threw at " + event, e);
      }
    }
  }

  private void run() {
    try {
      while (!(closed && waiting.isEmpty())) {
        waiting.take().run();
      }
    } catch (InterruptedException _) {
      closed = true; // who closes the network waits no longer
    }
  }

  /// Events that were not told.
  long lost() {
    return lost.get();
  }

  /// Tells what waits, and then nothing more.
  void close() {
    closed = true;
    waiting.offer(() -> {}); // wakes who waits; if there is no room, nobody does
  }
}
