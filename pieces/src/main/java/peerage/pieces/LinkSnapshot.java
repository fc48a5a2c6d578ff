package peerage.pieces;

import java.util.Set;
import peerage.peers.Link;

/// How one link does, for a display.
///
/// @param link which one
/// @param downloadRate bytes per second that it gives us, over the last seconds
/// @param states what holds of it, in the order of the enum
/// @param uploadRate bytes per second that we give it, over the last seconds
/// @param outstanding how many of our requests are unanswered there
/// @param pieces those that the peer has; a copy
public record LinkSnapshot(
    Link link,
    long downloadRate,
    Set<State> states,
    long uploadRate,
    int outstanding,
    PieceSet pieces) {

  /// What may hold of a link.
  public enum State {
    /// We serve the peer.
    UNCHOKED,
    /// The peer serves us.
    UNCHOKED_BY_PEER,
    /// We want something that the peer has.
    INTERESTED,
    /// The peer wants something that we have.
    PEER_INTERESTED,
    /// The peer has our optimistic slot.
    OPTIMISTIC,
    /// The peer owes us blocks and sends none.
    SNUBBED
  }
}
