package peerage.dht;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The nodes that one of our own nodes knows, by their distance from it (BEP 5). Only those are in
/// it that answered a query of ours; one of each [Place].
///
/// Bucket *n* has the nodes that share exactly *n* leading bits with us. That is what splitting
/// the bucket that we are in, over and over, leads to; only that the last few are not merged, so
/// that we know a little more of our neighbourhood, and nothing ever has to be split.
final class RoutingTable {
  /// "The routing table (...) K nodes in each bucket; K = 8" (BEP 5).
  static final int K = 8;

  /// "Buckets that have not been changed in 15 minutes should be refreshed" (BEP 5).
  static final Duration REFRESH = Entry.FRESH;

  /// When nobody at all was heard for so long, silence is our own network's fault (guess).
  static final Duration OUTAGE = Duration.ofSeconds(20);

  /// How long a node that turned up with another id is not believed (guess).
  static final Duration DOUBT = Duration.ofMinutes(1);

  /// How many that changed their ids are remembered (guess).
  static final int DOUBTS = 256;

  private record Doubt(NodeId id, Instant since) {}

  private final NodeId own;
  private final TreeMap<Integer, Bucket> buckets = new TreeMap<>();
  private final Map<NodeId, Entry> byId = new LinkedHashMap<>();
  private final Map<Place, Entry> byPlace = new LinkedHashMap<>();
  private final Map<Place, Doubt> doubted = new LinkedHashMap<>();
  private @Nullable Instant lastHeard;

  RoutingTable(NodeId own) {
    this.own = own;
  }

  /// A table for another id of ours that knows the same nodes.
  RoutingTable movedTo(NodeId id, Instant now) {
    var moved = new RoutingTable(id);
    byId.values().forEach(entry -> moved.enter(entry, now));
    moved.lastHeard = lastHeard;
    moved.doubted.putAll(doubted);
    return moved;
  }

  /// A node answered a query of ours, from where we had sent it to.
  void answered(NodeInfo node, Instant now) {
    lastHeard = now;
    if (node.id().equals(own)) {
      return;
    }
    Entry there = byPlace.get(Place.of(node.address()));
    if (there != null && there.changesIdTo(node)) {
      remove(there);
      doubt(node, now);
    } else if (!isDoubted(node, now)) {
      know(node, there, now);
    }
  }

  private void know(NodeInfo node, @Nullable Entry there, Instant now) {
    Entry named = byId.get(node.id());
    if (named != null && named == there) {
      named.answered(node, now);
      bucketOf(node.id(), now).changed(now);
      return;
    }
    boolean isTaken = Stream.of(named, there).anyMatch(e -> e != null && e.isGood(now));
    if (!isTaken) {
      remove(named);
      remove(there);
      enter(new Entry(node, now), now);
    }
  }

  private void enter(Entry entry, Instant now) {
    int prefix = own.commonPrefix(entry.id());
    if (prefix == NodeId.BITS) {
      return;
    }
    Bucket bucket = bucketOf(entry.id(), now);
    Optional<Entry> loser = bucket.offer(entry, now);
    loser.ifPresent(this::forget);
    if (bucket.holds(entry)) {
      byId.put(entry.id(), entry);
      byPlace.put(entry.place(), entry);
    }
  }

  /// A node that is in the table asked us something, from its own address.
  void queried(NodeInfo node, Instant now) {
    Entry entry = byId.get(node.id());
    if (entry != null && entry.node().equals(node)) {
      entry.queriedUs(now);
    }
  }

  /// A node left a query of ours without an answer. "Ping once more before evicting" (BEP 5): it
  /// is replaced at the second time, and leaves without a replacement at the third.
  void failed(NodeInfo node, Instant now) {
    Entry entry = byId.get(node.id());
    boolean isDeaf = lastHeard == null || lastHeard.plus(OUTAGE).isBefore(now);
    if (entry == null || isDeaf || !entry.node().equals(node)) {
      return;
    }
    entry.failed();
    if (entry.isBad()) {
      Bucket bucket = bucketOf(entry.id(), now);
      bucket
          .takeSpare(now)
          .ifPresentOrElse(
              spare -> replace(entry, spare, now),
              () -> {
                if (entry.isGone()) {
                  remove(entry);
                }
              });
    }
  }

  private void replace(Entry entry, Entry spare, Instant now) {
    remove(entry);
    if (!byPlace.containsKey(spare.place()) && !byId.containsKey(spare.id())) {
      enter(spare, now);
    }
  }

  private void remove(@Nullable Entry entry) {
    if (entry != null) {
      Bucket bucket = buckets.get(own.commonPrefix(entry.id()));
      if (bucket != null) {
        bucket.remove(entry);
      }
      forget(entry);
    }
  }

  private void forget(Entry entry) {
    byId.remove(entry.id(), entry);
    byPlace.remove(entry.place(), entry);
  }

  /// Who changes its id leaves, and is believed again when it has kept the new one for a while.
  private void doubt(NodeInfo node, Instant now) {
    doubted.remove(Place.of(node.address()));
    doubted.put(Place.of(node.address()), new Doubt(node.id(), now));
    if (doubted.size() > DOUBTS) {
      doubted.remove(doubted.keySet().iterator().next());
    }
  }

  private boolean isDoubted(NodeInfo node, Instant now) {
    Doubt doubt = doubted.get(Place.of(node.address()));
    if (doubt == null) {
      return false;
    }
    if (!doubt.id().equals(node.id())) {
      doubt(node, now);
      return true;
    }
    boolean isOver = !now.isBefore(doubt.since().plus(DOUBT));
    if (isOver) {
      doubted.remove(Place.of(node.address()));
    }
    return !isOver;
  }

  private Bucket bucketOf(NodeId id, Instant now) {
    return buckets.computeIfAbsent(own.commonPrefix(id), _ -> new Bucket(now));
  }

  /// The nodes nearest to a target, nearest first; those that failed only if the others are few.
  List<NodeInfo> closest(NodeId target, int count) {
    Comparator<Entry> nearest = (a, b) -> target.compareDistance(a.id(), b.id());
    List<Entry> sound = new ArrayList<>(byId.values());
    sound.removeIf(entry -> entry.failures() > 0);
    if (sound.size() < count) {
      sound = new ArrayList<>(byId.values());
      nearest = Comparator.comparing((Entry e) -> e.failures() > 0).thenComparing(nearest);
    }
    return sound.stream().sorted(nearest).limit(count).map(Entry::node).toList();
  }

  /// Which node to ping: one that is in the way of another, else the one that has been silent the
  /// longest, if it is not good any more. It is taken for pinged.
  Optional<NodeInfo> toPing(Instant now) {
    Optional<Entry> entry =
        buckets.values().stream()
            .filter(Bucket::hasSpare)
            .flatMap(Bucket::entries)
            .filter(e -> e.isPingable(now))
            .min(Comparator.comparing(Entry::lastAnswer));
    if (entry.isEmpty()) {
      entry =
          byId.values().stream()
              .filter(e -> e.isPingable(now))
              .min(Comparator.comparing(Entry::lastAnswer));
    }
    entry.ifPresent(e -> e.pinged(now));
    return entry.map(Entry::node);
  }

  /// Where to look to refresh a bucket in which nothing has happened for long: at a random place
  /// in it, and for the nearest one at ourselves. It is taken for refreshed.
  Optional<NodeId> toRefresh(Instant now, RandomGenerator random) {
    for (int prefix = 0; !buckets.isEmpty() && prefix <= buckets.lastKey(); prefix++) {
      Bucket bucket = buckets.computeIfAbsent(prefix, _ -> new Bucket(now));
      if (!bucket.lastChange().plus(REFRESH).isAfter(now)) {
        bucket.changed(now);
        return Optional.of(prefix == buckets.lastKey() ? own : within(prefix, random));
      }
    }
    return Optional.empty();
  }

  private NodeId within(int prefix, RandomGenerator random) {
    byte[] bytes = new byte[NodeId.SIZE];
    random.nextBytes(bytes);
    byte[] ours = own.flipped(prefix).bytes();
    int whole = (prefix + 1) / 8;
    System.arraycopy(ours, 0, bytes, 0, whole);
    if (whole < NodeId.SIZE) {
      int keep = (0xFF00 >>> (prefix + 1) % 8) & 0xFF;
      bytes[whole] = (byte) ((ours[whole] & keep) | (bytes[whole] & ~keep));
    }
    return NodeId.of(bytes);
  }

  /// All nodes, the good ones first.
  Stream<NodeInfo> best(Instant now) {
    return byId.values().stream()
        .sorted(Comparator.comparing(entry -> !entry.isGood(now)))
        .map(Entry::node);
  }

  boolean knows(NodeInfo node) {
    Entry entry = byId.get(node.id());
    return entry != null && entry.node().equals(node);
  }

  /// Whether a node of this id would be let in, or would be kept for when another one fails.
  boolean hasRoomFor(NodeInfo node) {
    Bucket bucket = buckets.get(own.commonPrefix(node.id()));
    return !byPlace.containsKey(Place.of(node.address()))
        && !byId.containsKey(node.id())
        && (bucket == null || bucket.hasRoom());
  }

  int size() {
    return byId.size();
  }

  int good(Instant now) {
    return (int) byId.values().stream().filter(entry -> entry.isGood(now)).count();
  }
}
