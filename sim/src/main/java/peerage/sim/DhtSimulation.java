package peerage.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import peerage.bencode.Bencoded;
import peerage.dht.Dht.Announcement;
import peerage.dht.Dht.Input;
import peerage.dht.Dht.Output;
import peerage.dht.Dht.Task;
import peerage.dht.Item;
import peerage.dht.NodeId;
import peerage.dht.NodeInfo;
import peerage.peers.InfoHash;
import peerage.peers.PeerAddress;
import peerage.sim.Survey.Sighting;

/// A distributed hash table in this process: the machine [peerage.dht.Dht] so many times, a virtual
/// clock, and a virtual network with latency, loss, NATs, churn and liars. It grows, settles, and
/// is measured. The same setting gives the same run, datagram by datagram.
public final class DhtSimulation {
  /// How fast it grows: one node in this time, each told of one that is there (guess).
  static final Duration GROWTH = Duration.ofMillis(200);

  /// How long it is left to itself before anything is measured, under churn (guess): tables age for
  /// two refreshes.
  static final Duration SETTLING = Duration.ofMinutes(30);

  /// The time between two lookups of a kind that are measured (guess).
  static final Duration PACE = Duration.ofSeconds(2);

  /// The time between storing something and looking for it (guess).
  static final Duration STORED_FOR = Duration.ofMinutes(5);

  private static final int PORT = 6881;

  private final DhtSetting setting;
  private final RandomGenerator random;
  private final Agenda agenda = new Agenda();
  private final Network network;
  private final List<Inhabitant> present = new ArrayList<>();
  private final Survey nodes = new Survey("find_node");
  private final Survey peers = new Survey("get_peers");
  private final Survey items = new Survey("get");

  /// Not begun yet: see [#run()].
  public DhtSimulation(DhtSetting setting) {
    this.setting = setting;
    var factory = RandomGeneratorFactory.of("L64X128MixRandom");
    this.random = factory.create(setting.seed());
    this.network = new Network(agenda, setting.loss(), factory.create(random.nextLong()));
  }

  /// Runs it from beginning to end; once only.
  public DhtReport run() {
    long before = usedMemory();
    grow();
    agenda.run(SETTLING);
    long datagrams = network.datagrams();
    long bytes = network.bytes();
    Duration measured = measure();
    double nodeMinutes = setting.nodes() * measured.toSeconds() / 60.0;
    return new DhtReport(
        setting,
        List.of(nodes.report(), peers.report(), items.report()),
        (network.datagrams() - datagrams) / nodeMinutes,
        (network.bytes() - bytes) / nodeMinutes / 60,
        tableSize(),
        deadShare(),
        Math.max(0, usedMemory() - before) / setting.nodes(),
        network.trace());
  }

  private void grow() {
    for (int i = 0; i < setting.nodes(); i++) {
      enter();
      agenda.run(GROWTH);
    }
  }

  /// The first ones are public and honest: somebody must be there whom the others can be told of.
  private void enter() {
    boolean isEarly = present.size() < 3;
    boolean isBehindNat = random.nextDouble() < setting.nat() && !isEarly;
    boolean isLiar = random.nextDouble() < setting.liars() && !isEarly;
    var inhabitant =
        new Inhabitant(network, network.freeAddress(), isBehindNat && !isLiar, isLiar, random);
    network.enter(inhabitant);
    reachable(inhabitant)
        .ifPresent(known -> inhabitant.tell(new Input.Suggested(List.of(known.address()))));
    present.add(inhabitant);
    setting.lifetime().ifPresent(mean -> agenda.in(lifetime(mean), () -> replace(inhabitant)));
  }

  private Duration lifetime(Duration mean) {
    return Duration.ofMillis((long) (mean.toMillis() * -Math.log(1 - random.nextDouble())));
  }

  private void replace(Inhabitant inhabitant) {
    network.leave(inhabitant);
    present.remove(inhabitant);
    enter();
  }

  /// Somebody honest and public who has been there for some time.
  private Optional<Inhabitant> reachable(Inhabitant newcomer) {
    for (int tries = 0; tries < 1_000 && !present.isEmpty(); tries++) {
      Inhabitant one = present.get(random.nextInt(present.size()));
      if (one.isReachable() && !one.isLiar() && one != newcomer) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }

  private Duration measure() {
    for (int i = 0; i < setting.lookups(); i++) {
      Duration at = PACE.multipliedBy(i);
      agenda.in(at, this::findNode);
      agenda.in(at, this::announce);
      agenda.in(at, this::put);
    }
    Duration measured = PACE.multipliedBy(setting.lookups()).plus(STORED_FOR).plusMinutes(1);
    agenda.run(measured);
    return measured;
  }

  private Inhabitant anybody() {
    Inhabitant one = present.get(random.nextInt(present.size()));
    while (one.isLiar()) {
      one = present.get(random.nextInt(present.size()));
    }
    return one;
  }

  /// Found is the nearest honest node that can be reached and is still there.
  private void findNode() {
    Inhabitant seeker = anybody();
    NodeId target = NodeId.of(randomBytes());
    Sighting sighting = nodes.begin(agenda.now());
    var found = new ArrayList<NodeInfo>();
    seeker.start(
        new Task.FindNode(target),
        output -> {
          switch (output) {
            case Output.NodesFound(int _, List<NodeInfo> nearest) -> found.addAll(nearest);
            case Output.Done done ->
                sighting.done(done, () -> found.contains(nearest(target, seeker)), agenda.now());
            default -> {}
          }
        });
  }

  private NodeInfo nearest(NodeId target, Inhabitant seeker) {
    return present.stream()
        .filter(one -> one.isReachable() && !one.isLiar() && one != seeker)
        .map(Inhabitant::info)
        .min((a, b) -> target.compareDistance(a.id(), b.id()))
        .orElseThrow();
  }

  private void announce() {
    Inhabitant seed = anybody();
    InfoHash infoHash = InfoHash.of(randomBytes());
    var announcement = new Announcement.Listening(PORT, false, true);
    seed.start(new Task.FindPeers(infoHash, announcement), _ -> {});
    var expected = new PeerAddress(seed.address().ip(), PORT);
    agenda.in(STORED_FOR, () -> findPeers(infoHash, expected));
  }

  private void findPeers(InfoHash infoHash, PeerAddress expected) {
    Sighting sighting = peers.begin(agenda.now());
    anybody()
        .start(
            new Task.FindPeers(infoHash, new Announcement.None()),
            output -> {
              switch (output) {
                case Output.PeersFound found when found.peers().contains(expected) ->
                    sighting.found(agenda.now());
                case Output.Done done -> sighting.done(done, () -> false, agenda.now());
                default -> {}
              }
            });
  }

  private void put() {
    Item item = Item.of(new Bencoded.Bytes(randomBytes()));
    anybody().start(new Task.Put(item, java.util.OptionalLong.empty()), _ -> {});
    agenda.in(STORED_FOR, () -> get(item));
  }

  private void get(Item item) {
    Sighting sighting = items.begin(agenda.now());
    anybody()
        .start(
            new Task.Get(item.target(), Item.NO_SALT),
            output -> {
              switch (output) {
                case Output.ItemFound found when found.item().equals(item) ->
                    sighting.found(agenda.now());
                case Output.Done done -> sighting.done(done, () -> false, agenda.now());
                default -> {}
              }
            });
  }

  private byte[] randomBytes() {
    byte[] bytes = new byte[NodeId.SIZE];
    random.nextBytes(bytes);
    return bytes;
  }

  private int tableSize() {
    return (int)
        DhtReport.Spread.of(
                present.stream().map(one -> (long) one.dht().nodesToSave().size()).toList())
            .median();
  }

  private double deadShare() {
    List<PeerAddress> here = present.stream().map(Inhabitant::address).toList();
    var all = new java.util.HashSet<>(here);
    List<NodeInfo> known =
        present.stream().flatMap(one -> one.dht().nodesToSave().stream()).toList();
    long dead = known.stream().filter(node -> !all.contains(node.address())).count();
    return known.isEmpty() ? 0 : (double) dead / known.size();
  }

  private static long usedMemory() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
