package peerage.node;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import peerage.announce.LanMessage;
import peerage.peers.AddressClass;
import peerage.peers.Family;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;

/// The sockets of local discovery: one for each address family that can be had, in its multicast
/// group on each network. The port is shared with other clients on this machine. Sending and
/// joining are for one thread; what comes in comes on threads of its own.
final class LanSockets implements AutoCloseable {
  /// BEP 14: implementations "may want to set the `IP_MULTICAST_TTL` socket option to a value above
  /// 1"; few sites are deeper than this (guess).
  private static final int HOPS = 4;

  /// How long to wait after an error that may repeat, in nanoseconds.
  private static final long PAUSE = 10_000_000;

  /// One address family on one interface.
  ///
  /// @param index the interface's, as the system numbers them
  record Network(int index, Family family) {}

  private final @Nullable IpAddress local;
  private final BiConsumer<PeerAddress, byte[]> receiver;
  private final Map<Family, DatagramChannel> channels = new EnumMap<>(Family.class);
  private final Map<Network, MembershipKey> joined = new HashMap<>();

  /// @param local the address that we are bound to: only its interface is used, and only its
  ///     family; null for all
  /// @param receiver takes what comes; may block
  LanSockets(@Nullable IpAddress local, BiConsumer<PeerAddress, byte[]> receiver) {
    this.local = local;
    this.receiver = receiver;
    for (Family family : Family.values()) {
      if (local == null || local.family() == family) {
        open(family);
      }
    }
  }

  private void open(Family family) {
    try {
      DatagramChannel channel = DatagramChannel.open(protocol(family));
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, HOPS);
      channel.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, true); // others on this machine
      bind(channel, family);
      channels.put(family, channel);
      Thread.ofVirtual().name("lan " + family).start(() -> read(channel));
    } catch (IOException | UnsupportedOperationException _) {
      // this machine does not have that family, or the port is somebody's alone: then without
    }
  }

  private static StandardProtocolFamily protocol(Family family) {
    return switch (family) {
      case V4 -> StandardProtocolFamily.INET;
      case V6 -> StandardProtocolFamily.INET6;
    };
  }

  /// Bound to the group, nothing comes but what is for the group. Not every system allows that.
  private static void bind(DatagramChannel channel, Family family) throws IOException {
    try {
      channel.bind(new InetSocketAddress(group(family), LanMessage.GROUP_PORT));
    } catch (IOException _) {
      channel.bind(new InetSocketAddress(LanMessage.GROUP_PORT));
    }
  }

  private static InetAddress group(Family family) {
    String text =
        switch (family) {
          case V4 -> LanMessage.GROUP_V4;
          case V6 -> LanMessage.GROUP_V6;
        };
    return Addresses.toInet(IpAddress.parse(text).orElseThrow());
  }

  private void read(DatagramChannel channel) {
    ByteBuffer buffer = ByteBuffer.allocate(0xFFFF);
    while (channel.isOpen()) {
      try {
        var from = (InetSocketAddress) channel.receive(buffer.clear());
        byte[] bytes = new byte[buffer.flip().remaining()];
        buffer.get(bytes);
        if (from.getPort() != 0) {
          receiver.accept(Addresses.toPeer(from), bytes);
        }
      } catch (ClosedChannelException _) {
        return;
      } catch (IOException _) {
        LockSupport.parkNanos(PAUSE);
      }
    }
  }

  /// The networks that can be reached now.
  Set<Network> networks() {
    var networks = new LinkedHashSet<Network>();
    try {
      for (NetworkInterface place : NetworkInterface.networkInterfaces().toList()) {
        if (isOfUse(place)) {
          channels.keySet().stream()
              .filter(family -> hasAddress(place, family))
              .forEach(family -> networks.add(new Network(place.getIndex(), family)));
        }
      }
    } catch (IOException _) {
      // then there are none that we know of
    }
    return networks;
  }

  private boolean isOfUse(NetworkInterface place) throws IOException {
    boolean ours = local != null && local.isLoopback();
    return place.isUp()
        && (ours ? place.isLoopback() : !place.isLoopback() && place.supportsMulticast());
  }

  /// A link-local address would be the source of our datagrams, and nobody could dial it.
  private boolean hasAddress(NetworkInterface place, Family family) {
    List<IpAddress> ips = place.inetAddresses().map(Addresses::toIp).toList();
    if (local != null && !local.isLoopback()) {
      return ips.contains(local);
    }
    return ips.stream()
        .anyMatch(ip -> ip.family() == family && AddressClass.of(ip) != AddressClass.LINK_LOCAL);
  }

  /// Begins to hear what is said on a network.
  ///
  /// @return whether it does
  boolean join(Network network) {
    DatagramChannel channel = channels.get(network.family());
    try {
      NetworkInterface place = NetworkInterface.getByIndex(network.index());
      if (channel == null || place == null) {
        return false;
      }
      joined.put(network, channel.join(group(network.family()), place));
      return true;
    } catch (IOException | IllegalArgumentException | UnsupportedOperationException _) {
      return false;
    }
  }

  /// The network is gone.
  void leave(Network network) {
    MembershipKey key = joined.remove(network);
    if (key != null) {
      key.drop();
    }
  }

  /// Says something on a network; a datagram may get lost on any way.
  void send(Network network, byte[] datagram) {
    DatagramChannel channel = channels.get(network.family());
    try {
      NetworkInterface place = NetworkInterface.getByIndex(network.index());
      if (channel != null && place != null) {
        channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, place);
        channel.send(
            ByteBuffer.wrap(datagram),
            new InetSocketAddress(group(network.family()), LanMessage.GROUP_PORT));
      }
    } catch (IOException _) {
      // the interface has just gone, or has no way there
    }
  }

  @Override
  public void close() {
    for (DatagramChannel channel : channels.values()) {
      try {
        channel.close();
      } catch (IOException _) {
        // closed is closed
      }
    }
  }
}
