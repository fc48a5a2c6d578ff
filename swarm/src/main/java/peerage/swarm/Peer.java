package peerage.swarm;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import peerage.peers.IpAddress;
import peerage.peers.Link;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;
import peerage.peers.PeerId;
import peerage.pex.Departure;
import peerage.pex.PexSession;
import peerage.pex.Remote;
import peerage.pex.UtPex;
import peerage.wire.ExtensionHandshake;
import peerage.wire.MetadataMessage;

/// A connected peer, as the [Swarm] keeps it.
final class Peer {
  final Link link;
  final Direction direction;
  final PeerAddress remote;
  final PeerId id;
  final Instant since;
  final Origin origin;
  @Nullable PexSession session;

  /// Where it listens: what we dialled, or what it says. Null until it says.
  @Nullable PeerAddress endpoint;

  /// How we know [#endpoint].
  Evidence evidence = Evidence.HEARSAY;

  /// How often it was tried to confirm where it listens.
  int probes;

  /// Whether [#endpoint] stands in the contact log for this connection.
  boolean vouched;

  /// Whether we have said that it be closed.
  boolean closing;

  /// Whether it is here only to be told of others, see [Door].
  boolean visitor;

  /// When we let it go; null to keep it.
  @Nullable Instant leaveAt;

  /// Why we close it, or let it go.
  Departure departure = Departure.OTHER;

  /// Whether we close it because nothing came of it.
  boolean barren;

  /// When it last took something of us.
  @Nullable Instant servedAt;

  /// When it last sent us something that we wanted.
  @Nullable Instant suppliedAt;

  /// Whether we offered it peer exchange.
  boolean wasOffered;

  /// Whether it told us of others, and was believed.
  boolean hasToldUs;

  /// Whether it said who it is, and where we are, in an extension handshake.
  boolean introduced;

  /// Whether it says that it can give the torrent's metadata (BEP 9).
  boolean hasMetadata;

  /// Whether it has every piece.
  boolean seed;

  /// Its address in the other family, as it says.
  @Nullable IpAddress otherIp;

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
    this.wasOffered = session != null;
    this.flags =
        direction == Direction.OUTGOING ? PeerFlags.NONE.with(PeerFlags.REACHABLE) : PeerFlags.NONE;
  }

  /// Flags come from what the peer itself said or did, never from hearsay. What a later handshake
  /// leaves out stays as it was.
  ///
  /// @return its flags by what it says
  PeerFlags learn(ExtensionHandshake handshake) {
    handshake.client().ifPresent(name -> client = name);
    handshake.otherIp(remote.family()).ifPresent(ip -> otherIp = ip);
    if (handshake.extensions().getOrDefault(MetadataMessage.NAME, 0) != 0) {
      hasMetadata |= handshake.metadataSize().isPresent();
    }
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

  /// Where it says that it listens in the other family (BEP 10): on one port in both.
  Optional<PeerAddress> alias() {
    return endpoint == null || otherIp == null
        ? Optional.empty()
        : Optional.of(new PeerAddress(otherIp, endpoint.port()));
  }

  /// What telling it depends on.
  Remote known() {
    Remote known = Remote.at(remote.ip());
    if (endpoint != null) {
      known = known.listeningAt(endpoint);
    }
    if (otherIp != null) {
      known = known.alsoAt(otherIp);
    }
    return isSeeding() ? known.with(Remote.Interest.SEED) : known;
  }

  /// Whether it wants nothing, by what it has or says.
  boolean isSeeding() {
    return seed || flags.has(PeerFlags.UPLOAD_ONLY);
  }

  /// Whether its time here is counted.
  boolean isLeaving() {
    return closing || visitor || leaveAt != null;
  }

  /// Whether it has been here for so long that it may be let go in favour of others. Never, if it
  /// is leaving already or the user named it.
  boolean mayGoAfter(Duration age, Instant now) {
    return !isLeaving() && !(origin instanceof Origin.Given) && !now.isBefore(since.plus(age));
  }

  /// Whether it sent us something that we wanted so lately.
  boolean supplied(Duration lately, Instant now) {
    return suppliedAt != null && now.isBefore(suppliedAt.plus(lately));
  }

  /// Whether it took something of us so lately.
  boolean wasServed(Duration lately, Instant now) {
    return servedAt != null && now.isBefore(servedAt.plus(lately));
  }

  /// It is let go at that time, or sooner if that was said before.
  void leave(Instant at, Departure why) {
    if (leaveAt == null || at.isBefore(leaveAt)) {
      leaveAt = at;
    }
    departure = why;
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
        evidence,
        session != null && session.isOn(),
        since);
  }

  Optional<PexSession> session() {
    return Optional.ofNullable(session);
  }
}
