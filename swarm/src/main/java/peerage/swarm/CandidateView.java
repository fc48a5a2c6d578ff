package peerage.swarm;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import peerage.peers.PeerAddress;

/// The passport of one address: who named it, what we did with it, and why it is not a peer.
///
/// @param alias its address in the other family, if we know it for the same peer's
/// @param hearings how we heard, the first hearing first
/// @param verified whether a dial to it ever ended in a handshake
/// @param failures failed dials, halved by each success
/// @param lastFailure how its last dial failed
/// @param lastSuccess when it was last known to answer, monotonic
/// @param why why it is not connected, in words; empty if it is
/// @param nextTry when it may be dialled, if that is a matter of time alone
public record CandidateView(
    PeerAddress address,
    Optional<PeerAddress> alias,
    List<Candidate.Hearing> hearings,
    State state,
    boolean verified,
    int failures,
    Optional<DialFailure> lastFailure,
    Optional<Instant> lastSuccess,
    String why,
    Optional<Instant> nextTry) {

  /// What becomes of an address.
  public enum State {
    /// It is a candidate.
    IDLE,
    /// It is being dialled.
    DIALLING,
    /// It is a peer.
    CONNECTED,
    /// It was heard of, and not taken as a candidate.
    REFUSED
  }
}
