package peerage.node;

import java.util.ArrayDeque;

/// Bytes per second of a growing counter, over the last few seconds. Not thread-safe.
final class RateMeter {
  private static final long WINDOW = 5_000_000_000L; // nanoseconds
  private static final long STEP = 250_000_000L;

  private record Sample(long at, long bytes) {}

  private final ArrayDeque<Sample> samples = new ArrayDeque<>();

  /// Takes a reading of the counter.
  void sample(long now, long bytes) {
    if (samples.isEmpty() || now - samples.getLast().at() >= STEP) {
      samples.addLast(new Sample(now, bytes));
    }
    while (samples.size() > 2 && now - samples.getFirst().at() > WINDOW) {
      samples.removeFirst();
    }
  }

  /// The rate since the oldest reading of the window.
  long rate(long now, long bytes) {
    Sample oldest = samples.peekFirst();
    if (oldest == null || now - oldest.at() < STEP) {
      return 0;
    }
    return (long) ((bytes - oldest.bytes()) * 1e9 / (now - oldest.at()));
  }
}
