package peerage.swarm;

/// What a connection is worth when there is not room for all: first that its network has no more
/// than its share, then canonical peer priority (BEP 40). One number, higher is better.
final class Standing {
  /// More than the highest priority.
  private static final long BEYOND_RANK = 1L << 33;

  private Standing() {}

  /// @param rank canonical peer priority, below 2^32
  /// @param over by how many the network is over its share
  static long of(long rank, int over) {
    return rank - over * BEYOND_RANK;
  }
}
