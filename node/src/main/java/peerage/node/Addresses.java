package peerage.node;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;

/// Between our addresses and the JDK's.
final class Addresses {
  private Addresses() {}

  static InetSocketAddress toSocket(PeerAddress address) {
    return new InetSocketAddress(toInet(address.ip()), address.port());
  }

  static InetAddress toInet(IpAddress ip) {
    try {
      return InetAddress.getByAddress(ip.bytes());
    } catch (UnknownHostException e) {
      throw new AssertionError("4 and 16 bytes are addresses", e);
    }
  }

  static IpAddress toIp(InetAddress address) {
    return IpAddress.of(address.getAddress());
  }

  static PeerAddress toPeer(InetSocketAddress address) {
    return new PeerAddress(toIp(address.getAddress()), address.getPort());
  }
}
