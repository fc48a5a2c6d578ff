package peerage.swarm;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import peerage.peers.IpAddress;

/// Whom a full peer takes in as a visitor: to shake hands, be told one list of contacts, and be let
/// go. This decides whether a swarm without a tracker takes newcomers in at all; a full peer that
/// only closes leaves them outside.
///
/// Bounded in number, rate and time, so that it is no way to occupy us.
final class Door {
  /// Visitors at once, and in a minute (simulated: enough for a thousand peers that change hourly).
  static final int MAX_AT_ONCE = 16;

  static final int MAX_PER_MINUTE = 60;

  /// How long a visitor may stay, whether or not it says what we need to know.
  static final Duration STAY = Duration.ofSeconds(5);

  /// How long after its list it is let go. The list has long left then, and what the visitor has to
  /// tell has come.
  static final Duration AFTER_TELLING = Duration.ofSeconds(1);

  /// One address is let in again after so long (guess: longer than a stay).
  static final Duration SAME_AGAIN = Duration.ofSeconds(10);

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private record Visit(IpAddress ip, Instant at) {}

  private final ArrayDeque<Visit> visits = new ArrayDeque<>();

  /// Returns whether a visitor is let in, and counts it.
  ///
  /// @param inside visitors that are there
  boolean letsIn(IpAddress ip, int inside, Instant now) {
    while (!visits.isEmpty() && !visits.getFirst().at().isAfter(now.minus(MINUTE))) {
      visits.removeFirst();
    }
    if (inside >= MAX_AT_ONCE || visits.size() >= MAX_PER_MINUTE || wasHere(ip, now)) {
      return false;
    }
    visits.addLast(new Visit(ip, now));
    return true;
  }

  private boolean wasHere(IpAddress ip, Instant now) {
    Instant since = now.minus(SAME_AGAIN);
    return !ip.isLoopback()
        && visits.stream().anyMatch(visit -> visit.ip().equals(ip) && visit.at().isAfter(since));
  }
}
