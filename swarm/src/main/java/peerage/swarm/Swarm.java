package peerage.swarm;

import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator.SplittableGenerator;
import java.util.stream.Stream;
import peerage.peers.IpAddress;
import peerage.peers.Link;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;
import peerage.peers.PeerId;
import peerage.pex.LiveContacts;
import peerage.pex.PexMessage;
import peerage.pex.PexSession;
import peerage.pex.UtPex;
import peerage.wire.ExtensionHandshake;
import peerage.wire.Handshake;

/// One swarm as a machine: takes what the driver hears and sees, says whom to dial, whom to close
/// and what to tell whom. Nests a [PexSession] for each connection.
///
/// Not thread-safe; owned by one loop. The driver says [Input.Tick] after each batch of inputs and
/// at [#nextDeadline()]; contacts that came in one batch are told together.
public final class Swarm {
  /// The number under which we want to receive `ut_pex`.
  public static final int PEX_ID = 1;

  /// What happened.
  public sealed interface Input {
    /// Somebody named these addresses.
    ///
    /// @param source where that somebody itself is, if known: loopback and private addresses are
    ///     believed only from such places
    record Heard(List<PeerAddress> addresses, Origin origin, Optional<IpAddress> source)
        implements Input {}

    /// A dial that [Output.Dial] asked for, or a peer's own, ended in a handshake about this
    /// torrent.
    ///
    /// @param remote what was dialled, or the far end of an incoming connection
    record Connected(Link link, Direction direction, PeerAddress remote, Handshake handshake)
        implements Input {}

    /// A dial that [Output.Dial] asked for failed.
    record DialFailed(PeerAddress address, DialFailure why) implements Input {}

    /// A dial that [Output.Dial] asked for was not made, because a [DialGuard] holds it back: the
    /// candidate's fault it is not.
    record DialHeldBack(PeerAddress address, Instant until) implements Input {}

    /// The peer sent an extension handshake, the first or a later one.
    record ExtensionHandshaken(Link link, ExtensionHandshake handshake) implements Input {}

    /// The peer sent a PEX message.
    @SuppressWarnings("ArrayRecordComponent") // decoded in place, not copied, and never compared
    record PexArrived(Link link, byte[] payload) implements Input {}

    /// The message of an [Output.SendPex] has left for the network.
    record PexFlushed(Link link) implements Input {}

    /// The peer has every piece.
    record SeedSeen(Link link) implements Input {}

    /// The peer did harm (sent false data): it is closed, and its address is not dialled again.
    record Banned(Link link, String reason) implements Input {}

    /// The connection is gone, by whichever side.
    record Disconnected(Link link, String reason) implements Input {}

    /// Time has passed, or a batch of inputs is complete.
    record Tick() implements Input {}
  }

  /// What to do.
  public sealed interface Output {
    /// Dial this address, and answer with [Input.Connected] or [Input.DialFailed].
    record Dial(PeerAddress address) implements Output {}

    /// Close this connection, and answer with [Input.Disconnected].
    record Close(Link link, String reason) implements Output {}

    /// Send this PEX message, and say [Input.PexFlushed] when it has left.
    record SendPex(Link link, int id, PexMessage message) implements Output {}

    /// Nothing to do: something to count and to show.
    record Happened(SwarmEvent event) implements Output {}
  }

  private final PeerId ourId;
  private final Privacy privacy;
  private final SwarmOptions options;
  private final SplittableGenerator random;
  private final Outbox out = new Outbox();
  private final CandidateBook book;
  private final PeerTable peers;
  private final Judge judge;
  private final TellerLedger ledger = new TellerLedger();
  private final Hearing hearing;
  private final Gossip gossip;
  private final OwnAddress self;
  private final Dialling dialling;
  private Instant lastNow = Instant.MIN;

  /// @param ourId the id of our handshakes
  /// @param listenPort where we listen
  /// @param random split once for each connection
  public Swarm(
      PeerId ourId,
      int listenPort,
      Privacy privacy,
      SwarmOptions options,
      SplittableGenerator random) {
    this.ourId = ourId;
    this.privacy = privacy;
    this.options = options;
    this.random = random;
    this.book = new CandidateBook(options.maxCandidates(), random.split());
    this.peers = new PeerTable(book);
    this.judge = new Judge(privacy);
    this.hearing = new Hearing(book, peers, judge, ledger, out);
    this.gossip = new Gossip(peers, hearing, out);
    this.self = new OwnAddress(listenPort);
    this.dialling =
        new Dialling(options, book, peers, ledger, self, out, OptionalLong::empty, random.split());
  }

  /// Takes one input.
  ///
  /// @param now monotonic
  public List<Output> handle(Input input, Instant now) {
    lastNow = now;
    switch (input) {
      case Input.Heard heard -> onHeard(heard, now);
      case Input.Connected connected -> onConnected(connected, now);
      case Input.DialFailed(var address, var why) -> dialling.failed(address, why, now);
      case Input.DialHeldBack(var address, var until) -> dialling.heldBack(address, until);
      case Input.ExtensionHandshaken(Link link, var handshake) ->
          peers.get(link).ifPresent(peer -> onExtensionHandshake(peer, handshake, now));
      case Input.PexArrived(Link link, byte[] payload) ->
          peers.get(link).ifPresent(peer -> gossip.received(peer, payload, now));
      case Input.PexFlushed(Link link) ->
          peers.get(link).ifPresent(peer -> gossip.pass(peer, new PexSession.Input.Flushed(), now));
      case Input.SeedSeen(Link link) -> peers.get(link).ifPresent(this::onSeed);
      case Input.Banned(Link link, var reason) ->
          peers.get(link).ifPresent(peer -> hearing.ban(peer, reason));
      case Input.Disconnected(Link link, var reason) ->
          peers.get(link).ifPresent(peer -> remove(peer, reason, now));
      case Input.Tick() -> gossip.tick(now);
    }
    dialling.start(now);
    return out.take();
  }

  /// When to say [Input.Tick].
  public Optional<Instant> nextDeadline() {
    if (gossip.hasNews()) {
      return Optional.of(lastNow);
    }
    return Stream.concat(gossip.deadlines(), dialling.next(lastNow).stream())
        .min(Comparator.naturalOrder());
  }

  /// What we offer in the `m` of our extension handshake, the first and every later one: libtorrent
  /// ends PEX with a peer whose later handshake does not offer it again.
  public SortedMap<String, Integer> extensions() {
    var offered = new TreeMap<String, Integer>();
    if (privacy
        == Privacy.PUBLIC) { // BEP 27: a private torrent's peers come from its tracker alone
      offered.put(UtPex.NAME, PEX_ID);
    }
    return offered;
  }

  /// The peers that are connected, the oldest connection first.
  public List<PeerView> peers() {
    return peers.all().stream().map(Peer::view).toList();
  }

  /// Everything that we have heard of.
  public CandidateBook book() {
    return book;
  }

  /// Every address that we know or refused lately, and why it is not a peer.
  public List<CandidateView> candidates(Instant now) {
    return new Passports(book, dialling, judge, options).all(peers.size(), now);
  }

  /// What each teller's word was worth, the one first that was silent longest.
  public List<TellerView> tellers(Instant now) {
    return ledger.views(now);
  }

  /// Whether nobody but tellers knows of this address: then a [DialGuard] has to be asked.
  public boolean isHearsay(PeerAddress address) {
    return book.get(address).filter(Candidate::isHearsayOnly).isPresent();
  }

  /// Whom we would name to a peer now.
  public LiveContacts live() {
    return peers.live();
  }

  /// Dials under way.
  public int dialling() {
    return dialling.underWay();
  }

  private void onHeard(Input.Heard heard, Instant now) {
    for (PeerAddress address : heard.addresses()) {
      hearing.hear(address, heard.origin(), PeerFlags.NONE, heard.source(), now);
    }
  }

  // Connections

  private void onConnected(Input.Connected connected, Instant now) {
    boolean dialled = connected.direction() == Direction.OUTGOING;
    if (dialled) {
      dialling.answered(connected.remote(), now);
    }
    List<Peer> twins = peers.withId(connected.handshake().peerId());
    Optional<String> refusal = refusal(connected, twins);
    if (refusal.isPresent()) {
      out.close(connected.link(), refusal.get());
      if (dialled) {
        afterRefusal(connected, twins, now);
      }
      return;
    }
    Optional<PeerAddress> provenEndpoint = replace(twins, connected, now);
    Peer peer = admit(connected, now);
    out.happened(
        new SwarmEvent.Connected(peer.link, peer.remote, peer.direction, origins(peer.remote)));
    if (dialled) {
      prove(peer, peer.remote, now);
    } else {
      provenEndpoint.ifPresent(endpoint -> prove(peer, endpoint, now));
    }
  }

  /// Why the connection cannot stay.
  private Optional<String> refusal(Input.Connected connected, List<Peer> twins) {
    if (connected.handshake().peerId().equals(ourId)) {
      return Optional.of("it is ourselves");
    }
    if (judge.isBanned(connected.remote())) {
      return Optional.of("it is banned");
    }
    if (twins.stream().anyMatch(twin -> outranks(twin, connected))) {
      return Optional.of("connected twice");
    }
    boolean replaces = twins.stream().anyMatch(twin -> twin.direction != connected.direction());
    return peers.size() >= options.maxPeers() && !replaces
        ? Optional.of("we have " + options.maxPeers() + " peers already")
        : Optional.empty();
  }

  /// Two peers that dial each other at once get two connections. Both ends keep the one that the
  /// peer with the greater id dialled, so that they do not each close the other's; libtorrent has
  /// the same rule. Of two that one end dialled, that end alone decides: the other might see them
  /// in another order.
  private boolean outranks(Peer twin, Input.Connected connected) {
    if (twin.direction == connected.direction()) {
      return twin.direction == Direction.OUTGOING;
    }
    boolean weAreGreater = Arrays.compareUnsigned(ourId.bytes(), twin.id.bytes()) > 0;
    return twin.direction == (weAreGreater ? Direction.OUTGOING : Direction.INCOMING);
  }

  /// What a dial taught us although its connection could not stay.
  private void afterRefusal(Input.Connected connected, List<Peer> twins, Instant now) {
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
    } else {
      book.answered(dialled, now);
    }
  }

  /// Closes the connections in whose stead this one stays.
  ///
  /// @return where we dialled the peer before, if that is the same host
  private Optional<PeerAddress> replace(List<Peer> twins, Input.Connected by, Instant now) {
    Optional<PeerAddress> proven = Optional.empty();
    for (Peer twin : twins) {
      if (twin.direction != by.direction()) {
        if (twin.flags.has(PeerFlags.REACHABLE) && twin.remote.ip().equals(by.remote().ip())) {
          proven = Optional.ofNullable(twin.endpoint);
        }
        out.close(twin, "connected twice");
        remove(twin, "connected twice", now);
      }
    }
    return proven;
  }

  private Peer admit(Input.Connected connected, Instant now) {
    PeerAddress remote = connected.remote();
    boolean exchanges =
        privacy == Privacy.PUBLIC && connected.handshake().supports(Handshake.EXTENSIONS);
    var peer =
        new Peer(
            connected.link(),
            connected.direction(),
            remote,
            connected.handshake().peerId(),
            origins(remote).getFirst(),
            now,
            exchanges ? new PexSession(peers.live(), remote.ip(), random.split()) : null);
    peers.add(peer);
    return peer;
  }

  private List<Origin> origins(PeerAddress address) {
    return book.get(address)
        .map(c -> c.hearings().stream().map(Candidate.Hearing::origin).toList())
        .orElse(List.of(new Origin.Incoming()));
  }

  private void prove(Peer peer, PeerAddress endpoint, Instant now) {
    if (peers.prove(peer, endpoint, now)) {
      gossip.pass(peer, new PexSession.Input.Located(endpoint), now);
    }
  }

  private void onExtensionHandshake(Peer peer, ExtensionHandshake handshake, Instant now) {
    peers.relabel(peer, peer.learn(handshake));
    boolean mayClaim = peer.direction == Direction.INCOMING && !peer.flags.has(PeerFlags.REACHABLE);
    if (mayClaim && handshake.listenPort().isPresent()) {
      onClaim(peer, new PeerAddress(peer.remote.ip(), handshake.listenPort().getAsInt()), now);
    }
    if (!peer.introduced) {
      peer.introduced = true;
      handshake.yourIp().ifPresent(self::vote);
      out.happened(new SwarmEvent.Introduced(peer.link, peer.name(), handshake.client()));
    }
    gossip.pass(peer, new PexSession.Input.Offered(Peer.pexId(handshake)), now);
  }

  /// The peer says where it listens. Its address is proved by the connection, its port is not.
  private void onClaim(Peer peer, PeerAddress endpoint, Instant now) {
    if (privacy == Privacy.PUBLIC) { // BEP 27: in a private torrent we dial whom its tracker names
      hearing.hear(endpoint, new Origin.Incoming(), PeerFlags.NONE, Optional.empty(), now);
    }
    if (peers.locate(peer, endpoint, now)) {
      gossip.pass(peer, new PexSession.Input.Located(endpoint), now);
    }
  }

  private void onSeed(Peer peer) {
    peer.seed = true;
    peers.relabel(peer, peer.flags.with(PeerFlags.UPLOAD_ONLY));
  }

  private void remove(Peer peer, String reason, Instant now) {
    PeerAddress name = peer.name();
    peers.remove(peer, now);
    out.happened(new SwarmEvent.Disconnected(peer.link, name, reason));
  }
}
