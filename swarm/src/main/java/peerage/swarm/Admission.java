package peerage.swarm;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.peers.PeerPriority;

/// What a full swarm does with one more connection: of two, the one of higher canonical priority
/// (BEP 40) stays, so that a swarm whose peers all do so becomes a random graph; who has to leave,
/// or
/// cannot come in, is told whom else to ask.
final class Admission {
  /// Peers that are younger are not replaced, or two newcomers could push each other out for ever
  /// (simulated).
  static final Duration GRACE = Duration.ofSeconds(30);

  /// A peer that sent us something we wanted so lately is not replaced (guess: three rounds of the
  /// usual choker).
  static final Duration SUPPLIER = Duration.ofSeconds(30);

  /// What becomes of a connection.
  sealed interface Decision {
    /// It stays.
    record Stay() implements Decision {}

    /// It stays in the place of another.
    record Replace(Peer worst) implements Decision {}

    /// It is told one list and let go.
    record Visit() implements Decision {}

    /// It is closed.
    record Close(String reason) implements Decision {}
  }

  private final SwarmOptions options;
  private final CandidateBook book;
  private final PeerTable peers;
  private final OwnAddress self;
  private final Door door = new Door();

  Admission(SwarmOptions options, CandidateBook book, PeerTable peers, OwnAddress self) {
    this.options = options;
    this.book = book;
    this.peers = peers;
    this.self = self;
  }

  boolean isFull() {
    return peers.size() >= options.maxPeers();
  }

  /// @param visitors whether there is anything that a visitor could be told
  Decision judge(Swarm.Input.Connected connected, boolean visitors, Instant now) {
    if (!isFull()) {
      return new Decision.Stay();
    }
    Optional<Peer> worst = worst(now).filter(peer -> isBetter(connected.remote(), peer));
    if (worst.isPresent()) {
      return new Decision.Replace(worst.get());
    }
    boolean isCaller = connected.direction() == Direction.INCOMING;
    return visitors && isCaller && door.letsIn(connected.remote().ip(), peers.visitors(), now)
        ? new Decision.Visit()
        : new Decision.Close("we have " + options.maxPeers() + " peers already");
  }

  /// The rank of the peer that would be replaced; empty if none would be.
  OptionalLong worstRank(Instant now) {
    return worst(now).map(peer -> rank(peer.name())).orElse(OptionalLong.empty());
  }

  private Optional<Peer> worst(Instant now) {
    if (book.size() < 2 * options.maxPeers()) {
      return Optional.empty(); // in a small swarm nobody needs to be chosen
    }
    return ranked(now).min(Comparator.comparingLong(Ranked::rank)).map(Ranked::peer);
  }

  private record Ranked(Peer peer, long rank) {}

  private Stream<Ranked> ranked(Instant now) {
    return peers.all().stream()
        .filter(peer -> isReplaceable(peer, now))
        .flatMap(peer -> rank(peer.name()).stream().mapToObj(rank -> new Ranked(peer, rank)));
  }

  private static boolean isReplaceable(Peer peer, Instant now) {
    boolean isYoung = now.isBefore(peer.since.plus(GRACE));
    boolean supplies = peer.suppliedAt != null && now.isBefore(peer.suppliedAt.plus(SUPPLIER));
    return !peer.isLeaving() && !isYoung && !supplies && !(peer.origin instanceof Origin.Given);
  }

  private boolean isBetter(PeerAddress newcomer, Peer peer) {
    OptionalLong rank = rank(newcomer);
    OptionalLong other = rank(peer.name());
    return rank.isPresent() && other.isPresent() && rank.getAsLong() > other.getAsLong();
  }

  private OptionalLong rank(PeerAddress address) {
    return self.endpoint(address.family()).stream()
        .mapToLong(us -> PeerPriority.of(us, address))
        .findFirst();
  }
}
