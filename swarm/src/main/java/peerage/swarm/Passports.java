package peerage.swarm;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import peerage.peers.PeerAddress;

/// Writes the [CandidateView] of every address.
final class Passports {
  private final CandidateBook book;
  private final Dialling dialling;
  private final Judge judge;
  private final SwarmOptions options;

  Passports(CandidateBook book, Dialling dialling, Judge judge, SwarmOptions options) {
    this.book = book;
    this.dialling = dialling;
    this.judge = judge;
    this.options = options;
  }

  /// Candidates first, then whom the judge refused lately.
  List<CandidateView> all(int connected, Instant now) {
    var all = new ArrayList<CandidateView>();
    for (Candidate candidate : book.all()) {
      all.add(passport(candidate, connected, now));
    }
    judge
        .refusals()
        .forEach(
            (address, refused) -> {
              if (book.get(address).isEmpty()) {
                all.add(passport(address, refused));
              }
            });
    return all;
  }

  private CandidateView passport(Candidate candidate, int connected, Instant now) {
    Optional<Dials.Obstacle> obstacle = dialling.obstacle(candidate, now);
    boolean idle = candidate.state() == Candidate.State.IDLE;
    boolean full = idle && connected >= options.maxPeers();
    String why =
        obstacle
            .map(Dials.Obstacle::why)
            .orElse(full ? "we have " + connected + " peers already" : "waits for its turn");
    Optional<Instant> next = obstacle.map(Dials.Obstacle::until).orElse(Optional.of(now));
    return new CandidateView(
        candidate.address(),
        book.aliasOf(candidate),
        candidate.hearings(),
        state(candidate),
        candidate.isVerified(),
        candidate.failures(),
        candidate.lastFailure(),
        candidate.lastSuccess(),
        why,
        full ? Optional.empty() : next);
  }

  private static CandidateView.State state(Candidate candidate) {
    return switch (candidate.state()) {
      case IDLE -> CandidateView.State.IDLE;
      case DIALLING -> CandidateView.State.DIALLING;
      case CONNECTED -> CandidateView.State.CONNECTED;
    };
  }

  private static CandidateView passport(PeerAddress address, Refusals.Refused refused) {
    return new CandidateView(
        address,
        Optional.empty(),
        refused.hearings(),
        CandidateView.State.REFUSED,
        false,
        0,
        Optional.empty(),
        Optional.empty(),
        refused.reason(),
        Optional.empty());
  }
}
