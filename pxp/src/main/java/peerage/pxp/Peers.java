package peerage.pxp;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/// All peers: the connections whose application stream is there.
final class Peers {
  private final Self self;
  private final SequencedMap<PeerRef, Peer> all = new TreeMap<>();
  private final SequencedMap<String, Instant> parted = new LinkedHashMap<>();
  private final Consumer<Connection> early;

  /// @param early is told of a connection on which the application's bytes come before it has
  /// joined
  Peers(Self self, Consumer<Connection> early) {
    this.self = self;
    this.early = early;
  }

  int size() {
    return all.size();
  }

  /// How many are relays' streams, not connections of their own.
  long plain() {
    return all.values().stream().filter(Peer::isPlain).count();
  }

  /// Whether one of them is the node of this token, as far as we were told.
  boolean isKnown(Optional<String> token) {
    return token.isPresent() && all.values().stream().anyMatch(peer -> peer.token.equals(token));
  }

  Optional<Peer> at(PeerRef ref) {
    return Optional.ofNullable(all.get(ref));
  }

  /// The application parts from a peer, and shall not get it again at once.
  void part(Peer peer, String why) {
    peer.token.ifPresent(
        token -> {
          parted.remove(token);
          parted.put(token, self.in(PxpLimits.PARTED_TIME));
          if (parted.size() > PxpLimits.PARTED_MAX) {
            parted.remove(parted.firstEntry().getKey());
          }
        });
    left(peer, why);
  }

  /// Whether the application has parted from the node of this token lately.
  boolean isPartedFrom(Optional<String> token) {
    return token.map(parted::get).filter(until -> self.now().isBefore(until)).isPresent();
  }

  /// Who will use a stream as a peer once it [joins][#join].
  Peer prepare(PeerRef ref, Connection connection, String stream) {
    return new Peer(ref, connection, stream, this);
  }

  /// It is a peer from now on.
  void join(Peer peer, PeerInfo info) {
    peer.token = info.token();
    all.put(peer.ref, peer);
    self.say(new Exchange.Output.PeerJoined(peer.ref, peer.connection.link, info));
  }

  /// The other side of a stream spoke. Who accepts a connection may write before its answer to
  /// `connect`; that is as good as the answer.
  ///
  /// @return whether it is a peer
  boolean wrote(Peer peer) {
    if (!all.containsKey(peer.ref) && peer.ref.equals(peer.connection.ref)) {
      early.accept(peer.connection);
    }
    return all.containsKey(peer.ref);
  }

  void say(Exchange.Output output) {
    self.say(output);
  }

  /// It is gone.
  void left(Peer peer, String why) {
    if (all.remove(peer.ref) != null) {
      self.say(new Exchange.Output.PeerLeft(peer.ref, why));
    }
  }

  void written(PeerRef ref, ByteBuffer bytes) {
    at(ref).ifPresent(peer -> peer.connection.write(peer.stream, bytes));
  }

  void writesEnded(PeerRef ref) {
    at(ref).ifPresent(peer -> peer.connection.end(peer.stream));
  }

  void readsEnded(PeerRef ref) {
    at(ref).ifPresent(Peer::readNoMore);
  }
}
