package peerage.swarm;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import peerage.peers.Link;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;
import peerage.peers.PeerId;
import peerage.pex.PexSession;
import peerage.pex.UtPex;
import peerage.wire.ExtensionHandshake;

/// A connected peer, as the [Swarm] keeps it.
final class Peer {
  final Link link;
  final Direction direction;
  final PeerAddress remote;
  final PeerId id;
  final Instant since;
  final Origin origin;
  final @Nullable PexSession session;

  /// Where it listens: what we dialled, or what it says. Null until it says.
  @Nullable PeerAddress endpoint;

  /// Whether [#endpoint] stands in the live contacts for this connection.
  boolean vouched;

  /// Whether we have said that it be closed.
  boolean closing;

  /// Whether it said who it is, and where we are, in an extension handshake.
  boolean introduced;

  /// Whether it has every piece.
  boolean seed;

  PeerFlags flags;
  String client = "";

  Peer(
      Link link,
      Direction direction,
      PeerAddress remote,
      PeerId id,
      Origin origin,
      Instant since,
      @Nullable PexSession session) {
    this.link = link;
    this.direction = direction;
    this.remote = remote;
    this.id = id;
    this.origin = origin;
    this.since = since;
    this.session = session;
    this.flags =
        direction == Direction.OUTGOING ? PeerFlags.NONE.with(PeerFlags.REACHABLE) : PeerFlags.NONE;
  }

  /// Flags come from what the peer itself said or did, never from hearsay. What a later handshake
  /// leaves out stays as it was.
  ///
  /// @return its flags by what it says
  PeerFlags learn(ExtensionHandshake handshake) {
    handshake.client().ifPresent(name -> client = name);
    PeerFlags learned = flags;
    if (handshake.prefersEncryption()) {
      learned = learned.with(PeerFlags.PREFERS_ENCRYPTION);
    }
    if (handshake.uploadOnly().isPresent() && !seed) {
      learned = set(learned, PeerFlags.UPLOAD_ONLY, handshake.uploadOnly().get());
    }
    Integer holepunch = handshake.extensions().get("ut_holepunch");
    return holepunch == null ? learned : set(learned, PeerFlags.HOLEPUNCH, holepunch != 0);
  }

  private static PeerFlags set(PeerFlags flags, int flag, boolean on) {
    return on ? flags.with(flag) : new PeerFlags(flags.bits() & ~flag);
  }

  static OptionalInt pexId(ExtensionHandshake handshake) {
    Integer id = handshake.extensions().get(UtPex.NAME);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /// Where it listens if we know, else the far end of its connection.
  PeerAddress name() {
    return endpoint != null ? endpoint : remote;
  }

  PeerView view() {
    return new PeerView(
        link,
        name(),
        direction,
        origin,
        id,
        client.isEmpty() ? id.client() : client,
        flags,
        session != null && session.isOn(),
        since);
  }

  Optional<PexSession> session() {
    return Optional.ofNullable(session);
  }
}
