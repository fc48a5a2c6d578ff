package peerage.node;

import java.util.List;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.swarm.Direction;

/// A verified peer: a handshake with it is complete.
///
/// @param address where it listens if we know, else the far end of its connection
/// @param direction who dialled
/// @param origins how we heard of it, the first first
/// @param client its name for itself
/// @param seed whether it has everything
/// @param share how much of the torrent it has, 0 to 1
/// @param downRate bytes per second from it
/// @param upRate bytes per second to it
public record PeerReport(
    PeerAddress address,
    Direction direction,
    List<Origin> origins,
    String client,
    boolean seed,
    double share,
    long downRate,
    long upRate) {
  /// Copies the list.
  public PeerReport {
    origins = List.copyOf(origins);
  }
}
