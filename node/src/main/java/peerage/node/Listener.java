package peerage.node;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import peerage.bencode.MalformedMessage;
import peerage.peers.InfoHash;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;
import peerage.wire.Handshake;

/// Listens for peers on one port for all swarms, and hands each to the swarm that it asks for.
final class Listener implements AutoCloseable {
  /// A swarm that takes incoming connections.
  interface Host {
    /// Our handshake in this swarm.
    Handshake handshake();

    /// A peer connected, handshakes are done; the channel is the host's from now on.
    void incoming(SocketChannel channel, PeerAddress remote, Handshake theirs);
  }

  /// Connections that may be inside their handshake; more are closed at once (a guess: at ten
  /// seconds each, 25 strangers a second that say nothing).
  private static final int MAX_HANDSHAKES = 256;

  private static final int BACKLOG = 512;

  /// How long to wait when the system has no descriptors left, in nanoseconds.
  private static final long PAUSE = 100_000_000;

  private final ServerSocketChannel server;
  private final Alarm alarm;
  private final Function<InfoHash, Optional<? extends Host>> hosts;
  private final Semaphore handshakes = new Semaphore(MAX_HANDSHAKES);

  private Listener(
      ServerSocketChannel server, Alarm alarm, Function<InfoHash, Optional<? extends Host>> hosts) {
    this.server = server;
    this.alarm = alarm;
    this.hosts = hosts;
  }

  /// Listens on the preferred port; if that is taken on the next free one, and at last on any.
  ///
  /// @param preferred 0 for any
  static Listener open(
      @Nullable IpAddress local,
      int preferred,
      Alarm alarm,
      Function<InfoHash, Optional<? extends Host>> hosts)
      throws IOException {
    var server = ServerSocketChannel.open();
    try {
      server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      NearbyPort.find(local, preferred, address -> server.bind(address, BACKLOG));
    } catch (IOException | IllegalArgumentException e) {
      server.close();
      throw e;
    }
    var listener = new Listener(server, alarm, hosts);
    Thread.ofVirtual().name("listen").start(listener::accept);
    return listener;
  }

  int port() {
    return server.socket().getLocalPort();
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        SocketChannel channel = server.accept();
        if (handshakes.tryAcquire()) {
          Thread.ofVirtual().name("welcome").start(() -> welcome(channel));
        } else {
          Handshaking.closeQuietly(channel);
        }
      } catch (ClosedChannelException _) {
        return;
      } catch (IOException _) {
        LockSupport.parkNanos(PAUSE); // out of descriptors: the next connection may find one
      }
    }
  }

  private void welcome(SocketChannel channel) {
    try (var _ = alarm.after(Handshaking.LIMIT, () -> Handshaking.closeQuietly(channel))) {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      var remote = Addresses.toPeer((InetSocketAddress) channel.getRemoteAddress());
      Handshake theirs = Handshaking.receive(channel);
      Optional<? extends Host> host = hosts.apply(theirs.infoHash());
      if (host.isPresent()) {
        Handshaking.send(channel, host.get().handshake());
        host.get().incoming(channel, remote, theirs);
        return;
      }
      Handshaking.closeQuietly(channel);
    } catch (IOException | MalformedMessage | IllegalArgumentException _) {
      Handshaking.closeQuietly(channel);
    } finally {
      handshakes.release();
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException _) {
      // closed is closed
    }
  }
}
