package peerage.swarm;

/// How we know where a peer listens. The better comes later; only what is at least [#CONFIRMED] is
/// told to others.
public enum Evidence {
  /// Others say so.
  HEARSAY,
  /// The peer says so itself: its address is proved by its connection, its port is not.
  CLAIMED,
  /// The peer says so, and a connection to there was taken, or somebody independent says the same.
  CONFIRMED,
  /// We dialled it there, and it shook hands.
  VERIFIED;

  boolean isEnoughToTell() {
    return compareTo(CONFIRMED) >= 0;
  }
}
