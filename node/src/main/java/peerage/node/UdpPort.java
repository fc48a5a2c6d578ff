package peerage.node;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import peerage.peers.Family;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;

/// Our UDP port: one socket for both address families, shared by the DHT and the trackers'
/// protocol. A datagram is told by its first byte: KRPC is bencode and begins with `d`, what a
/// tracker answers begins with an action below 256 in 32 bits, that is with 0. Anything else is
/// counted and dropped.
///
/// Thread-safe.
final class UdpPort implements AutoCloseable {
  /// Takes what comes, on the port's own thread: it must not block.
  interface Handler {
    /// A datagram came.
    ///
    /// @param datagram the handler's to keep
    void received(PeerAddress from, byte[] datagram);
  }

  private static final System.Logger LOG = System.getLogger("peerage.node");

  /// No datagram is longer.
  private static final int MAX_DATAGRAM = 0xFFFF;

  /// For bursts of answers while the reader waits for its turn (guess: a thousand answers).
  private static final int RECEIVE_BUFFER = 1 << 20;

  /// How long to wait after an error that may repeat, in nanoseconds.
  private static final long PAUSE = 10_000_000;

  private final DatagramChannel channel;
  private final Set<Family> families;
  private final boolean isBound; // to one address
  private final int port;
  private final LongAdder unclaimed = new LongAdder();
  private final LongAdder unsent = new LongAdder();
  private volatile @Nullable Handler dht;
  private volatile @Nullable Handler tracker;

  private UdpPort(DatagramChannel channel, Set<Family> families, boolean isBound)
      throws IOException {
    this.isBound = isBound;
    this.channel = channel;
    this.families = Collections.unmodifiableSet(families);
    this.port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
    Thread.ofVirtual().name("udp").start(this::read);
  }

  /// Opens on the preferred port; if it is taken on the next free one, and at last on any.
  ///
  /// Departure: BEP 32 binds IPv6 to one global unicast address. A host whose address changes
  /// under way, by a VPN or another network, would be cut off; so we bind to all, and the DHT's
  /// nodes learn our address anew.
  ///
  /// @param local the address to use, and its family only; null for all
  /// @param preferred 0 for any
  /// @throws IOException if no port can be had
  static UdpPort open(@Nullable IpAddress local, int preferred) throws IOException {
    DatagramChannel channel = newChannel(local);
    try {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
      NearbyPort.find(local, preferred, channel::bind);
      boolean isBound = local != null;
      return new UdpPort(
          channel, local == null ? familiesOfThisMachine() : Set.of(local.family()), isBound);
    } catch (IOException | IllegalArgumentException e) {
      channel.close();
      throw e;
    }
  }

  /// A socket of IPv6 serves IPv4 as well. Where there is no IPv6 at all, opening one is refused.
  private static DatagramChannel newChannel(@Nullable IpAddress local) throws IOException {
    if (local != null && local.family() == Family.V4) {
      return DatagramChannel.open(StandardProtocolFamily.INET);
    }
    try {
      return DatagramChannel.open(StandardProtocolFamily.INET6);
    } catch (UnsupportedOperationException | IOException e) {
      if (local != null) {
        throw new IOException("this machine speaks no IPv6", e);
      }
      return DatagramChannel.open(StandardProtocolFamily.INET);
    }
  }

  private static Set<Family> familiesOfThisMachine() {
    var families = EnumSet.of(Family.V4);
    Addresses.ofThisMachine().stream().map(IpAddress::family).forEach(families::add);
    return families;
  }

  /// Who takes KRPC, from now on.
  void onDht(Handler handler) {
    dht = handler;
  }

  /// Who takes what trackers answer, from now on.
  void onTracker(Handler handler) {
    tracker = handler;
  }

  int port() {
    return port;
  }

  /// The families in which others may reach us.
  Set<Family> families() {
    return families;
  }

  /// Whether a datagram there has a way: an address of a family that we have, or this machine.
  boolean reaches(IpAddress ip) {
    return families.contains(ip.family()) || (ip.isLoopback() && !isBound);
  }

  /// Datagrams that nobody wanted.
  long unclaimed() {
    return unclaimed.sum();
  }

  /// Sends, or counts that it could not: a datagram may get lost on any way.
  void send(PeerAddress to, byte[] datagram) {
    try {
      if (channel.send(ByteBuffer.wrap(datagram), Addresses.toSocket(to)) == datagram.length) {
        return;
      }
    } catch (IOException | UnsupportedAddressTypeException _) {
      // no way there, or closed
    }
    unsent.increment();
  }

  /// Datagrams that could not be sent.
  long unsent() {
    return unsent.sum();
  }

  private void read() {
    ByteBuffer buffer = ByteBuffer.allocate(MAX_DATAGRAM);
    while (channel.isOpen()) {
      try {
        var from = (InetSocketAddress) channel.receive(buffer.clear());
        pass(from, buffer.flip());
      } catch (ClosedChannelException _) {
        return;
      } catch (IOException _) {
        LockSupport.parkNanos(PAUSE); // an earlier datagram found nobody, or no memory is left
      } catch (RuntimeException bug) { // ours: it costs this datagram, and nothing else
        LOG.log(Level.ERROR, "a datagram met a bug", bug);
      }
    }
  }

  private void pass(InetSocketAddress from, ByteBuffer datagram) {
    byte[] bytes = new byte[datagram.remaining()];
    datagram.get(bytes);
    Handler handler = bytes.length == 0 ? null : handler(bytes[0]);
    if (handler == null || from.getPort() == 0) { // nothing can be sent to port 0
      unclaimed.increment();
    } else {
      handler.received(Addresses.toPeer(from), bytes);
    }
  }

  private @Nullable Handler handler(byte first) {
    return switch (first) {
      case 'd' -> dht;
      case 0 -> tracker;
      default -> null;
    };
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException _) {
      // closed is closed
    }
  }
}
