package peerage.pieces;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import peerage.peers.InfoHash;
import peerage.wire.Block;
import peerage.wire.Message;

/// Several [Transfer]s, connected by queues with random delays, each with a [SimulatedDriver] that
/// keeps the driver's side of the contract and watches the machine's.
final class SimulatedSwarm {
  static final InfoHash INFO_HASH = InfoHash.of(new byte[20]);
  static final Instant START = Instant.ofEpochSecond(1_000_000);

  /// What happens at a time; in order of its number among things of the same time.
  private record Event(Instant at, long number, Runnable action) {}

  /// One direction of a connection: what is sent arrives later, in order.
  private static final class Pipe {
    final SimulatedDriver to;
    final int link;
    final Duration delay;
    Instant last = START;
    boolean isOpen = true;

    Pipe(SimulatedDriver to, int link, Duration delay) {
      this.to = to;
      this.link = link;
      this.delay = delay;
    }
  }

  /// What a pipe carries.
  sealed interface Parcel {
    /// A message.
    record Plain(Message message) implements Parcel {}

    /// The content of a block, right or wrong.
    record Content(Block block, boolean isGood) implements Parcel {}
  }

  /// Two hosts and the pipes between them; `links.get(i)` is the link number at `ends.get(i)`.
  private record Connection(List<SimulatedDriver> ends, List<Integer> links, List<Pipe> pipes) {}

  final SplittableRandom random;
  final PieceLayout layout;
  final List<SimulatedDriver> hosts = new ArrayList<>();
  final List<String> trace = new ArrayList<>();
  private final List<Connection> connections = new ArrayList<>();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparing(Event::at).thenComparingLong(Event::number));
  Instant now = START;
  private long eventNumber;
  private int lastLink;

  SimulatedSwarm(long seed, PieceLayout layout) {
    this.random = new SplittableRandom(seed);
    this.layout = layout;
  }

  SimulatedDriver host(PieceSet have, TransferOptions options, int bytesPerSecond) {
    var host = new SimulatedDriver(this, hosts.size(), have, options, bytesPerSecond);
    hosts.add(host);
    return host;
  }

  void at(Instant time, Runnable action) {
    events.add(new Event(time, eventNumber++, action));
  }

  void connect(SimulatedDriver a, SimulatedDriver b) {
    int atA = ++lastLink;
    int atB = ++lastLink;
    Duration delay = Duration.ofMillis(1 + random.nextInt(200));
    var toB = new Pipe(b, atB, delay);
    var toA = new Pipe(a, atA, delay);
    connections.add(new Connection(List.of(a, b), List.of(atA, atB), List.of(toB, toA)));
    var fast = random.nextInt(3) > 0 ? Transfer.Fast.YES : Transfer.Fast.NO;
    a.joined(atA, fast);
    b.joined(atB, fast);
  }

  boolean areConnected(SimulatedDriver a, SimulatedDriver b) {
    return connections.stream().anyMatch(c -> c.ends.contains(a) && c.ends.contains(b));
  }

  private Optional<Connection> connection(SimulatedDriver host, int link) {
    return connections.stream()
        .filter(c -> c.ends.indexOf(host) >= 0 && c.links.get(c.ends.indexOf(host)) == link)
        .findFirst();
  }

  SimulatedDriver other(SimulatedDriver host, int link) {
    Connection connection = connection(host, link).orElseThrow();
    return connection.ends.get(1 - connection.ends.indexOf(host));
  }

  void send(SimulatedDriver from, int link, Parcel parcel) {
    connection(from, link)
        .ifPresent(
            connection -> {
              Pipe pipe = connection.pipes.get(connection.ends.indexOf(from));
              Instant arrival = now.plus(pipe.delay);
              pipe.last = arrival.isBefore(pipe.last) ? pipe.last : arrival;
              at(
                  pipe.last,
                  () -> {
                    if (pipe.isOpen) {
                      pipe.to.received(pipe.link, parcel);
                    }
                  });
            });
  }

  void disconnect(SimulatedDriver host, int link) {
    connection(host, link)
        .ifPresent(
            connection -> {
              connections.remove(connection);
              connection.pipes.forEach(pipe -> pipe.isOpen = false);
              connection.ends.getFirst().left(connection.links.getFirst());
              connection.ends.getLast().left(connection.links.getLast());
            });
  }

  /// Cuts a random connection, and lets any two hosts meet that are willing.
  void churn() {
    if (!connections.isEmpty() && random.nextInt(3) == 0) {
      Connection cut = connections.get(random.nextInt(connections.size()));
      disconnect(cut.ends.getFirst(), cut.links.getFirst());
    }
    meet();
  }

  void meet() {
    for (SimulatedDriver a : hosts) {
      for (SimulatedDriver b : hosts) {
        if (a.index < b.index && !areConnected(a, b) && a.accepts(b) && b.accepts(a)) {
          connect(a, b);
        }
      }
    }
  }

  void runUntil(Instant end) {
    while (!events.isEmpty() && !events.peek().at.isAfter(end)) {
      Event next = events.remove();
      assertThat(next.at).isAfterOrEqualTo(now);
      now = next.at;
      next.action.run();
    }
    now = end;
  }

  boolean allDone() {
    return hosts.stream().allMatch(host -> host.transfer.isDone());
  }

  void log(String line) {
    trace.add(line);
  }
}
