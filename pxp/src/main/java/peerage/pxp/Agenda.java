package peerage.pxp;

import java.time.Instant;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What is due, and when. Whoever waits for a time holds an [Alarm] and sets it; an alarm that goes
/// off too early is harmless.
final class Agenda {
  private final SortedSet<Entry> entries = new TreeSet<>();
  private long entered;

  /// One who waits.
  final class Alarm {
    private final Due due;
    private @Nullable Entry set;

    private Alarm(Due due) {
      this.due = due;
    }

    /// Goes off at this time or sooner; never later than it was set for before.
    void by(Instant when) {
      if (set == null || when.isBefore(set.when)) {
        off();
        set = new Entry(when, entered++, this);
        entries.add(set);
      }
    }

    /// Goes off no more, and holds on to nobody.
    void off() {
      if (set != null) {
        entries.remove(set);
        set = null;
      }
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
  }

  /// A new alarm, not set.
  Alarm alarm(Due due) {
    return new Alarm(due);
  }

  /// Lets everything go off that is due.
  void run(Instant now) {
    while (!entries.isEmpty() && !entries.first().when.isAfter(now)) {
      Alarm alarm = entries.first().alarm;
      alarm.off();
      alarm.due.at(now);
    }
  }

  /// When the next alarm goes off.
  Optional<Instant> nextDeadline() {
    return entries.isEmpty() ? Optional.empty() : Optional.of(entries.first().when);
  }
}
