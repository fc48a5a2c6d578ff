package peerage.swarm;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// So many at once, and so many a second.
final class Allowance {
  private final int burst;
  private final double perSecond;
  private double left;
  private @Nullable Instant at;

  Allowance(int burst, double perSecond) {
    this.burst = burst;
    this.perSecond = perSecond;
    this.left = burst;
  }

  /// Returns whether one more is allowed, and takes it.
  boolean take(Instant now) {
    refill(now);
    if (left < 1) {
      return false;
    }
    left--;
    return true;
  }

  /// When one more will be allowed.
  Instant next(Instant now) {
    refill(now);
    return left >= 1 ? now : now.plusNanos((long) ((1 - left) / perSecond * 1e9) + 1);
  }

  private void refill(Instant now) {
    if (at != null && now.isAfter(at)) {
      left = Math.min(burst, left + Duration.between(at, now).toNanos() / 1e9 * perSecond);
    }
    at = at == null || now.isAfter(at) ? now : at;
  }
}
