package peerage.swarm;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import peerage.peers.PeerAddress;
import peerage.peers.PeerPriority;

/// What a full swarm does with one more connection: of two, the one of better [Standing] stays, so
/// that a swarm whose peers all do so becomes a random graph; who has to leave, or cannot come in,
/// is told whom else to ask.
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

  private boolean isFull() {
    return peers.size() >= options.maxPeers();
  }

  /// @param visitors whether there is anything that a visitor could be told
  Decision judge(Swarm.Input.Connected connected, boolean visitors, Instant now) {
    if (!isFull()) {
      return new Decision.Stay();
    }
    Crowds crowds = crowds();
    Optional<Peer> worst =
        worst(crowds, now).filter(peer -> isBetter(connected.remote(), peer, crowds));
    if (worst.isPresent()) {
      return new Decision.Replace(worst.get());
    }
    boolean isCaller = connected.direction() == Direction.INCOMING;
    return visitors && isCaller && door.letsIn(connected.remote().ip(), peers.visitors(), now)
        ? new Decision.Visit()
        : new Decision.Close("we have " + options.maxPeers() + " peers already");
  }

  /// The [Standing] of the peer that would be replaced; empty if none would be.
  OptionalLong worstStanding(Instant now) {
    Crowds crowds = crowds();
    return worst(crowds, now)
        .map(peer -> OptionalLong.of(standing(peer, crowds)))
        .orElse(OptionalLong.empty());
  }

  private Crowds crowds() {
    return Crowds.of(options.maxPeers(), peers, List.of());
  }

  private Optional<Peer> worst(Crowds crowds, Instant now) {
    boolean isSmall = book.isSmallFor(options.maxPeers());
    return peers.all().stream()
        .filter(peer -> peer.mayGoAfter(GRACE, now) && !peer.supplied(SUPPLIER, now))
        .filter(peer -> !isSmall || crowds.overBy(peer.name()) > 0)
        .min(Comparator.comparingLong(peer -> standing(peer, crowds)));
  }

  private long standing(Peer peer, Crowds crowds) {
    return Standing.of(rank(peer.name()), crowds.overBy(peer.name()));
  }

  private boolean isBetter(PeerAddress newcomer, Peer peer, Crowds crowds) {
    return Standing.of(rank(newcomer), crowds.overWith(newcomer)) > standing(peer, crowds);
  }

  /// As long as we do not know our own address all are alike.
  private long rank(PeerAddress address) {
    return self.endpoint(address.family()).map(us -> PeerPriority.of(us, address)).orElse(0L);
  }
}
