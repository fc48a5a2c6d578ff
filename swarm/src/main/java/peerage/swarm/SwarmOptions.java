package peerage.swarm;

import java.time.Duration;

/// The bounds of one swarm.
///
/// @param maxPeers connections at most, in both directions together
/// @param maxHalfOpen dials under way at most
/// @param dialsPerSecond dials over time at most; `maxHalfOpen` of them may come at once
/// @param maxCandidates addresses in the [CandidateBook] at most
public record SwarmOptions(int maxPeers, int maxHalfOpen, int dialsPerSecond, int maxCandidates) {

  /// 100 peers (between Transmission's 50 a torrent and libtorrent's 200 in all); 50 half-open
  /// dials and 30 dials a second as libtorrent has them; 2,000 candidates (rain's number;
  /// libtorrent 3,000).
  public static final SwarmOptions DEFAULT = new SwarmOptions(100, 50, 30, 2_000);

  /// The pause before a dial that failed is repeated, once for each failure.
  static final Duration RETRY_FIRST = Duration.ofSeconds(60);

  /// The same for an address that the user or the magnet named: somebody sits there and waits.
  static final Duration RETRY_GIVEN = Duration.ofSeconds(5);

  /// No pause is longer.
  static final Duration RETRY_MAX = Duration.ofMinutes(64);

  /// After so many failures in a row a candidate that only hearsay knows is forgotten.
  static final int MAX_FAILURES = 3;

  /// @throws IllegalArgumentException unless all are at least 1
  public SwarmOptions {
    if (Math.min(Math.min(maxPeers, maxHalfOpen), Math.min(dialsPerSecond, maxCandidates)) < 1) {
      throw new IllegalArgumentException("every bound of a swarm is at least 1");
    }
  }

  /// These options with another bound on connections.
  public SwarmOptions withMaxPeers(int peers) {
    return new SwarmOptions(peers, maxHalfOpen, dialsPerSecond, maxCandidates);
  }
}
