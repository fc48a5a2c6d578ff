package peerage.pxp;

import java.time.Duration;

/// Bounds of an exchange that follow from others, or from how its parts work together. All others
/// are [PxpLimits].
final class ExchangeLimits {
  /// From the hello to the application's stream.
  static final Duration JOIN_TIME = PxpLimits.ANSWER_TIME;

  /// The answer to `incoming`, when we relay: less than [PxpLimits#ANSWER_TIME], so that the asker
  /// hears of it while it waits.
  static final Duration INVITED_TIME = PxpLimits.ANSWER_TIME.minusSeconds(2);

  /// The answer to `relay`, which costs the relay a round to the target.
  static final Duration RELAYED_TIME = PxpLimits.ANSWER_TIME.plusSeconds(2);

  /// How long an upgrade goes on without its relay once the other side's description is there: as
  /// long as a dial.
  static final Duration UPGRADE_ALONE_TIME = PxpLimits.CONNECT_TIME;

  /// How long a candidate that was named to us is of use: less than [PxpLimits#CANDIDATE_KEPT], as
  /// a JavaScript relay closes the connection when the request is late. The difference is a guess
  /// at what the messages take.
  static final Duration CANDIDATE_FRESH = PxpLimits.CANDIDATE_KEPT.minusSeconds(2);

  /// How often waiting bytes of a relay that is the application's stream move on. JS: 100 ms.
  static final Duration STREAM_RELAY_PORTION = Duration.ofMillis(100);

  /// What such a relay may let through at once after a pause, in bytes. JS: 5,000; a guess that
  /// spares short talks the wait.
  static final long STREAM_RELAY_AT_ONCE = PxpLimits.STREAM_RELAY_RATE;

  /// So little waits in such a relay: its sender goes on. A guess.
  static final long STREAM_RELAY_LOW = PxpLimits.STREAM_RELAY_WAITING_MAX / 4;

  /// So much waits though the sender was held back: besides what may wait, two of the longest
  /// frames. The relay is ended.
  static final long RELAY_WAITING_MAX =
      PxpLimits.STREAM_RELAY_WAITING_MAX + 2L * PxpLimits.FRAME_BYTES_MAX;

  /// How long the answers of other peers are waited for once the first is there. A guess: a round
  /// trip around the world.
  static final Duration MERGE_TIME = Duration.ofMillis(300);

  /// Candidates kept in one search: the answers of one round.
  static final int POOL_MAX = PxpLimits.PEERS_ASKED_MAX * PxpLimits.CANDIDATES_TAKEN_MAX;

  /// Searches at once to keep the number of peers. A guess.
  static final int KEEPING_SEARCHES_MAX = 2;

  /// A connection that lasted so long was a success: the pauses of its endpoint begin anew. A
  /// guess.
  static final Duration LASTED = Duration.ofSeconds(30);

  /// Nodes of the bootstrap that we are connected to at once, and remembered ones dialled at once.
  /// A guess: as many as are asked at once.
  static final int BOOTSTRAP_LINKS_MAX = PxpLimits.PEERS_ASKED_MAX;

  /// Addresses whose dials are counted. A guess, above what a minute of searches can reach.
  static final int DIALLED_ADDRESSES_MAX = 1024;

  /// Ids of candidates of one teller that are known to be used. A guess, above what its ids'
  /// lifetime allows.
  static final int USED_IDS_MAX = 256;

  private ExchangeLimits() {}
}
