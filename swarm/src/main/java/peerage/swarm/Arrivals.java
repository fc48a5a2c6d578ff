package peerage.swarm;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator.SplittableGenerator;
import org.jspecify.annotations.Nullable;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;
import peerage.peers.PeerId;
import peerage.pex.Departure;
import peerage.pex.PexSession;
import peerage.pex.Remote;
import peerage.wire.Handshake;

/// Takes in connections: which of two with the same peer stays, who gets in when we are full, and
/// what a dial taught us even if its connection cannot stay.
final class Arrivals {
  private final PeerId ourId;
  private final CandidateBook book;
  private final PeerTable peers;
  private final Judge judge;
  private final Admission admission;
  private final Hearing hearing;
  private final Gossip gossip;
  private final Dialling dialling;
  private final Departures departures;
  private final Outbox out;
  private final SplittableGenerator random;

  /// @param random split once for each connection
  Arrivals(
      PeerId ourId,
      CandidateBook book,
      PeerTable peers,
      Judge judge,
      Admission admission,
      Hearing hearing,
      Gossip gossip,
      Dialling dialling,
      Departures departures,
      Outbox out,
      SplittableGenerator random) {
    this.ourId = ourId;
    this.book = book;
    this.peers = peers;
    this.judge = judge;
    this.admission = admission;
    this.hearing = hearing;
    this.gossip = gossip;
    this.dialling = dialling;
    this.departures = departures;
    this.out = out;
    this.random = random;
  }

  /// @param exchange whether the torrent allows peer exchange
  void onConnected(Swarm.Input.Connected connected, boolean exchange, Instant now) {
    if (connected.direction() == Direction.OUTGOING) {
      dialling.answered(connected.remote(), now);
    }
    List<Peer> twins = peers.withId(connected.handshake().peerId());
    boolean exchanges = exchange && connected.handshake().supports(Handshake.EXTENSIONS);
    Admission.Decision decision =
        refusal(connected, twins, exchange)
            .<Admission.Decision>map(Admission.Decision.Close::new)
            .orElseGet(() -> admit(connected, twins, exchanges, now));
    switch (decision) {
      case Admission.Decision.Stay() -> stay(connected, twins, exchanges, now);
      case Admission.Decision.Replace(Peer worst) -> {
        departures.giveWay(worst, "a peer of higher priority came", Departure.NO_ROOM, now);
        stay(connected, twins, exchanges, now);
      }
      case Admission.Decision.Visit() -> visit(connected, now);
      case Admission.Decision.Close(String reason) -> refuse(connected, twins, reason, now);
    }
  }

  private Admission.Decision admit(
      Swarm.Input.Connected connected, List<Peer> twins, boolean exchanges, Instant now) {
    boolean replaces = twins.stream().anyMatch(twin -> twin.direction != connected.direction());
    return replaces ? new Admission.Decision.Stay() : admission.judge(connected, exchanges, now);
  }

  /// Why the connection cannot stay, however much room there is.
  private Optional<String> refusal(
      Swarm.Input.Connected connected, List<Peer> twins, boolean exchange) {
    if (connected.handshake().peerId().equals(ourId)) {
      return Optional.of("it is ourselves");
    }
    if (judge.isBanned(connected.remote())) {
      return Optional.of("it is banned");
    }
    if (judge.isFiltered(connected.remote())) {
      return Optional.of("its address is filtered");
    }
    boolean wasForgotten =
        !exchange
            && connected.direction() == Direction.OUTGOING
            && book.get(connected.remote()).isEmpty();
    if (wasForgotten) { // meanwhile the torrent turned out to be private
      return Optional.of("the torrent is private, and its tracker did not name it");
    }
    return twins.stream().anyMatch(twin -> outranks(twin, connected))
        ? Optional.of("connected twice")
        : Optional.empty();
  }

  /// Two peers that dial each other at once get two connections. Both ends keep the one that the
  /// peer with the greater id dialled, so that they do not each close the other's; libtorrent has
  /// the same rule. Of two that one end dialled, that end alone decides: the other might see them
  /// in another order.
  private boolean outranks(Peer twin, Swarm.Input.Connected connected) {
    if (twin.direction == connected.direction()) {
      return twin.direction == Direction.OUTGOING;
    }
    boolean weAreGreater = Arrays.compareUnsigned(ourId.bytes(), twin.id.bytes()) > 0;
    return twin.direction == (weAreGreater ? Direction.OUTGOING : Direction.INCOMING);
  }

  private void stay(
      Swarm.Input.Connected connected, List<Peer> twins, boolean exchanges, Instant now) {
    Optional<PeerAddress> provenEndpoint = replace(twins, connected, now);
    Peer peer = peer(connected, exchanges, now);
    peers.add(peer);
    out.happened(
        new SwarmEvent.Connected(peer.link, peer.remote, peer.direction, origins(peer.remote)));
    if (connected.direction() == Direction.OUTGOING) {
      prove(peer, peer.remote, now);
    } else {
      provenEndpoint.ifPresent(endpoint -> prove(peer, endpoint, now));
    }
  }

  private void visit(Swarm.Input.Connected connected, Instant now) {
    Peer peer = peer(connected, true, now);
    peer.visitor = true;
    peer.leave(now.plus(Door.STAY), Departure.NO_ROOM);
    peers.add(peer);
    out.happened(new SwarmEvent.Visited(peer.link, peer.remote));
  }

  private Peer peer(Swarm.Input.Connected connected, boolean exchanges, Instant now) {
    PeerAddress remote = connected.remote();
    @Nullable PexSession session =
        exchanges ? new PexSession(peers.log(), Remote.at(remote.ip()), random.split()) : null;
    return new Peer(
        connected.link(),
        connected.direction(),
        remote,
        connected.handshake().peerId(),
        origins(remote).getFirst(),
        now,
        session);
  }

  private List<Origin> origins(PeerAddress address) {
    return book.get(address)
        .map(c -> c.hearings().stream().map(Candidate.Hearing::origin).toList())
        .orElse(List.of(new Origin.Incoming()));
  }

  /// Closes the connections in whose stead this one stays.
  ///
  /// @return where we dialled the peer before, if that is the same host
  private Optional<PeerAddress> replace(List<Peer> twins, Swarm.Input.Connected by, Instant now) {
    Optional<PeerAddress> proven = Optional.empty();
    for (Peer twin : twins) {
      if (twin.direction != by.direction()) {
        boolean sameHost = twin.remote.ip().equals(by.remote().ip());
        if (twin.flags.has(PeerFlags.REACHABLE) && sameHost) {
          proven = Optional.ofNullable(twin.endpoint);
        }
        Departure why = sameHost ? Departure.OTHER : Departure.CONNECTED_OTHERWISE;
        departures.giveWay(twin, "connected twice", why, now);
      }
    }
    return proven;
  }

  private void prove(Peer peer, PeerAddress endpoint, Instant now) {
    if (peers.prove(peer, endpoint, now)) {
      gossip.learned(peer, now);
    }
  }

  private void refuse(
      Swarm.Input.Connected connected, List<Peer> twins, String reason, Instant now) {
    out.close(connected.link(), reason);
    if (connected.direction() == Direction.OUTGOING) {
      afterRefusal(connected, twins, now);
    }
  }

  /// What a dial taught us although its connection could not stay.
  private void afterRefusal(Swarm.Input.Connected connected, List<Peer> twins, Instant now) {
    PeerAddress dialled = connected.remote();
    if (connected.handshake().peerId().equals(ourId)) {
      hearing.metOurselves(dialled);
      return;
    }
    Optional<Peer> neighbour =
        twins.stream().filter(twin -> twin.remote.ip().equals(dialled.ip())).findFirst();
    if (neighbour.isPresent() && !neighbour.get().flags.has(PeerFlags.REACHABLE)) {
      prove(neighbour.get(), dialled, now); // what we dialled answered with this peer's id
    } else if (!twins.isEmpty()) { // another address of a peer that we have
      dialling.superfluous(dialled, now);
      twins.forEach(twin -> book.alias(twin.name(), dialled, Evidence.VERIFIED));
      met(dialled, twins, Departure.CONNECTED_OTHERWISE);
    } else {
      book.answered(dialled, now);
      met(dialled, twins, Departure.NO_ROOM);
    }
  }

  /// It shook hands, though we closed: where the list is short, others may be told (BEP 11).
  private void met(PeerAddress dialled, List<Peer> twins, Departure why) {
    boolean otherFamily = twins.stream().allMatch(twin -> twin.remote.family() != dialled.family());
    if (otherFamily && !judge.isBanned(dialled) && !judge.isFiltered(dialled)) {
      peers.met(dialled, why);
    }
  }
}
