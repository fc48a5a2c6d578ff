package peerage.swarm;

import peerage.pex.PexOffence;

/// What a teller does wrong, and what it costs of its score of [Teller#FULL_SCORE]. Chosen so that
/// no client that was seen in the wild is ever muted.
public enum Offence {
  /// Something that harms nobody: an empty message (Transmission and aria2 send them each minute or
  /// so), flags that do not match (rTorrent, rqbit send none), a list cut off, port 0
  /// (Transmission), contacts told twice (rqbit).
  ODD(0),
  /// A little under a minute after its last message (libtorrent's 59.98 s), or a few contacts over
  /// fifty (libtorrent's first hundred, µTorrent's and rTorrent's two hundred).
  NEAR_MISS(0),
  /// More messages in a minute than are read. A stalled connection delivers several at once, so six
  /// are read; libtorrent closes at the seventh, BiglyBT at more than seven in two minutes.
  TOO_OFTEN(2),
  /// A list longer than is read. First lists without a limit come from anacrolix, rain and
  /// KTorrent, once a connection; BiglyBT ignores a message of more than 250 contacts, 500 in the
  /// first.
  TOO_LONG(20),
  /// No message at all. libtorrent and bt close at the first; Transmission and aria2 never do.
  MALFORMED(30),
  /// Dozens of messages a minute: no client does it.
  FLOOD(60);

  private final int cost;

  Offence(int cost) {
    this.cost = cost;
  }

  static Offence of(PexOffence offence) {
    return switch (offence) {
      case TOO_OFTEN -> TOO_OFTEN;
      case FLOOD -> FLOOD;
      case TOO_LONG -> TOO_LONG;
      case MALFORMED -> MALFORMED;
    };
  }

  int cost() {
    return cost;
  }
}
