package peerage.cli;

import java.time.Instant;
import java.util.Optional;
import peerage.peers.InfoHash;
import peerage.peers.PeerAddress;
import peerage.pex.PexAudit;

/// One PEX message that was found.
///
/// @param at when it came; empty if that is not known
/// @param route between whom; empty if that is not known
/// @param bytes of its payload
/// @param verdict what it says and breaks
record Sighting(Optional<Instant> at, Optional<Route> route, int bytes, PexAudit.Verdict verdict) {

  /// One direction of a connection.
  ///
  /// @param from the sender
  /// @param to the receiver
  /// @param fromClient what the sender calls itself
  /// @param toClient what the receiver calls itself
  /// @param torrent what the connection is about, if its beginning was captured
  record Route(
      PeerAddress from,
      PeerAddress to,
      Optional<String> fromClient,
      Optional<String> toClient,
      Optional<InfoHash> torrent) {}

  /// All messages of one direction.
  record Total(Route route, PexAudit.Summary summary) {}
}
