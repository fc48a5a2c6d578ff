package peerage.swarm;

/// Who dialled.
public enum Direction {
  /// We did.
  OUTGOING,
  /// The peer did.
  INCOMING
}
