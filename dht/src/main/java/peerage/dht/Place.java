package peerage.dht;

import peerage.peers.AddressClass;
import peerage.peers.Family;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;

/// Who counts as one: an IPv4 address, an IPv6 /64 (one host has all of it), or on our own machine
/// an address with its port, since there everybody has the same address.
///
/// @param ip the address, or the prefix
/// @param port 0 but on our own machine
record Place(IpAddress ip, int port) {
  static Place of(PeerAddress address) {
    IpAddress ip = address.ip();
    if (ip.isLoopback()) {
      return new Place(ip, address.port());
    }
    boolean isWide = ip.family() == Family.V6 && AddressClass.of(ip) == AddressClass.GLOBAL;
    return new Place(isWide ? ip.prefix(64) : ip, 0);
  }

  /// The block of addresses that commonly has one owner: an IPv4 /24, an IPv6 /48.
  static IpAddress block(PeerAddress address) {
    return address.ip().prefix(address.family() == Family.V4 ? 24 : 48);
  }

  /// Whether the rules against strangers who choose their ids and addresses apply: in one's own
  /// network they do not (BEP 42: "any peer on a local network address is exempt").
  static boolean isStrange(PeerAddress address) {
    return AddressClass.of(address.ip()) == AddressClass.GLOBAL;
  }

  /// Whether the id is one that this address may have (BEP 42).
  static boolean isFitting(NodeInfo node) {
    return !isStrange(node.address()) || node.id().isValidFor(node.address().ip());
  }
}
