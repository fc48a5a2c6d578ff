package peerage.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import peerage.dht.Dht;
import peerage.dht.Dht.Input;
import peerage.dht.Dht.Output;
import peerage.dht.DhtOptions;
import peerage.dht.NodeId;
import peerage.dht.NodeInfo;
import peerage.peers.Family;
import peerage.peers.PeerAddress;

/// One node of a simulated DHT, with the NAT that it may be behind.
final class Inhabitant {
  /// How long a NAT lets answers in (RFC 4787: two minutes at least).
  static final Duration HOLE = Duration.ofMinutes(2);

  /// Holes that a NAT has at a time; the oldest closes (guess).
  static final int HOLES = 1_000;

  private final PeerAddress address;
  private final NodeId id;
  private final boolean isBehindNat;
  private final boolean isLiar;
  private final Network network;
  private final Dht dht;
  private final Map<PeerAddress, Instant> holes = new LinkedHashMap<>();
  private final Map<Integer, Consumer<Output>> sinks = new LinkedHashMap<>();
  private int tasks;
  private boolean isGone;
  private Instant wakesAt = Instant.MAX;

  /// @param isBehindNat whether only those reach it that it has written to
  /// @param isLiar whether it answers with invented nodes
  Inhabitant(
      Network network,
      PeerAddress address,
      boolean isBehindNat,
      boolean isLiar,
      RandomGenerator random) {
    this.network = network;
    this.address = address;
    this.isBehindNat = isBehindNat;
    this.isLiar = isLiar;
    this.id = NodeId.forIp(address.ip(), random);
    var factory = RandomGeneratorFactory.of("L64X128MixRandom");
    this.dht =
        new Dht(
            DhtOptions.DEFAULT,
            factory.create(random.nextLong()),
            factory.create(random.nextLong()));
    tell(new Input.Opened(0, Family.V4, Optional.of(id)));
  }

  PeerAddress address() {
    return address;
  }

  NodeInfo info() {
    return new NodeInfo(id, address);
  }

  boolean isLiar() {
    return isLiar;
  }

  boolean isReachable() {
    return !isBehindNat && !isGone;
  }

  boolean isGone() {
    return isGone;
  }

  Dht dht() {
    return dht;
  }

  void leave() {
    isGone = true;
  }

  /// Begins a task.
  void start(Dht.Task task, Consumer<Output> sink) {
    sinks.put(tasks, sink);
    tell(new Input.Start(tasks++, task));
  }

  void tell(Input input) {
    if (isGone) {
      return;
    }
    dht.handle(input, network.now()).forEach(this::obey);
    dht.nextDeadline().filter(at -> at.isBefore(wakesAt)).ifPresent(this::wakeAt);
  }

  private void wakeAt(Instant at) {
    wakesAt = at;
    network.agenda().at(at, () -> wake(at));
  }

  /// An earlier waking may have been entered since.
  private void wake(Instant at) {
    if (wakesAt.equals(at)) {
      wakesAt = Instant.MAX;
      tell(new Input.Tick());
    }
  }

  private void obey(Output output) {
    switch (output) {
      case Output.Send(int _, PeerAddress to, byte[] datagram) -> send(to, datagram);
      case Output.Done done -> {
        Consumer<Output> sink = sinks.remove(done.task());
        if (sink != null) {
          sink.accept(done);
        }
      }
      case Output.PeersFound found -> tellSink(found.task(), found);
      case Output.NodesFound found -> tellSink(found.task(), found);
      case Output.ItemFound found -> tellSink(found.task(), found);
      case Output.Sampled _, Output.Scraped _, Output.WantRouters _, Output.OwnIp _ -> {}
    }
  }

  private void tellSink(int task, Output output) {
    Consumer<Output> sink = sinks.get(task);
    if (sink != null) {
      sink.accept(output);
    }
  }

  private void send(PeerAddress to, byte[] datagram) {
    if (isBehindNat) {
      holes.remove(to);
      holes.put(to, network.now());
      if (holes.size() > HOLES) {
        holes.remove(holes.keySet().iterator().next());
      }
    }
    network.send(this, to, datagram);
  }

  /// Takes a datagram from the network, if it gets through.
  void receive(PeerAddress from, byte[] datagram) {
    Instant since = holes.getOrDefault(from, Instant.MIN);
    boolean isLetIn = !isBehindNat || !since.isBefore(network.now().minus(HOLE));
    if (isGone || !isLetIn) {
      return;
    }
    Optional<byte[]> lie = isLiar ? network.lies().answer(this, from, datagram) : Optional.empty();
    if (lie.isPresent()) {
      send(from, lie.get());
    } else {
      tell(new Input.Received(0, from, datagram));
    }
  }
}
