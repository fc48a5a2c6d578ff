package peerage.node;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import peerage.bencode.MalformedMessage;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;
import peerage.swarm.DialFailure;
import peerage.swarm.DialGuard;
import peerage.swarm.Probe;
import peerage.wire.Handshake;

/// Dials peers, each on a virtual thread of its own.
final class Dialler {
  /// What became of a dial; one of the two is called, once, on the dial's thread.
  interface Outcome {
    void connected(SocketChannel channel, Handshake theirs);

    void failed(DialFailure why);
  }

  private final Alarm alarm;
  private final @Nullable IpAddress local;
  private final Set<IpAddress> broadcasts = Addresses.broadcasts();
  private final DialGuard guard = new DialGuard();
  private final ReentrantLock guarding = new ReentrantLock();

  /// @param local the source address of dials; null for the system's choice
  Dialler(Alarm alarm, @Nullable IpAddress local) {
    this.alarm = alarm;
    this.local = local;
  }

  /// Asks for a dial to an address that only hearsay knows, for whichever torrent. Any thread.
  ///
  /// @return empty if it may be dialled, and then it has to be; else when to ask again
  Optional<Instant> heldBackUntil(PeerAddress address, Instant now) {
    guarding.lock();
    try {
      return guard.heldBackUntil(address, now);
    } finally {
      guarding.unlock();
    }
  }

  /// A peer answered there: it may be dialled for other torrents, too. Any thread.
  void answered(PeerAddress address, Instant now) {
    guarding.lock();
    try {
      guard.answered(address, now);
    } finally {
      guarding.unlock();
    }
  }

  void dial(PeerAddress address, Handshake ours, Outcome outcome) {
    Thread.ofVirtual().name("dial " + address).start(() -> run(address, ours, outcome));
  }

  /// Sees whether somebody takes connections there; sends nothing.
  void probe(PeerAddress address, Consumer<Probe> outcome) {
    Thread.ofVirtual()
        .name("probe " + address)
        .start(() -> outcome.accept(takesConnections(address) ? Probe.OPEN : Probe.CLOSED));
  }

  private boolean takesConnections(PeerAddress address) {
    try (var channel = SocketChannel.open();
        var _ = alarm.after(Handshaking.LIMIT, () -> Handshaking.closeQuietly(channel))) {
      return reach(channel, address);
    } catch (IOException | IllegalArgumentException _) {
      return false;
    }
  }

  private boolean reach(SocketChannel channel, PeerAddress address) throws IOException {
    if (local != null) {
      channel.bind(new InetSocketAddress(Addresses.toInet(local), 0));
    }
    return channel.connect(Addresses.toSocket(address));
  }

  /// Where a dial would reach nobody, or everybody.
  private boolean isNobody(PeerAddress address) {
    return broadcasts.contains(address.ip());
  }

  private void run(PeerAddress address, Handshake ours, Outcome outcome) {
    if (isNobody(address)) {
      outcome.failed(DialFailure.UNREACHABLE);
      return;
    }
    var late = new AtomicBoolean();
    SocketChannel channel;
    try {
      channel = SocketChannel.open();
    } catch (IOException _) {
      outcome.failed(DialFailure.UNREACHABLE);
      return;
    }
    var limit =
        alarm.after(
            Handshaking.LIMIT,
            () -> {
              late.set(true);
              Handshaking.closeQuietly(channel);
            });
    try (limit) {
      Handshake theirs = connect(channel, address, ours);
      if (theirs.infoHash().equals(ours.infoHash())) {
        limit.close();
        outcome.connected(channel, theirs);
        return;
      }
      fail(channel, outcome, DialFailure.OTHER_TORRENT);
    } catch (ConnectException e) {
      boolean refused = String.valueOf(e.getMessage()).contains("refused");
      fail(channel, outcome, refused ? DialFailure.REFUSED : DialFailure.UNREACHABLE);
    } catch (MalformedMessage _) {
      fail(channel, outcome, DialFailure.NO_HANDSHAKE);
    } catch (IOException | IllegalArgumentException _) {
      fail(channel, outcome, late.get() ? DialFailure.TIMED_OUT : whyNot(channel));
    }
  }

  private static DialFailure whyNot(SocketChannel channel) {
    return channel.isConnected() ? DialFailure.NO_HANDSHAKE : DialFailure.UNREACHABLE;
  }

  private static void fail(SocketChannel channel, Outcome outcome, DialFailure why) {
    Handshaking.closeQuietly(channel);
    outcome.failed(why);
  }

  private Handshake connect(SocketChannel channel, PeerAddress address, Handshake ours)
      throws IOException, MalformedMessage {
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    reach(channel, address);
    Handshaking.send(channel, ours);
    return Handshaking.receive(channel);
  }
}
