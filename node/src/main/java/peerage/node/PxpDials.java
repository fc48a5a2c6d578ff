package peerage.node;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import peerage.node.spi.PxpWire;
import peerage.peers.IpAddress;
import peerage.pxp.Attempt;
import peerage.pxp.Endpoint;
import peerage.pxp.Exchange;
import peerage.pxp.Role;
import peerage.pxp.Route;

/// Connects to endpoints, each on a thread of its own. Owned by the loop.
final class PxpDials {
  private final PxpLoop loop;
  private final PxpWires wires;
  private final PxpThreads threads;
  private final Duration within;
  private final @Nullable SSLContext tls;
  private final Map<Attempt, Thread> running = new TreeMap<>();

  PxpDials(
      PxpLoop loop, PxpWires wires, PxpThreads threads, Duration within, Optional<SSLContext> tls) {
    this.loop = loop;
    this.wires = wires;
    this.threads = threads;
    this.within = within;
    this.tls = tls.orElse(null);
  }

  /// What every wire is told.
  PxpWire.Options options(Duration limit) {
    return new PxpWire.Options(limit, Optional.ofNullable(tls));
  }

  // For the loop

  void begin(Attempt attempt, Endpoint endpoint) {
    running.put(
        attempt, threads.start("pxp dial " + endpoint, () -> dial(attempt, endpoint.uri())));
  }

  private void dial(Attempt attempt, URI where) {
    try {
      ByteChannel channel = wires.of(where).connect(where, options(within));
      loop.postOrElse(() -> opened(attempt, where, channel), () -> PxpLinks.closeQuietly(channel));
    } catch (IOException e) {
      String why = PxpWires.failure(where, e).getMessage();
      loop.post(() -> failed(attempt, where, String.valueOf(why)));
    }
  }

  private void opened(Attempt attempt, URI where, ByteChannel channel) {
    if (running.remove(attempt) == null) {
      PxpLinks.closeQuietly(channel); // given up meanwhile
    } else {
      loop.links().open(channel, Role.CONNECT, route(where, channel), attempt, () -> {});
    }
  }

  private void failed(Attempt attempt, URI where, String why) {
    if (running.remove(attempt) != null) {
      loop.publish(new PxpEvent.DialFailed(where, why));
      loop.handle(new Exchange.Input.AttemptFailed(attempt, why));
    }
  }

  /// Ends an attempt, if it is one of these.
  void giveUp(Attempt attempt) {
    Thread thread = running.remove(attempt);
    if (thread != null) {
      thread.interrupt();
    }
  }

  /// How a connection to an address that we dialled is carried.
  static Route route(URI where, ByteChannel channel) {
    return new Route(PxpWires.transportOf(where), remote(where, channel));
  }

  private static Optional<IpAddress> remote(URI where, ByteChannel channel) {
    try {
      if (channel instanceof SocketChannel socket
          && socket.getRemoteAddress() instanceof InetSocketAddress address) {
        return Optional.of(Addresses.toIp(address.getAddress()));
      }
    } catch (IOException _) {
      // closed already: then it does not matter
    }
    return IpAddress.parse(TcpWire.hostOf(where));
  }

  // For the application

  /// Connects on a thread of its own; the outcome is told to the arrival.
  Thread connect(URI where, Duration limit, PxpArrival arrival) {
    return threads.start("pxp connect " + where, () -> connectNow(where, limit, arrival));
  }

  private void connectNow(URI where, Duration limit, PxpArrival arrival) {
    try {
      ByteChannel channel = wires.of(where).connect(where, options(limit));
      loop.links().arrive(channel, Role.CONNECT, route(where, channel), arrival);
    } catch (IOException e) {
      arrival.failed(PxpWires.failure(where, e));
    }
  }
}
