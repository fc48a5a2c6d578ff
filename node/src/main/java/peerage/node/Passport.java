package peerage.node;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.swarm.Candidate;
import peerage.swarm.CandidateView;
import peerage.swarm.DialFailure;

/// Everything that is known of one address of a swarm: who named it and when, what became of it,
/// and why it is not a peer. Times are those of the wall clock.
///
/// @param address where it listens, as we heard
/// @param alias its address in the other family, if we know it for the same peer's
/// @param heard who named it, the first first
/// @param state what becomes of it
/// @param verified whether a dial of ours ever reached it
/// @param failures failed dials, halved by each success
/// @param lastFailure how its last dial failed
/// @param lastSuccess when it was last known to answer
/// @param why why it is not connected, in words; empty if it is
/// @param nextTry when it may be dialled, if that is a matter of time alone
public record Passport(
    PeerAddress address,
    Optional<PeerAddress> alias,
    List<Heard> heard,
    CandidateView.State state,
    boolean verified,
    int failures,
    Optional<DialFailure> lastFailure,
    Optional<Instant> lastSuccess,
    String why,
    Optional<Instant> nextTry) {
  /// Copies the list.
  public Passport {
    heard = List.copyOf(heard);
  }

  /// One time that we heard of it.
  public record Heard(Origin origin, Instant at) {}

  /// @param ahead what to add to a machine's time for the wall clock's
  static Passport of(CandidateView view, Duration ahead) {
    return new Passport(
        view.address(),
        view.alias(),
        view.hearings().stream().map(hearing -> heard(hearing, ahead)).toList(),
        view.state(),
        view.verified(),
        view.failures(),
        view.lastFailure(),
        view.lastSuccess().map(at -> at.plus(ahead)),
        view.why(),
        view.nextTry().map(at -> at.plus(ahead)));
  }

  private static Heard heard(Candidate.Hearing hearing, Duration ahead) {
    return new Heard(hearing.origin(), hearing.at().plus(ahead));
  }
}
