package peerage.swarm;

/// Who may know that we are in a swarm (BEP 27).
public enum Privacy {
  /// Anybody: peer exchange is offered and used.
  PUBLIC,
  /// Only the torrent's tracker: peer exchange is neither offered nor sent nor acted on.
  PRIVATE
}
