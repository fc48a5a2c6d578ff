package peerage.swarm;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator.SplittableGenerator;
import org.jspecify.annotations.Nullable;
import peerage.peers.IpAddress;
import peerage.peers.Link;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;
import peerage.peers.PeerId;
import peerage.peers.PexDialect;
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

    /// The peer sent an extension handshake, the first or a later one.
    record ExtensionHandshaken(Link link, ExtensionHandshake handshake) implements Input {}

    /// The peer sent a PEX message.
    @SuppressWarnings("ArrayRecordComponent") // handed on as it came, never compared
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
  private final CandidateBook book;
  private final Judge judge;
  private final ConnectionPolicy policy;
  private final PeerTable peers;
  private final OwnAddress self;
  private int dialling;
  private long toldVersion;
  private Instant lastNow = Instant.MIN;
  private List<Output> outputs = new ArrayList<>();

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
    this.book = new CandidateBook(options.maxCandidates());
    this.peers = new PeerTable(book);
    this.self = new OwnAddress(listenPort);
    this.judge = new Judge(privacy);
    this.policy = new ConnectionPolicy(options, random.split());
  }

  /// Takes one input.
  ///
  /// @param now monotonic
  public List<Output> handle(Input input, Instant now) {
    outputs = new ArrayList<>();
    lastNow = now;
    switch (input) {
      case Input.Heard heard -> onHeard(heard, now);
      case Input.Connected connected -> onConnected(connected, now);
      case Input.DialFailed(var address, var why) -> onDialFailed(address, why, now);
      case Input.ExtensionHandshaken(Link link, var handshake) ->
          peers.get(link).ifPresent(peer -> onExtensionHandshake(peer, handshake, now));
      case Input.PexArrived(Link link, byte[] payload) ->
          peers.get(link).ifPresent(peer -> onPex(peer, payload, now));
      case Input.PexFlushed(Link link) ->
          peers.get(link).ifPresent(peer -> pex(peer, new PexSession.Input.Flushed(), now));
      case Input.SeedSeen(Link link) ->
          peers
              .get(link)
              .ifPresent(peer -> peers.relabel(peer, peer.flags.with(PeerFlags.UPLOAD_ONLY)));
      case Input.Banned(Link link, var reason) ->
          peers.get(link).ifPresent(peer -> onBanned(peer, reason));
      case Input.Disconnected(Link link, var reason) ->
          peers.get(link).ifPresent(peer -> onDisconnected(peer, reason, now));
      case Input.Tick() -> onTick(now);
    }
    return outputs;
  }

  /// When to say [Input.Tick].
  public Optional<Instant> nextDeadline() {
    if (toldVersion != peers.live().version()) {
      return Optional.of(lastNow);
    }
    @Nullable Instant next = null;
    for (Peer peer : peers.all()) {
      next = earlier(next, peer.session().flatMap(PexSession::nextDeadline).orElse(null));
    }
    if (room() > 0) {
      for (Candidate candidate : book.all()) {
        if (candidate.state() == Candidate.State.IDLE) {
          Instant due = candidate.notBefore() == null ? lastNow : candidate.notBefore();
          next = earlier(next, due.isAfter(lastNow) ? due : policy.nextCredit(lastNow));
        }
      }
    }
    return Optional.ofNullable(next);
  }

  private static @Nullable Instant earlier(@Nullable Instant a, @Nullable Instant b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a.isBefore(b) ? a : b;
  }

  /// What we offer in the `m` of our extension handshake.
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

  /// Whom we would name to a peer now.
  public LiveContacts live() {
    return peers.live();
  }

  /// Dials under way.
  public int dialling() {
    return dialling;
  }

  private void happened(SwarmEvent event) {
    outputs.add(new Output.Happened(event));
  }

  // Hearing

  private void onHeard(Input.Heard heard, Instant now) {
    for (PeerAddress address : heard.addresses()) {
      hear(address, heard.origin(), PeerFlags.NONE, heard.source(), now);
    }
    dial(now);
  }

  private void hear(
      PeerAddress address,
      Origin origin,
      PeerFlags hearsay,
      Optional<IpAddress> source,
      Instant now) {
    Optional<String> refusal = judge.refusal(address, origin, source, book);
    if (refusal.isPresent()) {
      happened(new SwarmEvent.Refused(address, origin, refusal.get()));
      return;
    }
    switch (book.hear(address, origin, hearsay, now)) {
      case NEW, CONFIRMED -> happened(new SwarmEvent.Heard(address, origin));
      case KNOWN -> {}
      case OVER_QUOTA ->
          happened(new SwarmEvent.Refused(address, origin, "its teller named too many"));
      case FULL -> happened(new SwarmEvent.Refused(address, origin, "the candidate book is full"));
    }
  }

  // Dialling

  private int room() {
    int free = options.maxPeers() - peers.size() - dialling;
    return Math.min(free, options.maxHalfOpen() - dialling);
  }

  private void dial(Instant now) {
    for (Candidate candidate : policy.choose(book, now, room(), self::endpoint)) {
      candidate.dialling();
      dialling++;
      outputs.add(new Output.Dial(candidate.address()));
    }
  }

  private void onDialFailed(PeerAddress address, DialFailure why, Instant now) {
    dialling--;
    happened(new SwarmEvent.DialFailed(address, why));
    book.get(address)
        .ifPresent(
            candidate -> {
              if (candidate.isConnected()) {
                return; // it dialled us meanwhile
              }
              candidate.failed(ConnectionPolicy.retryAt(candidate, now));
              boolean hopeless = candidate.failures() >= SwarmOptions.MAX_FAILURES;
              if (hopeless && candidate.isHearsayOnly()) {
                book.forget(candidate);
              }
            });
    dial(now);
  }

  // Connections

  private void onConnected(Input.Connected connected, Instant now) {
    if (connected.direction() == Direction.OUTGOING) {
      dialling--;
    }
    Optional<String> refusal = connectionRefusal(connected, now);
    if (refusal.isPresent()) {
      outputs.add(new Output.Close(connected.link(), refusal.get()));
      return;
    }
    Peer peer = admit(connected, now);
    happened(
        new SwarmEvent.Connected(peer.link, peer.remote, peer.direction, origins(peer.remote)));
    if (peer.direction == Direction.OUTGOING) {
      locate(peer, peer.remote, now);
    }
    dial(now);
  }

  /// Why the connection cannot stay; a twin that must go in its stead is closed here.
  private Optional<String> connectionRefusal(Input.Connected connected, Instant now) {
    PeerId id = connected.handshake().peerId();
    if (id.equals(ourId)) {
      onOwnAddress(connected);
      return Optional.of("it is ourselves");
    }
    Optional<Peer> twin = peers.withId(id);
    if (twin.isPresent()) {
      return refuseTwin(connected, twin.get(), now);
    }
    Optional<String> refusal = Optional.empty();
    if (judge.isBanned(connected.remote().ip())) {
      refusal = Optional.of("it is banned");
    } else if (peers.size() >= options.maxPeers()) {
      refusal = Optional.of("we have " + options.maxPeers() + " peers already");
    }
    if (refusal.isPresent()) {
      release(connected, now);
    }
    return refusal;
  }

  private void onOwnAddress(Input.Connected connected) {
    if (connected.direction() == Direction.OUTGOING) {
      judge.rememberOwn(connected.remote());
      book.get(connected.remote()).ifPresent(book::forget);
    }
  }

  private void release(Input.Connected connected, Instant now) {
    if (connected.direction() == Direction.OUTGOING) {
      book.get(connected.remote()).ifPresent(c -> c.disconnected(ConnectionPolicy.retryAt(c, now)));
    }
  }

  /// Two peers that dial each other at once get two connections. Both ends keep the one that the
  /// peer with the greater id dialled, so that they do not each close the other's.
  private Optional<String> refuseTwin(Input.Connected connected, Peer twin, Instant now) {
    boolean weAreGreater = java.util.Arrays.compareUnsigned(ourId.bytes(), twin.id.bytes()) > 0;
    Direction kept = weAreGreater ? Direction.OUTGOING : Direction.INCOMING;
    boolean replaces = twin.direction != connected.direction() && connected.direction() == kept;
    if (replaces) {
      close(twin, "connected twice");
      onDisconnected(twin, "connected twice", now);
      return Optional.empty();
    }
    release(connected, now);
    if (connected.direction() == Direction.OUTGOING && twin.direction == Direction.INCOMING) {
      locate(twin, connected.remote(), now); // what we dialled answered with this peer's id
    }
    return Optional.of("connected twice");
  }

  private Peer admit(Input.Connected connected, Instant now) {
    PeerAddress remote = connected.remote();
    @Nullable PexSession session =
        privacy == Privacy.PUBLIC && connected.handshake().supports(Handshake.EXTENSIONS)
            ? new PexSession(peers.live(), remote.ip(), random.split())
            : null;
    Origin origin =
        connected.direction() == Direction.INCOMING
            ? new Origin.Incoming()
            : book.get(remote).map(Candidate::firstOrigin).orElse(new Origin.Given());
    var peer =
        new Peer(
            connected.link(),
            connected.direction(),
            remote,
            connected.handshake().peerId(),
            origin,
            now,
            session);
    peers.add(peer);
    return peer;
  }

  private List<Origin> origins(PeerAddress address) {
    return book.get(address)
        .map(c -> c.hearings().stream().map(Candidate.Hearing::origin).toList())
        .orElse(List.of(new Origin.Incoming()));
  }

  private void locate(Peer peer, PeerAddress endpoint, Instant now) {
    if (peers.locate(peer, endpoint, now)) {
      pex(peer, new PexSession.Input.Located(endpoint), now);
    }
  }

  private void onExtensionHandshake(Peer peer, ExtensionHandshake handshake, Instant now) {
    peer.learn(handshake);
    peers.relabel(peer, peer.flags);
    handshake.yourIp().ifPresent(self::vote);
    if (peer.direction == Direction.INCOMING && handshake.listenPort().isPresent()) {
      var endpoint = new PeerAddress(peer.remote.ip(), handshake.listenPort().getAsInt());
      hear(endpoint, new Origin.Incoming(), PeerFlags.NONE, Optional.empty(), now);
      locate(peer, endpoint, now);
    }
    happened(new SwarmEvent.Introduced(peer.link, peer.name(), handshake.client()));
    pex(peer, new PexSession.Input.Offered(Peer.pexId(handshake)), now);
  }

  private void onBanned(Peer peer, String reason) {
    judge.ban(peer.remote.ip());
    close(peer, reason);
  }

  private void close(Peer peer, String reason) {
    outputs.add(new Output.Close(peer.link, reason));
  }

  private void onDisconnected(Peer peer, String reason, Instant now) {
    peers.remove(peer, now);
    happened(new SwarmEvent.Disconnected(peer.link, peer.name(), reason));
    dial(now);
  }

  // Telling and listening

  private void onTick(Instant now) {
    boolean changed = toldVersion != peers.live().version();
    toldVersion = peers.live().version();
    var input = changed ? new PexSession.Input.LiveChanged() : new PexSession.Input.Tick();
    for (Peer peer : peers.all()) {
      pex(peer, input, now);
    }
    dial(now);
  }

  private void onPex(Peer peer, byte[] payload, Instant now) {
    if (peer.session == null) {
      odd(peer, "a PEX message although we offered none");
      return;
    }
    pex(peer, new PexSession.Input.Received(payload), now);
    dial(now);
  }

  private void pex(Peer peer, PexSession.Input input, Instant now) {
    peer.session()
        .ifPresent(
            session ->
                session.handle(input, now).forEach(output -> onPexOutput(peer, output, now)));
  }

  private void onPexOutput(Peer peer, PexSession.Output output, Instant now) {
    switch (output) {
      case PexSession.Output.Send(int id, PexMessage message) -> {
        outputs.add(new Output.SendPex(peer.link, id, message));
        happened(new SwarmEvent.Told(peer.link, peer.name(), message));
      }
      case PexSession.Output.Heard(PexMessage message) -> onTold(peer, message, now);
      case PexSession.Output.Odd(var oddity) -> odd(peer, oddity.toString());
      case PexSession.Output.TooOften() -> odd(peer, "PEX messages too often");
      case PexSession.Output.Close(var reason) -> close(peer, reason);
    }
  }

  private void onTold(Peer teller, PexMessage message, Instant now) {
    var origin = new Origin.Pex(teller.name(), PexDialect.UT_PEX);
    for (Map.Entry<PeerAddress, PeerFlags> entry : message.added().sequencedEntrySet()) {
      hear(entry.getKey(), origin, entry.getValue(), Optional.of(teller.remote.ip()), now);
    }
  }

  private void odd(Peer peer, String what) {
    happened(new SwarmEvent.Odd(peer.link, peer.name(), what));
  }
}
