package peerage.swarm;

/// Why a dial did not become a connection.
public enum DialFailure {
  /// Nobody listens there.
  REFUSED("refused"),
  /// No answer in time.
  TIMED_OUT("no answer"),
  /// There is no way there: no route, no permission.
  UNREACHABLE("unreachable"),
  /// Somebody listens, but it closed or said no BitTorrent handshake in time.
  NO_HANDSHAKE("no handshake"),
  /// It speaks BitTorrent, about another torrent.
  OTHER_TORRENT("another torrent"),
  /// It is a peer that we are connected to under another address.
  ANOTHER_ADDRESS("a second address of a peer");

  private final String words;

  DialFailure(String words) {
    this.words = words;
  }

  /// In words, to follow "dial failed:".
  @Override
  public String toString() {
    return words;
  }
}
