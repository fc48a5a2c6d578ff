package peerage.dht;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import peerage.peers.Family;
import peerage.peers.IpAddress;

/// The items that we keep for others (BEP 44). Bounded in number, and in what one address may have
/// kept; an item that nobody puts again is forgotten.
///
/// Not thread-safe; owned by the machine.
public final class ItemStore {
  /// "Without re-announcement, these items MAY expire in 2 hours" (BEP 44).
  static final Duration LIFE = Duration.ofHours(2);

  /// Items that are kept: 3 MB at most (guess; libtorrent keeps 700).
  static final int MAX_ITEMS = 2_000;

  /// Items that one address, or one IPv6 network of 64 bits, may have kept (guess).
  static final int MAX_ITEMS_OF_ONE = 100;

  private static final int V6_NETWORK = 64;

  private final Map<NodeId, Kept> items = new LinkedHashMap<>(); // the last put is the last
  private final Map<IpAddress, Integer> shares = new LinkedHashMap<>();

  private record Kept(Item item, IpAddress writer, Instant at) {}

  /// Keeps an item, or keeps it for longer. Its token has been looked at before.
  ///
  /// @param cas see [Question.Put]
  /// @param writer from where it came
  /// @return why it is not kept; empty if it is
  public Optional<KrpcError> put(Item item, OptionalLong cas, IpAddress writer, Instant now) {
    NodeId target = item.target();
    @Nullable Kept kept = items.get(target);
    if (item instanceof Item.Mutable mutable) {
      Optional<KrpcError> refusal = refusal(mutable, cas, kept);
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    IpAddress network = network(writer);
    if (kept == null && shares.getOrDefault(network, 0) >= MAX_ITEMS_OF_ONE) {
      return Optional.of(KrpcError.GENERIC);
    }
    IpAddress owner = kept == null ? network : kept.writer(); // who first wrote it pays for it
    remove(target);
    makeRoom();
    items.put(target, new Kept(item, owner, now));
    shares.merge(owner, 1, Integer::sum);
    return Optional.empty();
  }

  /// What is cheap to see comes first, the signature last.
  private static Optional<KrpcError> refusal(
      Item.Mutable item, OptionalLong cas, @Nullable Kept kept) {
    if (kept != null && kept.item() instanceof Item.Mutable current) {
      // "Only if the cas matches the stored sequence number is the put performed"
      if (cas.isPresent() && cas.getAsLong() != current.seq()) {
        return Optional.of(KrpcError.CAS_MISMATCH);
      }
      boolean other = item.seq() == current.seq() && !item.value().equals(current.value());
      if (item.seq() < current.seq() || other) {
        return Optional.of(KrpcError.SEQ_TOO_LOW);
      }
    }
    return item.isSigned() ? Optional.empty() : Optional.of(KrpcError.BAD_SIGNATURE);
  }

  /// The item at a place.
  public Optional<Item> get(NodeId target) {
    return Optional.ofNullable(items.get(target)).map(Kept::item);
  }

  /// How many items are kept.
  public int size() {
    return items.size();
  }

  /// Forgets what was not put again for [#LIFE]. To be called every few minutes.
  public void expire(Instant now) {
    while (!items.isEmpty()) {
      var oldest = items.entrySet().iterator().next();
      if (!oldest.getValue().at().isBefore(now.minus(LIFE))) {
        return;
      }
      remove(oldest.getKey());
    }
  }

  /// The oldest item of whoever has the most.
  private void makeRoom() {
    if (items.size() < MAX_ITEMS) {
      return;
    }
    IpAddress greediest =
        shares.entrySet().stream()
            .max(Comparator.comparingInt(Map.Entry::getValue))
            .orElseThrow()
            .getKey();
    items.entrySet().stream()
        .filter(entry -> entry.getValue().writer().equals(greediest))
        .findFirst()
        .map(Map.Entry::getKey)
        .ifPresent(this::remove);
  }

  private void remove(NodeId target) {
    @Nullable Kept gone = items.remove(target);
    if (gone != null) {
      shares.computeIfPresent(gone.writer(), (_, count) -> count == 1 ? null : count - 1);
    }
  }

  private static IpAddress network(IpAddress ip) {
    return ip.family() == Family.V6 ? ip.prefix(V6_NETWORK) : ip;
  }
}
