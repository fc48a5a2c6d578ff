package peerage.swarm;

import java.time.Instant;
import peerage.peers.Link;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;
import peerage.peers.PeerId;

/// A connected peer at one moment, for display.
///
/// @param address where it listens if we know, else the far end of its connection
/// @param origin how we first heard of it
/// @param client its name for itself, else what its peer id says
/// @param flags what we know of it at first hand
/// @param evidence how we know where it listens
/// @param pex whether it takes peer exchange now
/// @param since when the handshake was complete, monotonic
public record PeerView(
    Link link,
    PeerAddress address,
    Direction direction,
    Origin origin,
    PeerId id,
    String client,
    PeerFlags flags,
    Evidence evidence,
    boolean pex,
    Instant since) {}
