package peerage.pieces;

import java.time.Duration;
import java.time.Instant;

/// Bytes per second over the last seconds, in one bucket per second.
final class Rate {
  /// The longest span, in seconds. BEP 3: "the current implementation … uses a rolling 20-second
  /// average".
  static final int LONG = 20;

  /// A span that follows changes, in seconds.
  static final int SHORT = 5;

  private final long[] buckets = new long[LONG];
  private final Instant start;
  private long second;

  Rate(Instant start) {
    this.start = start;
    this.second = start.getEpochSecond();
  }

  void add(int bytes, Instant now) {
    advance(now);
    buckets[bucket(second)] += bytes;
  }

  /// @param span in seconds, up to [#LONG], or as long as it has been running, but at least one
  long perSecond(int span, Instant now) {
    advance(now);
    long sum = 0;
    for (long i = second; i > second - span; i--) {
      sum += buckets[bucket(i)];
    }
    long spanned = now.toEpochMilli() - (second - span + 1) * 1000;
    long running = Duration.between(start, now).toMillis();
    return sum * 1000 / Math.max(1000, Math.min(spanned, running));
  }

  private void advance(Instant now) {
    long current = now.getEpochSecond();
    for (long skipped = Math.max(second, current - LONG) + 1; skipped <= current; skipped++) {
      buckets[bucket(skipped)] = 0;
    }
    second = Math.max(second, current);
  }

  private static int bucket(long second) {
    return Math.floorMod(second, LONG);
  }
}
