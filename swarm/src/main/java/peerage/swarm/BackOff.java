package peerage.swarm;

import java.time.Duration;
import java.time.Instant;

/// How long a candidate is left alone after it did not become a peer, or ceased to be one.
final class BackOff {
  /// A connection that ends so soon was closed because the peer is full (guess: a full peer that
  /// still tells one list does it within 5 s).
  static final Duration TURNED_AWAY = Duration.ofSeconds(10);

  /// Each time that a peer turns us away we wait so much longer: 1, 4, 16, 64 minutes (simulated).
  private static final int LONGER = 4;

  /// Whoever gave us nothing is left alone so long, and longer each time (guess).
  static final Duration BARREN = Duration.ofMinutes(10);

  private BackOff() {}

  /// A dead one: a minute for each failure.
  static Instant afterFailure(Candidate candidate, Instant now) {
    return now.plus(capped(first(candidate), Math.max(1, candidate.failures())));
  }

  static Instant afterTurnedAway(Candidate candidate, Instant now) {
    int times = Math.max(1, Math.min(candidate.turnedAway(), 10));
    return now.plus(capped(first(candidate), (long) Math.pow(LONGER, times - 1)));
  }

  /// One that was a peer, or would have been had we had room.
  static Instant afterPeer(Candidate candidate, Instant now) {
    return now.plus(first(candidate));
  }

  private static Duration first(Candidate candidate) {
    return candidate.isNamed() ? SwarmOptions.RETRY_GIVEN : SwarmOptions.RETRY_FIRST;
  }

  private static Duration capped(Duration first, long times) {
    Duration pause = first.multipliedBy(times);
    return pause.compareTo(SwarmOptions.RETRY_MAX) < 0 ? pause : SwarmOptions.RETRY_MAX;
  }
}
