package peerage.dht;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import peerage.dht.Calls.Call;
import peerage.peers.AddressClass;
import peerage.peers.Family;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;

/// Our node on one socket: what it is called, whom it knows, what it has asked, and what it looks
/// for.
final class OwnNode {
  /// Queries that are sent: in a second, and at a time (guess). A lookup takes some thirty.
  static final int ASKS_PER_SECOND = 150;

  static final int ASKS_AT_ONCE = 300;

  /// How many of those we know a search begins with.
  static final int START = 2 * RoutingTable.K;

  private final Commons commons;
  private final int socket;
  private final Family family;
  private final Calls calls;
  private final Tokens tokens;
  private final Upkeep upkeep;
  private final RoundTrips roundTrips = new RoundTrips();
  private final IpVotes votes = new IpVotes();
  private final Pace pace = new Pace(ASKS_PER_SECOND, ASKS_AT_ONCE);
  private final List<Search> searches = new ArrayList<>();
  private NodeId id;
  private RoutingTable table;
  private boolean isHeldBack;
  private @Nullable Instant readyAt;

  OwnNode(Commons commons, int socket, Family family, NodeId id, Instant now) {
    this.commons = commons;
    this.socket = socket;
    this.family = family;
    this.id = id;
    this.table = new RoutingTable(id);
    this.calls = new Calls(commons.secrets());
    this.tokens = new Tokens(commons.secrets());
    this.upkeep = new Upkeep(this, commons, now);
  }

  int socket() {
    return socket;
  }

  Family family() {
    return family;
  }

  NodeId id() {
    return id;
  }

  RoutingTable table() {
    return table;
  }

  Tokens tokens() {
    return tokens;
  }

  /// Whether it knows too few others to look from there alone.
  boolean isThin() {
    return table.size() < RoutingTable.K;
  }

  /// "A dual-stack node that is bootstrapping (...) should request both IPv4 and IPv6 node
  /// information" (BEP 32); later nothing is said, which means our own family.
  Set<Family> want() {
    Family other = family == Family.V4 ? Family.V6 : Family.V4;
    return commons.isThin(other) ? EnumSet.allOf(Family.class) : EnumSet.noneOf(Family.class);
  }

  void restored(List<NodeInfo> nodes, Instant now) {
    upkeep.remember(nodes, now);
  }

  void suggested(List<PeerAddress> addresses, Instant now) {
    if (isThin()) {
      searches.forEach(search -> addTo(search, addresses.stream().filter(this::isOurFamily), now));
    }
    addresses.stream().filter(this::isOurFamily).forEach(at -> upkeep.suggest(at, now));
    upkeep.hurry(now);
  }

  void routersKnown(Instant now) {
    if (isThin()) {
      searches.forEach(search -> addTo(search, commons.routers().of(family), now));
    }
    upkeep.hurry(now);
  }

  private void addTo(Search search, Stream<PeerAddress> addresses, Instant now) {
    addresses.limit(START).forEach(address -> search.add(address, Optional.empty()));
    search.pump(now);
  }

  private boolean isOurFamily(PeerAddress address) {
    return address.family() == family;
  }

  /// Somebody asked us: it may be one for the table, once it has answered a query of ours.
  void askedBy(NodeInfo node, boolean isReadOnly, Instant now) {
    table.queried(node, now);
    if (!isReadOnly && !commons.options().readOnly() && !table.knows(node)) {
      if (table.hasRoomFor(node)) {
        upkeep.suggest(node.address(), now);
      }
    }
  }

  /// Begins a search at the nearest nodes that are known; while they are few also at the routers,
  /// and wherever else there may be somebody.
  Search look(NodeId target, Errand errand, Instant now) {
    var search = new Search(this, target, errand, now);
    searches.add(search);
    table
        .closest(target, START)
        .forEach(node -> search.add(node.address(), Optional.of(node.id())));
    if (isThin()) {
      commons.routers().of(family).forEach(at -> search.add(at, Optional.empty()));
      upkeep.hopes(target).forEach(n -> search.add(n.address(), Optional.of(n.id())));
      upkeep.suggestions().limit(START).forEach(at -> search.add(at, Optional.empty()));
    }
    search.pump(now);
    return search;
  }

  /// A search that somebody wants. It does not wait until we know our way around, but that it
  /// begins is a reason to learn it.
  Search lookFor(NodeId target, Errand errand, Instant now) {
    if (isThin()) {
      commons.routers().want(commons.outbox(), now);
      upkeep.hurry(now);
    }
    return look(target, errand, now);
  }

  /// Whether one more query may be sent now. If not, the searches go on when it may.
  boolean mayAsk(Instant now) {
    boolean isReady = !calls.isFull() && !pace.readyAt(now).isAfter(now);
    if (!isReady) {
      isHeldBack = true;
      readyAt = calls.isFull() ? now.plus(RoundTrips.FIRST) : pace.readyAt(now);
    }
    return isReady;
  }

  /// Sends a query.
  ///
  /// @param expected who we believe is there
  /// @return whether it was sent: else there are too many under way
  boolean ask(
      PeerAddress to, @Nullable NodeId expected, Question question, Calls.Asker by, Instant now) {
    if (calls.isFull()) {
      return false;
    }
    pace.allows(now);
    Call call = calls.open(to, expected, by, roundTrips.patience(), now);
    boolean readOnly = commons.options().readOnly();
    var version = Optional.of(KrpcWriter.VERSION);
    send(to, new Krpc.Query(call.transaction(), id, question, readOnly, version));
    commons.outbox().count("asked " + question.method());
    return true;
  }

  void send(PeerAddress to, Krpc message) {
    commons.outbox().add(new Dht.Output.Send(socket, to, KrpcWriter.write(message)));
  }

  void answered(PeerAddress from, Krpc.Answer answer, Instant now) {
    Optional<Call> call = calls.close(answer.transaction(), from);
    if (call.isEmpty()) {
      commons.outbox().count("answers to nothing");
      return;
    }
    roundTrips.measured(Duration.between(call.get().sent(), now));
    if (!commons.routers().contains(from)) {
      table.answered(new NodeInfo(answer.sender(), from), now);
    }
    answer.seenAs().ifPresent(seen -> seenAs(from, seen.ip(), now));
    tellOtherFamily(from, answer.reply(), now);
    call.get().asker().answered(call.get(), answer, now);
  }

  private void tellOtherFamily(PeerAddress from, Reply reply, Instant now) {
    Family other = family == Family.V4 ? Family.V6 : Family.V4;
    List<NodeInfo> theirs = other == Family.V4 ? reply.nodes() : reply.nodes6();
    if (!theirs.isEmpty() && commons.isThin(other)) {
      List<PeerAddress> known =
          theirs.stream().map(NodeInfo::address).filter(at -> isKnownBy(from, at)).toList();
      commons.first(other).ifPresent(node -> node.suggested(known, now));
    }
  }

  /// What of the nodes in an answer can be used at all.
  List<NodeInfo> sifted(PeerAddress from, List<NodeInfo> nodes) {
    return nodes.stream()
        .filter(node -> isOurFamily(node.address()) && !node.id().equals(id))
        .filter(node -> isKnownBy(from, node.address()))
        .toList();
  }

  private static boolean isKnownBy(PeerAddress teller, PeerAddress told) {
    return AddressClass.of(told.ip()).isKnownFrom(AddressClass.of(teller.ip()));
  }

  /// An id that does not fit our address makes us a second-rate node: we take another (BEP 42).
  private void seenAs(PeerAddress voter, IpAddress ours, Instant now) {
    votes
        .voted(voter, ours)
        .ifPresent(
            ip -> {
              commons.outbox().add(new Dht.Output.OwnIp(ip));
              if (!id.isValidFor(ip)) {
                id = NodeId.forIp(ip, commons.random());
                table = table.movedTo(id, now);
                upkeep.moved(now);
              }
            });
  }

  /// A node answered with an error: it is there, but of no use here.
  void refused(PeerAddress from, Krpc.Failure failure, Instant now) {
    calls.close(failure.transaction(), from).ifPresent(call -> call.asker().failed(call, now));
  }

  void tick(Instant now) {
    calls.late(now).forEach(call -> call.asker().late(call, now));
    for (Call call : calls.dead(now)) {
      call.expected().ifPresent(node -> table.failed(node, now));
      call.asker().failed(call, now);
    }
    upkeep.tick(now);
    if (isHeldBack && readyAt != null && !readyAt.isAfter(now)) {
      isHeldBack = false;
      List.copyOf(searches).forEach(search -> search.pump(now));
    }
    for (Search search : List.copyOf(searches)) {
      if (search.nextDeadline().filter(at -> !at.isAfter(now)).isPresent()) {
        search.pump(now);
      }
    }
    searches.removeIf(Search::isEnded);
  }

  Instant nextDeadline() {
    Stream<Optional<Instant>> deadlines =
        Stream.concat(
            Stream.of(
                calls.nextDeadline(), isHeldBack ? Optional.ofNullable(readyAt) : Optional.empty()),
            searches.stream().map(Search::nextDeadline));
    return Stream.concat(Stream.of(upkeep.nextDeadline()), deadlines.flatMap(Optional::stream))
        .min(Instant::compareTo)
        .orElseThrow();
  }

  DhtStatus.Node status(Instant now) {
    return new DhtStatus.Node(socket, family, id, table.good(now), table.size(), votes.settled());
  }
}
