package peerage.cli;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import peerage.node.PxpNetwork;

/// Waits until what was written to peers that were parted from is out, however slowly they read.
final class Farewell {
  /// So long nothing may move (guess): the other side has been stopped, or its line is dead.
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final Duration PAUSE = Duration.ofMillis(5);

  private final PxpNetwork network;

  Farewell(PxpNetwork network) {
    this.network = network;
  }

  void await() {
    long moved = network.stats().bytesOut();
    long since = System.nanoTime();
    while (network.stats().connections() > 0
        && System.nanoTime() - since < PATIENCE.toNanos()
        && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(PAUSE.toNanos());
      if (network.stats().bytesOut() != moved) {
        moved = network.stats().bytesOut();
        since = System.nanoTime();
      }
    }
  }
}
