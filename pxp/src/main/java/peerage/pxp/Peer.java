package peerage.pxp;

import java.nio.ByteBuffer;
import java.util.Optional;

/// The application's stream to another node: a stream `data:…` of a connection to it, or a relay's
/// stream that is used as it is.
final class Peer implements StreamUser {
  final PeerRef ref;
  final Connection connection;
  final String stream;

  /// The node's, if it or who introduced it named one.
  Optional<String> token = Optional.empty();

  private final Peers peers;
  private boolean read = true;

  Peer(PeerRef ref, Connection connection, String stream, Peers peers) {
    this.ref = ref;
    this.connection = connection;
    this.stream = stream;
    this.peers = peers;
  }

  /// Whether it is a relay's stream, not that of a connection of its own.
  boolean isPlain() {
    return !ref.equals(connection.ref);
  }

  /// The application does not read any more: what comes is dropped, and stops nobody.
  void readNoMore() {
    read = false;
  }

  @Override
  public void data(ByteBuffer bytes, Exchange.Part part) {
    if (peers.wrote(this) && read) {
      peers.say(new Exchange.Output.StreamBytes(ref, bytes, part));
    }
  }

  @Override
  public void ended() {
    if (peers.wrote(this)) {
      peers.say(new Exchange.Output.StreamEnded(ref));
    }
  }

  @Override
  public void lost(String why) {
    peers.left(this, why);
  }
}
