package peerage.pxp;

import static org.assertj.core.api.Assertions.assertThat;
import static peerage.pxp.ExchangeOptions.Ability.WEBRTC;

import java.time.Duration;
import java.util.List;
import java.util.SequencedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import peerage.testkit.Seeds;

/// Many nodes: keeping a number of peers, the death of where they all entered, a newcomer.
final class NetworkTest {
  private static World grown(long seed, int size, int keep) {
    World world = new World(seed);
    Node entry = world.node("entry");
    for (int i = 1; i < size; i++) {
      Node node = world.node("n" + i, old -> old.enteringAt(List.of(entry.endpoint())));
      world.later(
          Duration.ofMillis(50L * i), () -> node.handle(new Exchange.Input.TargetChanged(keep)));
    }
    return world;
  }

  @Test
  void fiftyNodesKeepEightPeersEachAndOutliveWhereTheyEntered() {
    World world = grown(3, 50, 8);
    Node entry = world.nodes.getFirst();
    world.until(
        Duration.ofMinutes(5),
        "all have eight peers",
        _ -> world.nodes.stream().skip(1).allMatch(node -> node.peers.size() >= 8));
    entry.die();
    world.run(Duration.ofSeconds(5));
    world.until(
        Duration.ofMinutes(5),
        "all have eight peers again",
        _ -> world.nodes.stream().skip(1).allMatch(node -> node.peers.size() >= 8));
    assertThat(reachable(world.nodes.get(1))).as("one network").hasSize(49);
    for (Node node : world.nodes.subList(1, 50)) {
      TreeSet<String> tokens = new TreeSet<>();
      node.peers.values().forEach(info -> tokens.add(info.token().orElseThrow()));
      assertThat(tokens).as("nobody twice").hasSize(node.peers.size());
      assertThat(tokens).doesNotContain(node.exchange.token());
    }
    // A newcomer whose bootstrap is dead remembers one of them.
    Node newcomer = world.node("new", old -> old.enteringAt(List.of(entry.endpoint())));
    newcomer.handle(new Exchange.Input.Remembered(List.of(world.nodes.get(7).endpoint())));
    newcomer.handle(new Exchange.Input.TargetChanged(8));
    world.until(Duration.ofMinutes(2), "the newcomer has eight", _ -> newcomer.peers.size() >= 8);
    assertThat(newcomer.reached).containsExactly(world.nodes.get(7).endpoint());
  }

  private static SequencedSet<String> reachable(Node from) {
    TreeSet<String> seen = new TreeSet<>();
    seen.add(from.exchange.token());
    int before;
    do {
      before = seen.size();
      for (Node node : from.world.nodes) {
        if (!node.dead && seen.contains(node.exchange.token())) {
          node.peers.values().forEach(info -> seen.add(info.token().orElseThrow()));
        }
      }
    } while (seen.size() > before);
    return seen;
  }

  @Seeds(3)
  void theSameSeedGivesTheSameTrace(long seed) {
    List<String> first = trace(seed);
    assertThat(first).hasSizeGreaterThan(200).isEqualTo(trace(seed));
    assertThat(trace(seed + 100)).isNotEqualTo(first);
  }

  private static List<String> trace(long seed) {
    World world = grown(seed, 8, 3);
    world.run(Duration.ofSeconds(40));
    world.nodes.getFirst().die();
    world.run(Duration.ofSeconds(40));
    return world.trace;
  }

  @Seeds(10)
  void whoListensIsDialledRatherThanIntroduced(long seed) {
    World world = new World(seed);
    Node r = world.node("r");
    Node b =
        world.node("b", old -> old.listeningAt(List.of(at(3))).enteringAt(List.of(r.endpoint())));
    Node other =
        world.node("c", old -> old.listeningAt(List.of(at(2))).enteringAt(List.of(r.endpoint())));
    Node a = world.node("a", old -> old.enteringAt(List.of(r.endpoint())));
    world.until("all are there", _ -> r.peers.size() == 3);
    world.run(Duration.ofSeconds(1));
    a.handle(new Exchange.Input.Wanted(1));
    world.until("found", _ -> a.found.containsKey(1));
    PeerInfo info = a.info(a.found(1));
    assertThat(info.introducedBy()).contains(a.ref(r));
    // b and c claim each other's endpoint: a takes who lives there for nobody else.
    assertThat(info.route().transport()).isEqualTo(Transport.WEBRTC);
    assertThat(a.has(b) || a.has(other)).isTrue();
    assertThat(a.dialled).hasSizeGreaterThan(1);
  }

  private static Endpoint at(int number) {
    return World.endpoint("tcp://80." + number + ".0.1:8000");
  }

  @Seeds(10)
  void whoListensIsConnectedDirectlyWithoutWebRtc(long seed) {
    World world = new World(seed);
    Node r = world.node("r");
    Node b =
        world.node(
            "b",
            old ->
                old.listeningAt(List.of(at(2))).enteringAt(List.of(r.endpoint())).without(WEBRTC));
    Node a = world.node("a", old -> old.enteringAt(List.of(r.endpoint())).without(WEBRTC));
    world.until("both are there", _ -> r.peers.size() == 2 && a.has(r) && b.has(r));
    a.handle(new Exchange.Input.Wanted(1));
    world.until("found", _ -> a.found.containsKey(1));
    assertThat(a.info(a.found(1)).route().transport()).isEqualTo(Transport.TCP);
    assertThat(a.reached).contains(at(2));
    assertThat(b.info(b.ref(a)).introducedBy()).isEmpty();
  }

  @Seeds(10)
  void withoutWebRtcAndWithoutListeningTheyTalkThroughTheRelay(long seed) {
    World world = new World(seed);
    Node r = world.node("r");
    Node b = world.node("b", old -> old.enteringAt(List.of(r.endpoint())).without(WEBRTC));
    Node a = world.node("a", old -> old.enteringAt(List.of(r.endpoint())));
    world.until("both are there", _ -> r.peers.size() == 2 && a.has(r) && b.has(r));
    a.handle(new Exchange.Input.Wanted(1));
    world.until("found", _ -> a.found.containsKey(1));
    assertThat(a.info(a.found(1)).route().transport()).isEqualTo(Transport.RELAY);
    String text = "0123456789".repeat(1000);
    for (int i = 0; i < 30; i++) {
      a.write(a.found(1), text);
    }
    a.handle(new Exchange.Input.WritesEnded(a.found(1)));
    world.run(Duration.ofSeconds(10));
    PeerRef there = b.peers.lastKey();
    assertThat(b.heard(there)).isEqualTo((text + "|").repeat(30) + "$");
    b.handle(new Exchange.Input.Left(there));
    a.handle(new Exchange.Input.Left(a.found(1)));
    world.run(Duration.ofSeconds(1));
    assertThat(r.exchange.sizes()).isEqualTo(new Exchange.Sizes(2, 2, 2, 0, 0, 0, 0));
  }

  @Seeds(20)
  void twoThatConnectToEachOtherAtOnceKeepOneConnection(long seed) {
    World world = new World(seed);
    Node a = world.node("a");
    Node b = world.node("b");
    world.connect(a, b);
    world.run(Duration.ofMillis(world.random.nextInt(60)));
    world.connect(b, a);
    world.run(Duration.ofSeconds(2));
    assertThat(a.peers).hasSize(1);
    assertThat(b.peers).hasSize(1);
    a.write(a.peer(), "one");
    b.write(b.peer(), "two");
    world.run(Duration.ofSeconds(1));
    assertThat(b.heard(b.peer())).isEqualTo("one|");
    assertThat(a.heard(a.peer())).isEqualTo("two|");
  }

  @Seeds(20)
  void aSecondConnectionOfTheSameSideIsClosed(long seed) {
    World world = new World(seed);
    Node a = world.node("a");
    Node b = world.node("b");
    world.connect(a, b);
    world.run(Duration.ofMillis(world.random.nextInt(60)));
    world.connect(a, b);
    world.run(Duration.ofSeconds(2));
    assertThat(a.peers).hasSize(1);
    assertThat(b.peers).hasSize(1);
  }

  @Test
  void whoReachesItselfSeesItAndDoesNotComeBack() {
    World world = new World(1);
    Node a = world.node("a", old -> old.enteringAt(List.of(at(1))));
    a.handle(new Exchange.Input.TargetChanged(3));
    world.run(Duration.ofMinutes(10));
    assertThat(a.dialled).hasSize(1);
    assertThat(a.peers).isEmpty();
    assertThat(a.exchange.sizes().connections()).isZero();
  }

  @Test
  void aDeadBootstrapIsDialledEverMoreSeldom() {
    World world = new World(1);
    Node a = world.node("a", old -> old.enteringAt(List.of(World.endpoint("tcp://80.9.0.1:8000"))));
    a.handle(new Exchange.Input.TargetChanged(3));
    world.run(Duration.ofMinutes(5));
    assertThat(a.dialled).hasSizeBetween(7, 9);
    world.run(Duration.ofHours(1));
    assertThat(a.dialled).hasSizeBetween(16, 22);
  }

  @Test
  void whoIsFullHelpsVisitorsOnAndPartsFromThem() {
    World world = new World(1);
    Node full = world.node("full", old -> old.atMost(1));
    Node member = world.node("member");
    Node visitor = world.node("visitor");
    world.connect(member, full);
    world.until("the member is in", _ -> full.has(member) && member.has(full));
    world.connect(visitor, full);
    world.run(Duration.ofSeconds(1));
    assertThat(full.peers).hasSize(1);
    visitor.handle(new Exchange.Input.Wanted(1));
    world.until("found", _ -> visitor.found.containsKey(1));
    assertThat(visitor.has(member)).isTrue();
    world.run(Duration.ofSeconds(20));
    assertThat(full.exchange.sizes().connections()).isEqualTo(1);
    assertThat(visitor.has(member)).isTrue();
  }

  @Test
  void aVisitorGetsThePlaceThatBecomesFree() {
    World world = new World(1);
    Node full = world.node("full", old -> old.atMost(1));
    Node member = world.node("member");
    Node visitor = world.node("visitor");
    world.connect(member, full);
    world.until("the member is in", _ -> full.has(member));
    world.connect(visitor, full);
    world.run(Duration.ofSeconds(2));
    assertThat(visitor.peers).isEmpty();
    member.die();
    world.until("the visitor is in", _ -> full.has(visitor) && visitor.has(full));
    world.run(Duration.ofSeconds(30));
    assertThat(full.has(visitor)).isTrue();
  }

  @Test
  void moreThanSixteenVisitorsAreTurnedAway() {
    Lab lab = new Lab(old -> old.atMost(1));
    lab.peer();
    for (int i = 0; i < 16; i++) {
      assertThat(lab.open(Role.ACCEPT).closed).isNull();
    }
    assertThat(lab.open(Role.ACCEPT).closed).contains("full");
    lab.pass(Duration.ofSeconds(15));
    assertThat(lab.exchange.sizes().connections()).isEqualTo(1);
  }
}
