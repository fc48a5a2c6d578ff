package peerage.swarm;

import java.time.Duration;
import java.util.Optional;
import peerage.peers.PeerAddress;

/// What a teller's word was worth so far, for display.
///
/// @param teller where it listens, or the far end of its connection
/// @param direction who dialled, in the connection on which it told last
/// @param told candidates that it named
/// @param tried how many of them we dialled
/// @param truthful how many answered
/// @param stale how many did not
/// @param refused addresses of its that were no candidates
/// @param withdrawn how many it said are gone
/// @param spacing the shortest time between two of its messages on one connection
/// @param score 100 and less: what its offences cost, forgiven with time
/// @param muted whether its messages are ignored now
public record TellerView(
    PeerAddress teller,
    Direction direction,
    int told,
    int tried,
    int truthful,
    int stale,
    int refused,
    int withdrawn,
    Optional<Duration> spacing,
    int score,
    boolean muted) {}
