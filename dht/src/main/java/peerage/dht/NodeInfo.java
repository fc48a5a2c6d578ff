package peerage.dht;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import peerage.peers.Family;
import peerage.peers.PeerAddress;

/// A node as others tell of it: its id, and where it listens with UDP.
///
/// @param id what it is said to call itself
/// @param address its address and UDP port
public record NodeInfo(NodeId id, PeerAddress address) {
  /// Bytes of one node in compact form: 26 for IPv4 (BEP 5), 38 for IPv6 (BEP 32).
  public static int compactSize(Family family) {
    return NodeId.SIZE + family.compactSize();
  }

  /// The address family of [#address()].
  public Family family() {
    return address.family();
  }

  /// Appends the compact form: the id, the address, then the port, big-endian.
  public void writeCompact(ByteBuffer target) {
    target.put(id.bytes());
    address.writeCompact(target);
  }

  /// Reads a whole compact list, leaving out the entries with port 0 and a cut-off last entry.
  public static List<NodeInfo> readCompactList(ByteBuffer source, Family family) {
    var nodes = new ArrayList<NodeInfo>(source.remaining() / compactSize(family));
    while (source.remaining() >= compactSize(family)) {
      byte[] id = new byte[NodeId.SIZE];
      source.get(id);
      Optional<PeerAddress> address = PeerAddress.readCompact(source, family);
      address.ifPresent(at -> nodes.add(new NodeInfo(NodeId.of(id), at)));
    }
    return nodes;
  }

  /// `1.2.3.4:6881 0123…` with the id in hex.
  @Override
  public String toString() {
    return address + " " + id;
  }
}
