package peerage.swarm;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator.SplittableGenerator;
import java.util.stream.Stream;
import peerage.peers.IpAddress;
import peerage.peers.Link;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;
import peerage.peers.PeerId;
import peerage.pex.ContactLog;
import peerage.pex.PexMessage;
import peerage.pex.PexSession;
import peerage.pex.UtPex;
import peerage.wire.ExtensionHandshake;
import peerage.wire.Handshake;
import peerage.wire.MetadataMessage;

/// One swarm as a machine: takes what the driver hears and sees, says whom to dial, whom to close
/// and what to tell whom. Nests a [PexSession] for each connection.
///
/// Not thread-safe; owned by one loop. The driver says [Input.Tick] after each batch of inputs and
/// at [#nextDeadline()]; contacts that came in one batch are told together.
public final class Swarm {
  /// The number under which we want to receive `ut_pex`.
  public static final int PEX_ID = 1;

  /// The number under which we want to receive `ut_metadata`.
  public static final int METADATA_ID = 2;

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

    /// The message of an [Output.SendPex] has left for the network, and the peer has shown since
    /// that it is there: a byte of its came.
    ///
    /// @param leftAt when it left
    record PexFlushed(Link link, Instant leftAt) implements Input {}

    /// What became of an [Output.Probe].
    record Probed(PeerAddress endpoint, Probe result) implements Input {}

    /// The peer sent something that we had asked for. Said once in a while for each that does.
    record Supplied(Link link) implements Input {}

    /// The peer took something that it had asked for. Said once in a while.
    record Served(Link link) implements Input {}

    /// We have everything that we want: whoever wants nothing either is let go.
    record Completed() implements Input {}

    /// It is known now whether the torrent is private.
    record PrivacyKnown(Privacy privacy) implements Input {}

    /// A private torrent changed to another tracker. BEP 27: "the peer MUST disconnect from all
    /// current peers and connect only to those provided from the new tracker".
    record TrackerChanged(String url) implements Input {}

    /// Other addresses than before may be connected to, or told to others.
    ///
    /// @param connect false for an address with which we want no connection
    /// @param share false for an address that we tell nobody
    record Filtered(Predicate<IpAddress> connect, Predicate<IpAddress> share) implements Input {}

    /// One of our own addresses, as a connection of ours shows it: we never dial it.
    record OwnIp(IpAddress ip) implements Input {}

    /// A tracker says from where it sees us (BEP 24): an opinion, as a peer's `yourip` is.
    record OwnIpReported(IpAddress ip) implements Input {}

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

    /// Open a connection there, send nothing, close it, and say [Input.Probed].
    record Probe(PeerAddress endpoint) implements Output {}

    /// Send our extension handshake again: what [Swarm#extensions(Link)] says has changed.
    record SendHandshake(Link link) implements Output {}

    /// Nothing to do: something to count and to show.
    record Happened(SwarmEvent event) implements Output {}
  }

  private final Outbox out = new Outbox();
  private final CandidateBook book;
  private final PeerTable peers;
  private final Judge judge;
  private final TellerLedger ledger = new TellerLedger();
  private final Hearing hearing;
  private final Gossip gossip;
  private final OwnAddress self;
  private final SwarmOptions options;
  private final Dialling dialling;
  private final Confirmation confirmation;
  private final Arrivals arrivals;
  private final Departures departures;
  private final Pruning pruning;
  private final GossipOnly gossipOnly;
  private Privacy privacy;
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
    this.privacy = privacy;
    this.options = options;
    this.book = new CandidateBook(options.maxCandidates(), random.split());
    this.peers = new PeerTable(book);
    this.judge = new Judge(this::privacy);
    this.confirmation = new Confirmation(peers, book, out);
    this.hearing = new Hearing(book, peers, judge, ledger, confirmation, out);
    this.gossip = new Gossip(peers, hearing, ledger, out);
    this.self = new OwnAddress(listenPort);
    var admission = new Admission(options, book, peers, self);
    Supplier<OptionalLong> worstStanding = () -> admission.worstStanding(lastNow);
    this.dialling =
        new Dialling(options, book, peers, ledger, self, out, worstStanding, random.split());
    this.departures = new Departures(book, peers, out);
    this.pruning = new Pruning(options, peers, ledger, dialling, out);
    this.gossipOnly = new GossipOnly(peers, out);
    this.arrivals =
        new Arrivals(
            ourId,
            book,
            peers,
            judge,
            admission,
            hearing,
            gossip,
            dialling,
            departures,
            out,
            random);
  }

  /// Takes one input.
  ///
  /// @param now monotonic
  public List<Output> handle(Input input, Instant now) {
    lastNow = now;
    switch (input) {
      case Input.Heard heard -> onHeard(heard, now);
      case Input.Connected connected ->
          arrivals.onConnected(connected, privacy.allowsExchange(), now);
      case Input.DialFailed(var address, var why) -> dialling.failed(address, why, now);
      case Input.DialHeldBack(var address, var until) -> dialling.heldBack(address, until);
      case Input.ExtensionHandshaken(Link link, var handshake) ->
          peers.get(link).ifPresent(peer -> onExtensionHandshake(peer, handshake, now));
      case Input.PexArrived(Link link, byte[] payload) ->
          peers.get(link).ifPresent(peer -> gossip.received(peer, payload, now));
      case Input.PexFlushed(Link link, Instant leftAt) ->
          peers
              .get(link)
              .ifPresent(peer -> gossip.pass(peer, new PexSession.Input.Flushed(leftAt), now));
      case Input.OwnIp(IpAddress ip) -> onOwnIp(ip);
      case Input.OwnIpReported(IpAddress ip) -> self.vote(ip);
      case Input.Probed(PeerAddress endpoint, Probe result) ->
          confirmation.probed(endpoint, result);
      case Input.SeedSeen(Link link) -> peers.get(link).ifPresent(peer -> onSeed(peer, now));
      case Input.Supplied(Link link) -> peers.get(link).ifPresent(peer -> peer.suppliedAt = now);
      case Input.Served(Link link) -> peers.get(link).ifPresent(peer -> peer.servedAt = now);
      case Input.Completed() -> departures.completed(now);
      case Input.PrivacyKnown(Privacy known) -> onPrivacy(known);
      case Input.TrackerChanged(String url) -> departures.changeTracker(url);
      case Input.Filtered filters -> onFilters(filters);
      case Input.Banned(Link link, var reason) ->
          peers.get(link).ifPresent(peer -> hearing.ban(peer, reason));
      case Input.Disconnected(Link link, var reason) ->
          peers.get(link).ifPresent(peer -> departures.left(peer, reason, now));
      case Input.Tick() -> {
        gossip.tick(now);
        departures.tick(now);
        pruning.tick(departures.isComplete(), now);
        gossipOnly.tick(privacy, now);
      }
    }
    confirmation.start(now);
    dialling.start(now);
    return out.take();
  }

  /// When to say [Input.Tick].
  public Optional<Instant> nextDeadline() {
    if (gossip.hasNews()) {
      return Optional.of(lastNow);
    }
    return Stream.of(
            gossip.deadlines(),
            departures.deadlines(),
            pruning.deadline().stream(),
            gossipOnly.deadlines(privacy, lastNow),
            confirmation.next(lastNow).stream(),
            dialling.next(lastNow).stream())
        .flatMap(deadlines -> deadlines)
        .min(Comparator.naturalOrder());
  }

  /// What we offer in the `m` of our extension handshake to a peer, the first and every later one:
  /// libtorrent ends PEX with a peer whose later handshake does not offer it again.
  public SortedMap<String, Integer> extensions(Link link) {
    var offered = new TreeMap<String, Integer>();
    if (privacy.allowsExchange()) { // BEP 27: a private torrent's peers come from its tracker alone
      offered.put(UtPex.NAME, PEX_ID);
      offered.put(MetadataMessage.NAME, METADATA_ID);
    } else if (peers.get(link).filter(peer -> peer.wasOffered).isPresent()) {
      offered.put(UtPex.NAME, 0); // BEP 10: "the value 0 is used to turn off an extension"
      offered.put(MetadataMessage.NAME, 0); // the tracker decides who joins
    }
    return offered;
  }

  /// Whether the torrent is private, as far as we know.
  public Privacy privacy() {
    return privacy;
  }

  /// Whether a connection is there only to be told of others, see [SwarmEvent.Visited].
  public boolean isVisitor(Link link) {
    return peers.get(link).filter(peer -> peer.visitor).isPresent();
  }

  /// The peers that are connected, the oldest connection first.
  public List<PeerView> peers() {
    return peers.all().stream().filter(peer -> !peer.visitor).map(Peer::view).toList();
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

  /// How well peer exchange supplies us. Not for every tick: it goes through all candidates.
  public ExchangeView exchange(Instant now) {
    int tellers = (int) peers.all().stream().filter(peer -> peer.hasToldUs).count();
    return new ExchangeView(tellers, peers.size(), dialling.waiting(now));
  }

  /// Whether nobody but tellers knows of this address: then a [DialGuard] has to be asked.
  public boolean isHearsay(PeerAddress address) {
    return book.get(address).filter(Candidate::isHearsayOnly).isPresent();
  }

  /// Whom we would name to a peer now.
  public ContactLog contacts() {
    return peers.log();
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

  // Peers

  private void onExtensionHandshake(Peer peer, ExtensionHandshake handshake, Instant now) {
    peers.relabel(peer, peer.learn(handshake));
    boolean mayClaim = peer.direction == Direction.INCOMING && !peer.flags.has(PeerFlags.REACHABLE);
    if (mayClaim && handshake.listenPort().isPresent()) {
      onClaim(peer, new PeerAddress(peer.remote.ip(), handshake.listenPort().getAsInt()), now);
    }
    if (!peer.visitor) {
      peer.alias().ifPresent(alias -> book.alias(peer.name(), alias, Evidence.CLAIMED));
    }
    if (!peer.introduced) {
      peer.introduced = true;
      handshake.yourIp().ifPresent(self::vote);
      out.happened(new SwarmEvent.Introduced(peer.link, peer.name(), handshake.client()));
    }
    gossip.learned(peer, now);
    gossip.pass(peer, new PexSession.Input.Offered(Peer.pexId(handshake)), now);
    departures.consider(peer, now);
  }

  /// The peer says where it listens. Its address is proved by the connection, its port is not.
  private void onClaim(Peer peer, PeerAddress endpoint, Instant now) {
    if (privacy.allowsExchange()) { // BEP 27: else we dial only whom the tracker names
      hearing.hear(endpoint, new Origin.Incoming(), PeerFlags.NONE, Optional.empty(), now);
    }
    if (peers.locate(peer, endpoint, now) && privacy.allowsExchange() && !peer.visitor) {
      confirmation.claimed(peer, endpoint);
    }
  }

  private void onSeed(Peer peer, Instant now) {
    peer.seed = true;
    peers.relabel(peer, peer.flags.with(PeerFlags.UPLOAD_ONLY));
    gossip.learned(peer, now);
    departures.consider(peer, now);
  }

  private void onOwnIp(IpAddress ip) {
    self.isAt(ip);
    hearing.metOurselves(self.listening(ip));
  }

  // Settings that change

  private void onPrivacy(Privacy known) {
    boolean turnsPrivate = privacy.allowsExchange() && !known.allowsExchange();
    privacy = known;
    if (turnsPrivate) {
      departures.keepOnlyTheTrackers();
    }
  }

  private void onFilters(Input.Filtered filters) {
    judge.connect(filters.connect());
    book.forgetIf(address -> !filters.connect().test(address.ip()));
    for (Peer peer : peers.all()) {
      if (!filters.connect().test(peer.remote.ip())) {
        out.close(peer, "its address is filtered");
      }
    }
    peers.share(filters.share());
  }
}
