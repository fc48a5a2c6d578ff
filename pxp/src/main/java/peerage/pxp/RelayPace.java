package peerage.pxp;

import java.time.Duration;
import java.time.Instant;

/// How fast one direction of a relay may go: signalling at once, an application's stream at a
/// steady rate.
final class RelayPace {
  private static final long NANOS = 1_000_000_000L;

  /// The longest frame is paid long before.
  private static final Duration LONGEST_DEBT = Duration.ofHours(1);

  private final boolean limited;
  private long allowed = ExchangeLimits.STREAM_RELAY_AT_ONCE;
  private Instant counted = Instant.EPOCH;

  RelayPace(boolean limited) {
    this.limited = limited;
  }

  /// Whether one more write may pass now.
  boolean isOpen(Instant now) {
    if (limited) {
      refill(now);
    }
    return !limited || allowed > 0;
  }

  private void refill(Instant now) {
    Duration since = Duration.between(counted, now);
    long nanos = since.compareTo(LONGEST_DEBT) < 0 ? since.toNanos() : LONGEST_DEBT.toNanos();
    long gained = nanos * PxpLimits.STREAM_RELAY_RATE / NANOS;
    if (gained > 0) {
      allowed = Math.min(ExchangeLimits.STREAM_RELAY_AT_ONCE, allowed + gained);
      counted = now;
    }
  }

  /// So much has passed: the next waits until it is paid.
  void passed(long bytes) {
    allowed -= bytes;
  }
}
