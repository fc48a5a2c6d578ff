package peerage.swarm;

import java.util.List;
import java.util.Optional;
import peerage.peers.Link;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.pex.PexMessage;

/// A step in the life of a peer address, for those who watch.
public sealed interface SwarmEvent {
  /// We heard of a candidate; of a known one only when another origin names it.
  record Heard(PeerAddress candidate, Origin origin) implements SwarmEvent {}

  /// We heard of an address and do not take it.
  record Refused(PeerAddress candidate, Origin origin, String reason) implements SwarmEvent {}

  /// A dial failed.
  record DialFailed(PeerAddress candidate, DialFailure why) implements SwarmEvent {}

  /// A handshake is complete.
  ///
  /// @param peer where it listens if we dialled it, else the far end of its connection
  /// @param origins how we heard of it, the first first
  record Connected(Link link, PeerAddress peer, Direction direction, List<Origin> origins)
      implements SwarmEvent {}

  /// We know where an incoming peer listens, and with what it speaks.
  ///
  /// @param client its name for itself, if it gave one
  record Introduced(Link link, PeerAddress peer, Optional<String> client) implements SwarmEvent {}

  /// We know for sure now where a peer listens that dialled us, so others may be told.
  ///
  /// @param how a clause: why we are sure
  record Confirmed(Link link, PeerAddress peer, String how) implements SwarmEvent {}

  /// We are full, and a peer is here only to be told of others.
  record Visited(Link link, PeerAddress peer) implements SwarmEvent {}

  /// The torrent turned out to be private: what was not heard from its tracker is forgotten.
  ///
  /// @param forgotten addresses
  /// @param closed connections
  record WentPrivate(int forgotten, int closed) implements SwarmEvent {}

  /// A connection ended.
  record Disconnected(Link link, PeerAddress peer, String reason) implements SwarmEvent {}

  /// We told a peer of others.
  record Told(Link link, PeerAddress peer, PexMessage message) implements SwarmEvent {}

  /// A peer did something odd that is only counted.
  record Odd(Link link, PeerAddress peer, String what) implements SwarmEvent {}
}
