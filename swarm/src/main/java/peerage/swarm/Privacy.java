package peerage.swarm;

/// Who may know that we are in a swarm (BEP 27).
public enum Privacy {
  /// Not known yet: of a magnet, the torrent itself has to come first. As [#PUBLIC], but all that
  /// is done can be taken back.
  UNKNOWN,
  /// Anybody: peer exchange is offered and used.
  PUBLIC,
  /// Only the torrent's tracker: peer exchange is neither offered nor sent nor acted on.
  PRIVATE;

  boolean allowsExchange() {
    return this != PRIVATE;
  }
}
