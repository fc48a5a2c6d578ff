package peerage.node;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import peerage.announce.Announcer;
import peerage.swarm.ExchangeView;

/// When a swarm that has too few peers would have its trackers asked out of turn, and whether peer
/// exchange makes that needless. The [Announcer] keeps manners all the same: never before a
/// tracker's `min interval`.
final class PeerAppeals {
  /// Who is connected to so many wants no more for now (guess: as many as healthy swarms keep).
  static final int ENOUGH = 8;

  /// How often who has nobody appeals.
  private static final Duration ALONE = Duration.ofSeconds(30);

  /// How soon who has few appeals again; then after twice as long…
  private static final Duration FIRST = Duration.ofMinutes(1);

  /// …and this at most: a small swarm is not to be announced for ever at short intervals.
  private static final Duration LAST = Duration.ofMinutes(32);

  private Instant next = Instant.MIN;
  private Duration pause = FIRST;

  /// What to say to the announcer now, if anything.
  ///
  /// @param peers connected
  /// @param exchange asked only if it matters
  Optional<Announcer.Input> due(int peers, Supplier<ExchangeView> exchange, Instant now) {
    if (peers >= ENOUGH) {
      pause = FIRST;
      return Optional.empty();
    }
    if (now.isBefore(next)) {
      return Optional.empty();
    }
    if (peers == 0) {
      next = now.plus(ALONE);
      return Optional.of(new Announcer.Input.PeersWanted());
    }
    next = now.plus(pause);
    pause = pause.compareTo(LAST) < 0 ? pause.multipliedBy(2) : LAST;
    return Optional.of(
        exchange.get().isHealthy()
            ? new Announcer.Input.PeersExchanged()
            : new Announcer.Input.PeersWanted());
  }
}
