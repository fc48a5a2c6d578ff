package peerage.pxp;

/// How many connections there may be, and what becomes of those for which there is no room: a few
/// may visit, to ask for peers and to use us as their relay, and are closed after that.
final class Room {
  private final Parts parts;

  Room(Parts parts) {
    this.parts = parts;
  }

  /// Whether one more connection may be made or accepted.
  boolean isThere() {
    long plain = parts.peers.plain();
    int connections = parts.connections.size() - parts.connections.visitors();
    return connections + plain + parts.attempts.size() < parts.self.options.peersMax();
  }

  /// Whether one more may visit.
  boolean isThereForVisitor() {
    return parts.connections.visitors() < PxpLimits.VISITORS_MAX;
  }

  /// Lets visitors stay that wait for room, in the order of their coming.
  void admit() {
    while (parts.connections.visitors() > 0 && isThere()) {
      parts.connections.all().stream()
          .filter(connection -> connection.visits)
          .findFirst()
          .ifPresent(parts.joining::admit);
    }
  }
}
