package peerage.swarm;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import peerage.peers.PeerAddress;

/// The dials of one swarm: starts them as the [ConnectionPolicy] says, and takes down how they end.
final class Dialling {
  private final SwarmOptions options;
  private final CandidateBook book;
  private final PeerTable peers;
  private final OwnAddress self;
  private final Outbox out;
  private final Dials dials;
  private final ConnectionPolicy policy;

  /// @param worstStanding the [Standing] of the worst connection, if that may be replaced by a
  ///     better one
  /// @param random for the policy alone
  Dialling(
      SwarmOptions options,
      CandidateBook book,
      PeerTable peers,
      TellerLedger ledger,
      OwnAddress self,
      Outbox out,
      Supplier<OptionalLong> worstStanding,
      RandomGenerator random) {
    this.options = options;
    this.book = book;
    this.peers = peers;
    this.self = self;
    this.out = out;
    this.dials = new Dials(ledger);
    this.policy = new ConnectionPolicy(options, peers, dials, worstStanding, random);
  }

  int underWay() {
    return dials.underWay();
  }

  /// When a dial may start, if nothing happens before.
  Optional<Instant> next(Instant now) {
    return policy.next(book, now, peers.size());
  }

  void start(Instant now) {
    for (Candidate candidate : policy.choose(book, now, peers.size(), self::endpoint)) {
      out.dial(candidate);
    }
  }

  /// Whether somebody could be dialled at once, had we room.
  boolean someoneWaits(Instant now) {
    Crowds crowds = Crowds.of(options.maxPeers(), peers, dials.addresses());
    return book.all().stream()
        .filter(candidate -> crowds.overWith(candidate.address()) == 0)
        .anyMatch(candidate -> dials.obstacle(candidate, now).isEmpty());
  }

  /// How many could be dialled at once, had we room.
  int waiting(Instant now) {
    return (int)
        book.all().stream()
            .filter(candidate -> !candidate.isConnected())
            .filter(candidate -> dials.obstacle(candidate, now).isEmpty())
            .count();
  }

  /// Why a candidate is not dialled now; empty if it may be.
  Optional<Dials.Obstacle> obstacle(Candidate candidate, Instant now) {
    return dials.obstacle(candidate, now);
  }

  /// A dial ended in a handshake.
  void answered(PeerAddress address, Instant now) {
    Optional<Candidate> candidate = book.get(address);
    boolean first = candidate.filter(c -> c.lastSuccess().isEmpty()).isPresent();
    dials.answered(address, first, now);
    candidate.ifPresent(Candidate::dialEnded);
    candidate.ifPresent(c -> c.answered(now));
    book.touch();
  }

  void failed(PeerAddress address, DialFailure why, Instant now) {
    Optional<Candidate> candidate = book.get(address);
    boolean first =
        candidate.filter(c -> c.lastFailure().isEmpty() && !c.isConnected()).isPresent();
    dials.failed(address, first, now);
    out.happened(new SwarmEvent.DialFailed(address, why));
    candidate.ifPresent(Candidate::dialEnded);
    candidate.ifPresent(c -> fail(c, why, now));
    book.touch();
  }

  /// The dial did not take place: its host was dialled only just, for this or another torrent.
  void heldBack(PeerAddress address, Instant until) {
    dials.heldBack(address);
    Optional<Candidate> candidate = book.get(address);
    candidate.ifPresent(Candidate::dialEnded);
    candidate.filter(c -> !c.isConnected()).ifPresent(c -> c.heldBack(until));
    book.touch();
  }

  /// What answered is a peer that we have under another address.
  void superfluous(PeerAddress address, Instant now) {
    book.get(address).ifPresent(c -> fail(c, DialFailure.ANOTHER_ADDRESS, now));
  }

  /// The candidate did not become a peer.
  private void fail(Candidate candidate, DialFailure why, Instant now) {
    if (candidate.isConnected()) {
      return; // it dialled us meanwhile
    }
    candidate.failed(why, now);
    book.part(candidate); // its second address has its turn now
    boolean hopeless = candidate.failures() >= SwarmOptions.MAX_FAILURES;
    if (hopeless && candidate.isHearsayOnly()) {
      book.forget(candidate);
    }
  }
}
