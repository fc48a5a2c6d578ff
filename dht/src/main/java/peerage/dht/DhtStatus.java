package peerage.dht;

import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import peerage.peers.Family;
import peerage.peers.IpAddress;

/// How the DHT does.
///
/// @param sockets one entry for each socket, in the order of their numbers
/// @param tasks how many tasks are under way
/// @param swarms how many info hashes we keep peers for, for others
/// @param peers how many peers we keep for others
/// @param items how many items we keep for others
/// @param counters what was counted, by name
public record DhtStatus(
    List<Node> sockets,
    int tasks,
    int swarms,
    int peers,
    int items,
    SequencedMap<String, Long> counters) {

  /// Our node on one socket.
  ///
  /// @param socket its number
  /// @param family its address family
  /// @param id what it calls itself
  /// @param good how many nodes of its table are good (BEP 5)
  /// @param known how many nodes are in its table
  /// @param ownIp our address as the others see it, once enough agree (BEP 42)
  public record Node(
      int socket, Family family, NodeId id, int good, int known, Optional<IpAddress> ownIp) {}
}
