package peerage.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/// The virtual clock, and what is to happen when. What is due at the same time happens in the order
/// in which it was entered.
final class Agenda {
  private record Entry(Instant at, long order, Runnable action) {}

  private final PriorityQueue<Entry> entries =
      new PriorityQueue<>(Comparator.comparing(Entry::at).thenComparingLong(Entry::order));
  private Instant now = Instant.EPOCH;
  private long order;

  Instant now() {
    return now;
  }

  /// What is late happens now.
  void at(Instant at, Runnable action) {
    entries.add(new Entry(at.isBefore(now) ? now : at, order++, action));
  }

  void in(Duration time, Runnable action) {
    at(now.plus(time), action);
  }

  /// Lets so much time pass.
  void run(Duration time) {
    Instant until = now.plus(time);
    while (!entries.isEmpty() && !entries.peek().at().isAfter(until)) {
      Entry next = entries.remove();
      now = next.at();
      next.action().run();
    }
    now = until;
  }
}
