package peerage.swarm;

import java.nio.ByteBuffer;
import peerage.peers.AddressClass;
import peerage.peers.Family;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;

/// The part of the network that an address lies in: what one party can easily have all of.
///
/// In a private network each address is a part of its own, and on the loopback network each
/// endpoint: all of a laboratory or of a home lie in one /24, and only its own people are believed
/// about it.
///
/// @param prefix an address with the bits of the host taken off
/// @param port 0 but on the loopback network
record Network(IpAddress prefix, int port) {
  /// What one party is likely to hold all of: a /24 (IPv4) or a /48 (IPv6).
  static Network near(PeerAddress address) {
    return of(address, 24, 48);
  }

  /// What an attacker needs money to be in several of: a /16 (IPv4) or a /32 (IPv6), as Bitcoin
  /// groups addresses.
  static Network group(PeerAddress address) {
    return of(address, 16, 32);
  }

  /// One host; on the loopback network one endpoint.
  static Network host(PeerAddress address) {
    return new Network(address.ip(), address.ip().isLoopback() ? address.port() : 0);
  }

  private static Network of(PeerAddress address, int bitsV4, int bitsV6) {
    return isGlobal(address)
        ? new Network(address.ip().prefix(address.family() == Family.V4 ? bitsV4 : bitsV6), 0)
        : host(address);
  }

  static boolean isGlobal(PeerAddress address) {
    return AddressClass.of(address.ip()) == AddressClass.GLOBAL;
  }

  byte[] bytes() {
    byte[] ip = prefix.bytes();
    return ByteBuffer.allocate(ip.length + 2).put(ip).putShort((short) port).array();
  }
}
