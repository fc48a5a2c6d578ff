package peerage.node;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import peerage.announce.LanAnnouncer;
import peerage.announce.LanAnnouncer.Input;
import peerage.announce.LanAnnouncer.Output;
import peerage.node.LanSockets.Network;
import peerage.peers.InfoHash;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;

/// Local discovery of all torrents: one virtual thread that owns the [LanAnnouncer], with a bounded
/// inbox. It starts, and opens its sockets, when the first torrent wants it: a Peerage with nothing
/// but private torrents joins no group and sends nothing. Thread-safe.
final class LanPort implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("peerage.node");

  /// How soon an interface that comes later is used (guess: nobody waits for it).
  private static final Duration LOOK_AROUND = Duration.ofSeconds(15);

  private final @Nullable IpAddress local;
  private final MonotonicClock clock;
  private final LanAnnouncer machine;
  private final Inbox inbox = new Inbox();
  private final LongAdder dropped = new LongAdder();
  private volatile boolean closing;
  private @Nullable Thread thread; // guarded by this

  // the loop's own
  private final Map<InfoHash, Consumer<PeerAddress>> swarms = new HashMap<>();
  private final Map<Network, Integer> networks = new HashMap<>();
  private @Nullable LanSockets sockets;
  private int lastNetwork;

  /// @param local the address that we are bound to; null for all
  /// @param port where we listen for peers
  LanPort(@Nullable IpAddress local, int port, MonotonicClock clock) {
    this.local = local;
    this.clock = clock;
    this.machine = new LanAnnouncer(port, Services.newRandom());
  }

  /// Calls out that we are in a swarm, and tells who else is, until it is left.
  ///
  /// @param heard told on this loop's thread: must not block
  void join(InfoHash infoHash, Consumer<PeerAddress> heard) {
    start();
    inbox.post(
        () -> {
          swarms.put(infoHash, heard);
          handle(new Input.Joined(infoHash));
        });
  }

  void leave(InfoHash infoHash) {
    inbox.post(
        () -> {
          swarms.remove(infoHash);
          handle(new Input.Left(infoHash));
        });
  }

  /// Datagrams of others that were no use.
  long dropped() {
    return dropped.sum();
  }

  private synchronized void start() {
    if (thread == null && !closing) {
      thread = Thread.ofVirtual().name("lan").start(this::run);
    }
  }

  private void run() {
    try (var open = new LanSockets(local, this::received)) {
      sockets = open;
      Instant look = clock.instant();
      while (!closing) {
        Instant now = clock.instant();
        if (!look.isAfter(now)) {
          lookAround(open);
          look = now.plus(LOOK_AROUND);
        }
        step(machine.nextDeadline().filter(look::isAfter).orElse(look));
      }
    } catch (InterruptedException _) {
      closing = true;
    } catch (RuntimeException bug) { // ours: it ends local discovery, and nothing else
      LOG.log(Level.ERROR, "local discovery met a bug", bug);
    } finally {
      inbox.close();
    }
  }

  private void step(Instant until) throws InterruptedException {
    inbox.run(inbox.next(Duration.between(clock.instant(), until)), () -> closing);
    handle(new Input.Tick());
  }

  /// Takes up the networks that came, and lets go of those that went.
  private void lookAround(LanSockets open) {
    Set<Network> now = open.networks();
    for (Network gone : Set.copyOf(networks.keySet())) {
      if (!now.contains(gone)) {
        open.leave(gone);
        Integer number = networks.remove(gone);
        if (number != null) {
          handle(new Input.Down(number));
        }
      }
    }
    for (Network network : now) {
      if (!networks.containsKey(network) && open.join(network)) {
        networks.put(network, ++lastNetwork);
        handle(new Input.Up(lastNetwork, network.family()));
      }
    }
  }

  private void received(PeerAddress from, byte[] datagram) {
    inbox.post(() -> handle(new Input.Received(from, datagram)));
  }

  private void handle(Input input) {
    machine.handle(input, clock.instant()).forEach(this::obey);
  }

  private void obey(Output output) {
    switch (output) {
      case Output.Send(int number, byte[] datagram) ->
          networks.forEach(
              (network, its) -> {
                if (its == number && sockets != null) {
                  sockets.send(network, datagram);
                }
              });
      case Output.Heard(InfoHash infoHash, PeerAddress peer) -> {
        Consumer<PeerAddress> swarm = swarms.get(infoHash);
        if (swarm != null) {
          swarm.accept(peer);
        }
      }
      case Output.Dropped(var _, LanAnnouncer.Reason reason) -> {
        if (reason != LanAnnouncer.Reason.OWN) {
          dropped.increment();
        }
      }
    }
  }

  @Override
  public void close() {
    closing = true;
    inbox.post(() -> {});
  }
}
