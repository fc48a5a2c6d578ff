package peerage.node;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import peerage.peers.AddressClass;
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

  /// The addresses of this machine that other hosts could reach.
  static List<IpAddress> ofThisMachine() {
    return interfaceAddresses()
        .map(address -> toIp(address.getAddress()))
        .filter(ip -> isOfUse(AddressClass.of(ip)))
        .toList();
  }

  private static boolean isOfUse(AddressClass place) {
    return switch (place) {
      case GLOBAL, PRIVATE, SHARED -> true;
      case LOOPBACK, LINK_LOCAL, UNUSABLE -> false;
    };
  }

  /// Where a datagram would reach everybody around, and a dial nobody.
  static Set<IpAddress> broadcasts() {
    return interfaceAddresses()
        .flatMap(address -> Stream.ofNullable(address.getBroadcast()))
        .map(Addresses::toIp)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Stream<InterfaceAddress> interfaceAddresses() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(each -> each.getInterfaceAddresses().stream());
    } catch (SocketException _) {
      return Stream.empty(); // then we do not know
    }
  }

  static PeerAddress toPeer(InetSocketAddress address) {
    return new PeerAddress(toIp(address.getAddress()), address.getPort());
  }
}
