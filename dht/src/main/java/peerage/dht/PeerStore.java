package peerage.dht;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import peerage.peers.Family;
import peerage.peers.InfoHash;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;

/// The peers that announced themselves to us (BEP 5, BEP 33): of each swarm one per address.
/// Bounded in swarms, in peers of a swarm, in peers altogether and in what one address may claim; a
/// peer that does not announce itself again is forgotten.
///
/// Not thread-safe; owned by the machine.
public final class PeerStore {
  /// How long an announcement counts: mldht's 60 minutes; clients repeat theirs after 15 to 30.
  static final Duration LIFE = Duration.ofMinutes(60);

  /// Swarms that are known (guess: some ten thousand would be a lot for one node of the real DHT).
  static final int MAX_SWARMS = 10_000;

  /// "Nodes should try to keep max(seeds,peers) below 6000" (BEP 33).
  static final int MAX_PEERS_OF_SWARM = 6_000;

  /// Peers altogether: some 15 MB (guess).
  static final int MAX_PEERS = 100_000;

  /// Swarms that one address, or one IPv6 network of 64 bits, may be in at a time (guess: whoever
  /// seeds a thousand torrents has few of them near our place).
  static final int MAX_SWARMS_OF_ONE = 500;

  private static final int V6_NETWORK = 64;

  private final Map<InfoHash, Map<Who, Announced>> swarms = new LinkedHashMap<>();
  private final Map<IpAddress, Integer> shares = new LinkedHashMap<>();
  private int peers;

  /// Unique in a swarm. "InfoHash,IP tuples in the database must be unique" (BEP 33); but on one
  /// machine, where all have the same address, the port tells them apart.
  private record Who(IpAddress ip, int port) {
    static Who of(PeerAddress peer) {
      return new Who(peer.ip(), peer.ip().isLoopback() ? peer.port() : 0);
    }
  }

  private record Announced(PeerAddress peer, boolean seed, Instant at) {}

  /// Keeps a peer, or keeps it for longer.
  ///
  /// @param seed whether it has all
  /// @return whether it is kept; if not, there is no room for it
  public boolean announce(InfoHash infoHash, PeerAddress peer, boolean seed, Instant now) {
    Map<Who, Announced> swarm = swarms.getOrDefault(infoHash, Map.of());
    boolean known = swarm.containsKey(Who.of(peer));
    if (!known && !hasRoomFor(peer.ip(), swarm.size())) {
      return false;
    }
    if (!known) {
      makeRoom(infoHash);
      peers++;
      shares.merge(network(peer.ip()), 1, Integer::sum);
    }
    Map<Who, Announced> kept = swarms.computeIfAbsent(infoHash, _ -> new LinkedHashMap<>());
    kept.remove(Who.of(peer)); // the latest is the last
    kept.put(Who.of(peer), new Announced(peer, seed, now));
    return true;
  }

  /// Whether one more peer of this swarm would be kept: "this can be achieved by not responding
  /// with tokens to get_peers requests for an infohash which has reached this limit" (BEP 33).
  public boolean hasRoom(InfoHash infoHash) {
    return swarms.getOrDefault(infoHash, Map.of()).size() < MAX_PEERS_OF_SWARM;
  }

  private boolean hasRoomFor(IpAddress ip, int inSwarm) {
    boolean shareLeft = ip.isLoopback() || shares.getOrDefault(network(ip), 0) < MAX_SWARMS_OF_ONE;
    return inSwarm < MAX_PEERS_OF_SWARM && shareLeft;
  }

  /// Some peers of a swarm, by chance.
  ///
  /// @param noSeed seeds only if there are too few others
  public List<PeerAddress> sample(
      InfoHash infoHash, int max, boolean noSeed, RandomGenerator random) {
    var all = new ArrayList<>(swarms.getOrDefault(infoHash, Map.of()).values());
    shuffleFirst(all, noSeed ? all.size() : max, random);
    if (noSeed) {
      all.sort(Comparator.comparing(Announced::seed)); // stable: no seed, then seeds
    }
    return all.stream().limit(max).map(Announced::peer).toList();
  }

  /// The filters that count a swarm; empty if nothing is known of it.
  public Optional<Reply.Blooms> scrape(InfoHash infoHash) {
    Map<Who, Announced> swarm = swarms.getOrDefault(infoHash, Map.of());
    return swarm.isEmpty()
        ? Optional.empty()
        : Optional.of(new Reply.Blooms(bloom(swarm, true), bloom(swarm, false)));
  }

  private static Bloom bloom(Map<Who, Announced> swarm, boolean seeds) {
    return Bloom.of(
        swarm.values().stream()
            .filter(announced -> announced.seed() == seeds)
            .map(announced -> announced.peer().ip())
            .toList());
  }

  /// Some of the swarms that are known, by chance (BEP 51).
  public List<InfoHash> sampleSwarms(int max, RandomGenerator random) {
    var all = new ArrayList<>(swarms.keySet());
    shuffleFirst(all, max, random);
    return List.copyOf(all.subList(0, Math.min(max, all.size())));
  }

  /// How many swarms are known.
  public int swarms() {
    return swarms.size();
  }

  /// How many peers are kept, over all swarms.
  public int peers() {
    return peers;
  }

  /// Forgets who did not announce itself for [#LIFE]. To be called every few minutes.
  public void expire(Instant now) {
    Instant oldest = now.minus(LIFE);
    for (Map<Who, Announced> swarm : swarms.values()) {
      swarm.values().stream()
          .filter(announced -> announced.at().isBefore(oldest))
          .forEach(this::forgotten);
      swarm.values().removeIf(announced -> announced.at().isBefore(oldest));
    }
    swarms.values().removeIf(Map::isEmpty);
  }

  /// For one more peer in a swarm: whoever loses is in the smallest other swarm, and of those in
  /// the one that was first heard of, so that a flood of invented swarms washes away itself first.
  private void makeRoom(InfoHash infoHash) {
    boolean swarmsFull = swarms.size() >= MAX_SWARMS && !swarms.containsKey(infoHash);
    if (!swarmsFull && peers < MAX_PEERS) {
      return;
    }
    swarms.entrySet().stream()
        .filter(entry -> !entry.getKey().equals(infoHash))
        .min(Comparator.comparingInt(entry -> entry.getValue().size()))
        .map(Map.Entry::getKey)
        .ifPresent(
            smallest -> {
              swarms.getOrDefault(smallest, Map.of()).values().forEach(this::forgotten);
              swarms.remove(smallest);
            });
  }

  private void forgotten(Announced announced) {
    peers--;
    shares.computeIfPresent(
        network(announced.peer().ip()), (_, count) -> count == 1 ? null : count - 1);
  }

  private static IpAddress network(IpAddress ip) {
    return ip.family() == Family.V6 ? ip.prefix(V6_NETWORK) : ip;
  }

  private static <T> void shuffleFirst(List<T> list, int count, RandomGenerator random) {
    for (int i = 0; i < Math.min(count, list.size() - 1); i++) {
      int other = random.nextInt(i, list.size());
      T moved = list.set(i, list.get(other));
      list.set(other, moved);
    }
  }
}
