package peerage.pxp;

import java.time.Instant;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// What is due, and when. Whoever waits for a time holds an [Alarm] and sets it; an alarm that goes
/// off too early is harmless.
final class Agenda {
  private final PriorityQueue<Entry> entries = new PriorityQueue<>();
  private long entered;

  /// One who waits.
  final class Alarm {
    private final Due due;
    private @Nullable Instant set;

    private Alarm(Due due) {
      this.due = due;
    }

    /// Goes off at this time or sooner; never later than it was set for before.
    void by(Instant when) {
      if (set == null || when.isBefore(set)) {
        set = when;
        entries.add(new Entry(when, entered++, this));
      }
    }

    /// Goes off no more.
    void off() {
      set = null;
    }
  }

  /// What happens when an alarm goes off; it sets the alarm anew if it still waits.
  interface Due {
    void at(Instant now);
  }

  private record Entry(Instant when, long order, Alarm alarm) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      int byTime = when.compareTo(other.when);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }

    boolean isStale() {
      return !when.equals(alarm.set);
    }
  }

  /// A new alarm, not set.
  Alarm alarm(Due due) {
    return new Alarm(due);
  }

  /// Lets everything go off that is due.
  void run(Instant now) {
    for (Entry next = next(); next != null && !next.when.isAfter(now); next = next()) {
      entries.remove();
      next.alarm.set = null;
      next.alarm.due.at(now);
    }
  }

  /// When the next alarm goes off.
  Optional<Instant> nextDeadline() {
    Entry next = next();
    return next == null ? Optional.empty() : Optional.of(next.when);
  }

  /// How many alarms are set, stale ones that nobody has met yet included.
  int size() {
    return entries.size();
  }

  private @Nullable Entry next() {
    Entry next = entries.peek();
    while (next != null && next.isStale()) {
      entries.remove();
      next = entries.peek();
    }
    return next;
  }
}
