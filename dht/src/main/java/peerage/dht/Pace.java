package peerage.dht;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How many may pass in a time: a bucket that fills at a steady rate, and holds so many at most.
final class Pace {
  private static final double NANOS = 1e9;

  private final double perSecond;
  private final double burst;
  private double left;
  private @Nullable Instant counted;

  Pace(double perSecond, double burst) {
    this.perSecond = perSecond;
    this.burst = burst;
    this.left = burst;
  }

  /// Lets one pass, or not.
  boolean allows(Instant now) {
    refill(now);
    if (left < 1) {
      return false;
    }
    left--;
    return true;
  }

  /// When the next one may pass.
  Instant readyAt(Instant now) {
    refill(now);
    return left >= 1 ? now : now.plusNanos((long) Math.ceil((1 - left) / perSecond * NANOS));
  }

  private void refill(Instant now) {
    if (counted != null && now.isAfter(counted)) {
      double seconds = Duration.between(counted, now).toNanos() / NANOS;
      left = Math.min(burst, left + seconds * perSecond);
    }
    if (counted == null || now.isAfter(counted)) {
      counted = now;
    }
  }
}
