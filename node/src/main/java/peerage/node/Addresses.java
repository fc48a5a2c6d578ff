package peerage.node;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import peerage.peers.AddressClass;
import peerage.peers.Family;
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

  /// The first address of each family that a host has.
  ///
  /// @throws UnknownHostException if it has none, or nobody knows
  static Map<Family, InetAddress> byFamily(String host) throws UnknownHostException {
    var found = new EnumMap<Family, InetAddress>(Family.class);
    for (InetAddress address : InetAddress.getAllByName(host)) {
      found.putIfAbsent(toIp(address).family(), address);
    }
    return found;
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

  /// The last addresses of our IPv4 networks: a datagram there would reach everybody around, and a
  /// dial nobody.
  static Set<IpAddress> broadcasts() {
    return interfaceAddresses()
        .filter(address -> address.getAddress() instanceof Inet4Address)
        .filter(address -> address.getNetworkPrefixLength() < 31) // RFC 3021: those two are hosts
        .map(address -> lastOf(toIp(address.getAddress()), address.getNetworkPrefixLength()))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static IpAddress lastOf(IpAddress ip, int prefix) {
    int bits = ByteBuffer.wrap(ip.bytes()).getInt();
    return IpAddress.ofV4(prefix <= 0 ? -1 : bits | -1 >>> prefix);
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
