package peerage.node;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import peerage.node.spi.PxpWire;

/// Plain TCP: `tcp://host:port`.
final class TcpWire implements PxpWire {
  private static final int BACKLOG = 512;

  /// How long to wait when the system has no descriptors left, in nanoseconds (guess).
  private static final long PAUSE = 100_000_000;

  private final PxpThreads threads;

  TcpWire(PxpThreads threads) {
    this.threads = threads;
  }

  @Override
  public Set<String> schemes() {
    return Set.of("tcp");
  }

  @Override
  public ByteChannel connect(URI where, Options options) throws IOException {
    return dial(where, options.within());
  }

  /// Connects to the first of a host's addresses that answers.
  static SocketChannel dial(URI where, Duration within) throws IOException {
    long deadline = System.nanoTime() + within.toNanos();
    IOException failure = null;
    for (InetAddress address : InetAddress.getAllByName(hostOf(where))) {
      long left = Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
      var channel = SocketChannel.open();
      try {
        channel.socket().connect(new InetSocketAddress(address, where.getPort()), (int) left);
        return ready(channel);
      } catch (IOException e) {
        channel.close();
        failure = e;
      }
    }
    throw failure == null ? new IOException("the host has no address") : failure;
  }

  /// The host without the brackets of IPv6.
  static String hostOf(URI where) {
    String host = where.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static SocketChannel ready(SocketChannel channel) throws IOException {
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    return channel;
  }

  @Override
  public Listening listen(
      URI where, Options options, BiConsumer<ByteChannel, InetSocketAddress> acceptor)
      throws IOException {
    return listen(where, acceptor::accept);
  }

  /// What becomes of an accepted connection; it must not block for long.
  interface Accepted {
    void take(SocketChannel channel, InetSocketAddress remote);
  }

  Listening listen(URI where, Accepted accepted) throws IOException {
    var server = ServerSocketChannel.open();
    try {
      server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      server.bind(socketOf(where), BACKLOG);
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
    var address = (InetSocketAddress) server.getLocalAddress();
    threads.start("pxp listen " + address, () -> accept(server, accepted));
    return new Server(server, address);
  }

  /// The address to bind to: without a host all of this machine's.
  static InetSocketAddress socketOf(URI where) throws IOException {
    int port = PxpUri.portOf(where);
    return where.getHost() == null
        ? new InetSocketAddress(port)
        : new InetSocketAddress(InetAddress.getByName(hostOf(where)), port);
  }

  private static void accept(ServerSocketChannel server, Accepted accepted) {
    while (server.isOpen()) {
      try {
        take(server.accept(), accepted);
      } catch (ClosedChannelException _) {
        return;
      } catch (IOException _) {
        LockSupport.parkNanos(PAUSE); // out of descriptors: the next connection may find one
      }
    }
  }

  private static void take(SocketChannel channel, Accepted accepted) {
    try {
      var remote = (InetSocketAddress) channel.getRemoteAddress();
      accepted.take(ready(channel), remote);
    } catch (IOException _) {
      Handshaking.closeQuietly(channel); // gone already
    }
  }

  private record Server(ServerSocketChannel channel, InetSocketAddress address)
      implements Listening {
    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException _) {
        // closed is closed
      }
    }
  }
}
