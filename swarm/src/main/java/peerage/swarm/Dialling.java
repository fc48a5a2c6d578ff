package peerage.swarm;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.random.RandomGenerator;
import peerage.peers.PeerAddress;

/// The dials of one swarm: starts them as the [ConnectionPolicy] says, and takes down how they end.
final class Dialling {
  private final SwarmOptions options;
  private final CandidateBook book;
  private final PeerTable peers;
  private final OwnAddress self;
  private final Outbox out;
  private final ConnectionPolicy policy;
  private int underWay;

  /// @param random for the policy alone
  Dialling(
      SwarmOptions options,
      CandidateBook book,
      PeerTable peers,
      OwnAddress self,
      Outbox out,
      RandomGenerator random) {
    this.options = options;
    this.book = book;
    this.peers = peers;
    this.self = self;
    this.out = out;
    this.policy = new ConnectionPolicy(options, random);
  }

  int underWay() {
    return underWay;
  }

  /// When a dial may start, if nothing happens before.
  Optional<Instant> next(Instant now) {
    return book.all().stream()
        .filter(candidate -> candidate.state() == Candidate.State.IDLE && room() > 0)
        .map(candidate -> dialAt(candidate, now))
        .min(Comparator.naturalOrder());
  }

  private Instant dialAt(Candidate candidate, Instant now) {
    Instant due = candidate.notBefore();
    return due != null && due.isAfter(now) ? due : policy.nextCredit(now);
  }

  private int room() {
    int free = options.maxPeers() - peers.size() - underWay;
    return Math.min(free, options.maxHalfOpen() - underWay);
  }

  void start(Instant now) {
    for (Candidate candidate : policy.choose(book, now, room(), self::endpoint)) {
      candidate.dialling();
      underWay++;
      out.dial(candidate);
    }
  }

  /// A dial is over, however it went.
  void ended(PeerAddress address) {
    underWay--;
    book.get(address).ifPresent(Candidate::dialEnded);
  }

  void failed(PeerAddress address, DialFailure why, Instant now) {
    ended(address);
    out.happened(new SwarmEvent.DialFailed(address, why));
    book.get(address).ifPresent(candidate -> failed(candidate, now));
  }

  /// The candidate did not become a peer.
  void failed(Candidate candidate, Instant now) {
    if (candidate.isConnected()) {
      return; // it dialled us meanwhile
    }
    candidate.failed(ConnectionPolicy.retryAt(candidate, now));
    boolean hopeless = candidate.failures() >= SwarmOptions.MAX_FAILURES;
    if (hopeless && candidate.isHearsayOnly()) {
      book.forget(candidate);
    }
  }
}
