package peerage.swarm;

/// What became of a connection that was opened only to see whether somebody takes it.
public enum Probe {
  /// It was taken.
  OPEN,
  /// It was refused, or nobody answered.
  CLOSED
}
