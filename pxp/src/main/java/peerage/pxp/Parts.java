package peerage.pxp;

/// The parts of an exchange that others build on.
final class Parts {
  final Self self;
  final Connections connections;
  final Peers peers;
  final Attempts attempts;
  final Joining joining;
  final Room room;

  Parts(Self self, Connections.Listener listener) {
    this.self = self;
    this.connections = new Connections(self, listener);
    this.peers = new Peers(self, this::early);
    this.attempts = new Attempts(self);
    this.joining = new Joining(self, connections, peers);
    this.room = new Room(this);
  }

  private void early(Connection connection) {
    joining.joined(connection);
  }
}
