package peerage.dht;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import peerage.peers.IpAddress;

/// The nodes of a [RoutingTable] at one distance: at most eight, and as many that wait.
final class Bucket {
  /// How many strangers of one block of addresses (an IPv4 /24, an IPv6 /48) one bucket takes, so
  /// that who rents one cannot fill it (guess; libtorrent: 1).
  static final int PER_BLOCK = 2;

  private final List<Entry> entries = new ArrayList<>(RoutingTable.K);
  private final List<Entry> spares = new ArrayList<>(0);
  private Instant lastChange;

  Bucket(Instant now) {
    this.lastChange = now;
  }

  /// Takes a node in, or keeps it for later, or neither.
  ///
  /// @return who left for it
  Optional<Entry> offer(Entry entry, Instant now) {
    if (isCrowded(entry)) {
      return Optional.empty();
    }
    Optional<Entry> loser =
        entries.size() < RoutingTable.K ? Optional.empty() : loserAgainst(entry);
    loser.ifPresent(entries::remove);
    if (entries.size() < RoutingTable.K) {
      entries.add(entry);
      lastChange = now;
    } else {
      keep(entry);
    }
    return loser;
  }

  /// A bad one makes way, and for one whose id fits its address one whose id does not.
  private Optional<Entry> loserAgainst(Entry entry) {
    return entries.stream()
        .filter(e -> e.isBad() || (entry.isFitting() && !e.isFitting()))
        .max(Comparator.comparingInt(Entry::failures));
  }

  private boolean isCrowded(Entry entry) {
    IpAddress block = Place.block(entry.node().address());
    return Place.isStrange(entry.node().address())
        && entries.stream().filter(e -> Place.block(e.node().address()).equals(block)).count()
            >= PER_BLOCK;
  }

  /// The latest replace the oldest: they are the likeliest to be still there.
  private void keep(Entry entry) {
    spares.removeIf(e -> e.place().equals(entry.place()) || e.id().equals(entry.id()));
    spares.add(entry);
    if (spares.size() > RoutingTable.K) {
      spares.removeFirst();
    }
  }

  /// The latest of those that wait and are still good. The others are forgotten.
  Optional<Entry> takeSpare(Instant now) {
    spares.removeIf(e -> !e.isGood(now));
    return spares.isEmpty() ? Optional.empty() : Optional.of(spares.removeLast());
  }

  void remove(Entry entry) {
    entries.remove(entry);
  }

  boolean holds(Entry entry) {
    return entries.contains(entry);
  }

  boolean hasSpare() {
    return !spares.isEmpty();
  }

  boolean hasRoom() {
    return entries.size() < RoutingTable.K || spares.size() < RoutingTable.K;
  }

  Stream<Entry> entries() {
    return entries.stream();
  }

  Instant lastChange() {
    return lastChange;
  }

  void changed(Instant now) {
    lastChange = now;
  }
}
