package peerage.dht;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import peerage.peers.Family;

/// What our own nodes have in common, and the nodes themselves. "It makes little difference whether
/// storage (...) is shared among multiple socket addresses" (BEP 45): it is.
final class Commons {
  /// Sockets at a time (guess; mldht's author reports 256).
  static final int SOCKETS = 256;

  /// Nodes of one family that are worth remembering (guess).
  static final int SAVED = 300;

  /// How often the stores forget what is too old (guess).
  static final Duration EXPIRY = Duration.ofMinutes(1);

  private final DhtOptions options;
  private final RandomGenerator random;
  private final RandomGenerator secrets;
  private final Outbox outbox = new Outbox();
  private final Routers routers = new Routers();
  private final Map<Family, PeerStore> peers = new EnumMap<>(Family.class);
  private final ItemStore items = new ItemStore();
  private final TreeMap<Integer, OwnNode> nodes = new TreeMap<>();
  private @Nullable Instant nextExpiry;

  Commons(DhtOptions options, RandomGenerator random, RandomGenerator secrets) {
    this.options = options;
    this.random = random;
    this.secrets = secrets;
    for (Family family : Family.values()) {
      peers.put(family, new PeerStore());
    }
  }

  DhtOptions options() {
    return options;
  }

  RandomGenerator random() {
    return random;
  }

  RandomGenerator secrets() {
    return secrets;
  }

  Outbox outbox() {
    return outbox;
  }

  Routers routers() {
    return routers;
  }

  /// "No IPv6 data is stored in the IPv4 DHT, and conversely" (BEP 32).
  PeerStore peers(Family family) {
    return Objects.requireNonNull(peers.get(family));
  }

  Stream<PeerStore> allPeers() {
    return peers.values().stream();
  }

  ItemStore items() {
    return items;
  }

  /// An id that is not given is random, so that those of several sockets are far apart (BEP 45).
  void open(int socket, Family family, Optional<NodeId> formerId, Instant now) {
    if (nodes.containsKey(socket) || nodes.size() >= SOCKETS) {
      throw new IllegalArgumentException("socket " + socket + " is open, or there are too many");
    }
    boolean isTaken = nodes().anyMatch(node -> Optional.of(node.id()).equals(formerId));
    NodeId id = formerId.filter(_ -> !isTaken).orElseGet(this::randomId);
    nodes.put(socket, new OwnNode(this, socket, family, id, now));
  }

  private NodeId randomId() {
    byte[] bytes = new byte[NodeId.SIZE];
    random.nextBytes(bytes);
    return NodeId.of(bytes);
  }

  Optional<OwnNode> node(int socket) {
    return Optional.ofNullable(nodes.get(socket));
  }

  Stream<OwnNode> nodes() {
    return nodes.values().stream();
  }

  void eachNode(Consumer<OwnNode> action) {
    nodes.values().forEach(action);
  }

  /// The first of our nodes of a family.
  Optional<OwnNode> first(Family family) {
    return nodes().filter(node -> node.family() == family).findFirst();
  }

  /// For each family that node of ours that knows the most good ones.
  List<OwnNode> oneOfEachFamily(Instant now) {
    Map<Family, OwnNode> best = new EnumMap<>(Family.class);
    eachNode(
        node ->
            best.merge(
                node.family(), node, (a, b) -> b.table().good(now) > a.table().good(now) ? b : a));
    return new ArrayList<>(best.values());
  }

  /// Whether we have a node of this family that knows too few others yet.
  boolean isThin(Family family) {
    return first(family).map(OwnNode::isThin).orElse(false);
  }

  void tick(Instant now) {
    eachNode(node -> node.tick(now));
    if (nextExpiry == null || !nextExpiry.isAfter(now)) {
      allPeers().forEach(store -> store.expire(now));
      items.expire(now);
      nextExpiry = now.plus(EXPIRY);
    }
  }

  /// The stores expire when our nodes have something to do anyway.
  Optional<Instant> nextDeadline() {
    return nodes().map(OwnNode::nextDeadline).min(Instant::compareTo);
  }

  List<NodeInfo> nodesToSave(Instant now) {
    var saved = new ArrayList<NodeInfo>();
    for (Family family : Family.values()) {
      nodes()
          .filter(node -> node.family() == family)
          .flatMap(node -> node.table().best(now))
          .distinct()
          .limit(SAVED)
          .forEach(saved::add);
    }
    return saved;
  }
}
