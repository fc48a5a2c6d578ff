package peerage.dht;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import peerage.bencode.Bencoded;
import peerage.peers.AddressClass;
import peerage.peers.Family;
import peerage.peers.InfoHash;
import peerage.peers.PeerAddress;

/// Answers the queries of others, of so many as the [Throttle] lets through.
final class Answerer {
  /// Peers in one answer (guess): with the nodes that makes 800 bytes at most.
  static final int PEERS_V4 = 64;

  static final int PEERS_V6 = 24;

  /// Info hashes in one sample (guess): 400 bytes.
  static final int SAMPLES = 20;

  /// How long one sample is given to everybody, if there are more than fit (guess; BEP 51 allows up
  /// to 6 hours).
  static final Duration SAMPLED_FOR = Duration.ofMinutes(30);

  private record Sampled(List<InfoHash> infoHashes, Instant until) {}

  private final Commons commons;
  private final Throttle throttle;
  private final Map<Family, Sampled> sampled = new EnumMap<>(Family.class);

  Answerer(Commons commons) {
    this.commons = commons;
    this.throttle = new Throttle(commons.options().router());
  }

  /// A query came. A read-only node answers none (BEP 43).
  void queried(OwnNode node, PeerAddress from, Krpc.Query query, Instant now) {
    if (mayAnswer(from, now)) {
      commons.outbox().count("was asked " + query.question().method());
      node.send(from, answer(node, from, query, now));
      node.askedBy(new NodeInfo(query.sender(), from), query.readOnly(), now);
    }
  }

  /// Something came that is a query, but no good one.
  void refused(OwnNode node, PeerAddress from, Krpc.Failure failure, Instant now) {
    if (mayAnswer(from, now)) {
      commons.outbox().count("refused");
      node.send(from, failure);
    }
  }

  private boolean mayAnswer(PeerAddress from, Instant now) {
    if (commons.options().readOnly()) {
      return false;
    }
    boolean isFair = throttle.allows(from, now);
    if (!isFair) {
      commons.outbox().count("queries dropped as too many");
    }
    return isFair;
  }

  private Krpc answer(OwnNode node, PeerAddress from, Krpc.Query query, Instant now) {
    return switch (query.question()) {
      case Question.Ping() -> reply(node, from, query, Reply.EMPTY);
      case Question.FindNode _ -> reply(node, from, query, nodes(node, from, query.question()));
      case Question.GetPeers ask -> reply(node, from, query, peers(node, from, ask, now));
      case Question.AnnouncePeer announce -> announced(node, from, query, announce, now);
      case Question.Get ask -> reply(node, from, query, item(node, from, ask, now));
      case Question.Put put -> put(node, from, query, put, now);
      case Question.SampleInfohashes _ ->
          reply(
              node,
              from,
              query,
              nodes(node, from, query.question()).withSamples(samples(node, now)));
    };
  }

  /// "All DHT responses SHOULD include a top-level field called `ip`" (BEP 42).
  private static Krpc reply(OwnNode node, PeerAddress from, Krpc.Query query, Reply reply) {
    return new Krpc.Answer(
        query.transaction(), node.id(), reply, Optional.of(from), Optional.of(KrpcWriter.VERSION));
  }

  /// Of the family that the query came by, unless it says which it wants (BEP 32).
  private Reply nodes(OwnNode node, PeerAddress from, Question question) {
    Set<Family> want = question.want().isEmpty() ? EnumSet.of(node.family()) : question.want();
    NodeId place = question.place().orElseThrow();
    Reply reply = Reply.EMPTY;
    if (want.contains(Family.V4)) {
      reply = reply.withNodes(near(node, from, place, Family.V4));
    }
    return want.contains(Family.V6) ? reply.withNodes6(near(node, from, place, Family.V6)) : reply;
  }

  private List<NodeInfo> near(OwnNode node, PeerAddress from, NodeId place, Family family) {
    Optional<OwnNode> there = node.family() == family ? Optional.of(node) : commons.first(family);
    return there.stream()
        .flatMap(own -> own.table().closest(place, RoutingTable.K + 1).stream())
        .filter(near -> isTellable(near.address(), from) && !near.address().equals(from))
        .limit(RoutingTable.K)
        .toList();
  }

  private static boolean isTellable(PeerAddress address, PeerAddress to) {
    return AddressClass.of(address.ip()).isKnownFrom(AddressClass.of(to.ip()));
  }

  /// "Tokens may be omitted": where there is no room (BEP 33).
  private Reply peers(OwnNode node, PeerAddress from, Question.GetPeers ask, Instant now) {
    PeerStore store = commons.peers(node.family());
    int max = node.family() == Family.V4 ? PEERS_V4 : PEERS_V6;
    List<PeerAddress> peers =
        store.sample(ask.infoHash(), max, ask.noSeed(), commons.random()).stream()
            .filter(peer -> isTellable(peer, from))
            .toList();
    Reply reply = nodes(node, from, ask).withPeers(peers);
    if (store.hasRoom(ask.infoHash())) {
      reply = reply.withToken(token(node, from, NodeId.of(ask.infoHash()), now));
    }
    Optional<Reply.Blooms> blooms = ask.scrape() ? store.scrape(ask.infoHash()) : Optional.empty();
    return blooms.map(reply::withBlooms).orElse(reply);
  }

  private static Bencoded.Bytes token(OwnNode node, PeerAddress to, NodeId place, Instant now) {
    return node.tokens().issue(to.ip(), place, now);
  }

  private Krpc announced(
      OwnNode node,
      PeerAddress from,
      Krpc.Query query,
      Question.AnnouncePeer announce,
      Instant now) {
    NodeId place = NodeId.of(announce.infoHash());
    if (!node.tokens().accepts(announce.token(), from.ip(), place, now)) {
      return badToken(query);
    }
    int port = announce.impliedPort() ? from.port() : announce.port();
    boolean isKept =
        commons
            .peers(node.family())
            .announce(announce.infoHash(), new PeerAddress(from.ip(), port), announce.seed(), now);
    return isKept
        ? reply(node, from, query, Reply.EMPTY)
        : Krpc.Failure.of(query.transaction(), KrpcError.SERVER);
  }

  private Krpc badToken(Krpc.Query query) {
    commons.outbox().count("bad tokens");
    return Krpc.Failure.of(query.transaction(), KrpcError.PROTOCOL);
  }

  /// "An item's value should only be sent if its sequence number is greater than the given value"
  /// (BEP 44).
  private Reply item(OwnNode node, PeerAddress from, Question.Get ask, Instant now) {
    Reply reply = nodes(node, from, ask).withToken(token(node, from, ask.target(), now));
    Optional<Item> item = commons.items().get(ask.target());
    if (item.isEmpty()) {
      return reply;
    }
    OptionalLong known = ask.seq();
    boolean isKnown =
        item.get() instanceof Item.Mutable mutable
            && known.isPresent()
            && mutable.seq() <= known.getAsLong();
    return isKnown ? reply.withSeq(((Item.Mutable) item.get()).seq()) : reply.withItem(item.get());
  }

  private Krpc put(
      OwnNode node, PeerAddress from, Krpc.Query query, Question.Put put, Instant now) {
    if (!node.tokens().accepts(put.token(), from.ip(), put.item().target(), now)) {
      return badToken(query);
    }
    Optional<KrpcError> error = commons.items().put(put.item(), put.cas(), from.ip(), now);
    return error
        .<Krpc>map(why -> Krpc.Failure.of(query.transaction(), why))
        .orElseGet(() -> reply(node, from, query, Reply.EMPTY));
  }

  /// All of them if they fit. Else "a randomly sampled subset", the same for everybody until the
  /// time is over that `interval` tells (BEP 51).
  private Reply.Samples samples(OwnNode node, Instant now) {
    PeerStore store = commons.peers(node.family());
    if (store.swarms() <= SAMPLES) {
      List<InfoHash> all = store.sampleSwarms(SAMPLES, commons.random());
      return new Reply.Samples(all, store.swarms(), Duration.ZERO);
    }
    Sampled current = sampled.get(node.family());
    if (current == null || !current.until().isAfter(now)) {
      current = new Sampled(store.sampleSwarms(SAMPLES, commons.random()), now.plus(SAMPLED_FOR));
      sampled.put(node.family(), current);
    }
    return new Reply.Samples(
        current.infoHashes(), store.swarms(), Duration.between(now, current.until()));
  }
}
