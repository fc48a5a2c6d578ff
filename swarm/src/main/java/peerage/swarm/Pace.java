package peerage.swarm;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How fast dials, or probes, may follow each other: so many at once, then so many a second.
final class Pace {
  private final int burst;
  private final int perSecond;
  private double credit;
  private @Nullable Instant creditAt;

  Pace(int burst, int perSecond) {
    this.burst = burst;
    this.perSecond = perSecond;
    this.credit = burst;
  }

  /// How many may start now.
  int available(Instant now) {
    if (creditAt != null && now.isAfter(creditAt)) {
      double seconds = Duration.between(creditAt, now).toNanos() / 1e9;
      credit = Math.min(burst, credit + seconds * perSecond);
    }
    creditAt = now;
    return (int) credit;
  }

  void spend(int count) {
    credit -= count;
  }

  /// When another may start.
  Instant next(Instant now) {
    return available(now) >= 1 ? now : now.plusNanos((long) ((1 - credit) / perSecond * 1e9) + 1);
  }
}
