package peerage.pxp;

import java.time.Duration;
import java.time.Instant;

/// How many control messages one side may send: so many at once, and so many a second after that.
final class MessageAllowance {
  private static final Duration EACH =
      Duration.ofSeconds(1).dividedBy(PxpLimits.MESSAGES_PER_SECOND);
  private static final Duration ALL = EACH.multipliedBy(PxpLimits.MESSAGES_AT_ONCE);

  /// When the allowance will be full again, if nothing more comes.
  private Instant full;

  MessageAllowance(Instant now) {
    this.full = now;
  }

  /// Whether one more may come.
  boolean take(Instant now) {
    Instant from = full.isBefore(now) ? now : full;
    full = from.plus(EACH);
    return !full.isAfter(now.plus(ALL));
  }
}
