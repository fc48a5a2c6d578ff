package peerage.dht;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import peerage.bencode.Bencoded;
import peerage.dht.Dht.Announcement;
import peerage.dht.Dht.Input;
import peerage.dht.Dht.Output;
import peerage.dht.Dht.Task;
import peerage.dht.World.Member;
import peerage.peers.Family;
import peerage.peers.InfoHash;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;
import peerage.testkit.Seeds;

/// What the machine does in a network of its own kind.
final class DhtTest {
  private static final InfoHash SWARM = InfoHash.parse("0123456789abcdef0123456789abcdef01234567");
  private static final Announcement NONE = new Announcement.None();
  private static final Duration WHILE = Duration.ofSeconds(10);

  private static void announce(World world, Member member, InfoHash swarm, boolean seed) {
    var as = new Announcement.Listening(7000, false, seed);
    world.tell(member, new Input.Start(1_000, new Task.FindPeers(swarm, as)));
    world.run(WHILE);
  }

  private static void start(World world, Member member, Task task) {
    world.tell(member, new Input.Start(1, task));
    world.run(WHILE);
  }

  private static PeerAddress v6(int number) {
    byte[] ip = new byte[16];
    ip[0] = 0x26;
    ip[1] = 0x20;
    ip[3] = (byte) number;
    ip[5] = (byte) number;
    ip[15] = 1;
    return new PeerAddress(IpAddress.of(ip), 6881);
  }

  @Test
  void whoAnnouncesItselfIsFoundByWhoLooksForThatSwarm() {
    World world = World.of(50, 1);
    Member seed = world.member(7);
    Member seeker = world.member(33);
    announce(world, seed, SWARM, true);
    start(world, seeker, new Task.FindPeers(SWARM, NONE));
    assertThat(seed.report(1_000).stored()).isEqualTo(RoutingTable.K);
    assertThat(seeker.said(Output.PeersFound.class).getFirst().peers())
        .containsExactly(new PeerAddress(seed.address().ip(), 7000));
    assertThat(seeker.report(1).found()).isEqualTo(1);
  }

  @Test
  void whoIsBehindANatIsKeptWithThePortThatItsQueryCameFrom() {
    World world = World.of(12, 1);
    var as = new Announcement.Listening(7000, true, false);
    start(world, world.member(3), new Task.FindPeers(SWARM, as));
    start(world, world.member(9), new Task.FindPeers(SWARM, NONE));
    assertThat(world.member(9).said(Output.PeersFound.class).getFirst().peers())
        .containsExactly(world.member(3).address());
  }

  @Test
  void aLookupFindsTheNodesThatAreNearestInTruth() {
    World world = World.of(100, 2);
    int exact = 0;
    for (int i = 0; i < 20; i++) {
      NodeId target = world.randomId();
      Member seeker = world.member(3 * i);
      world.tell(seeker, new Input.Start(i, new Task.FindNode(target)));
      world.run(Duration.ofSeconds(5));
      List<NodeId> found =
          seeker.said(Output.NodesFound.class).getLast().nodes().stream()
              .map(NodeInfo::id)
              .toList();
      List<NodeId> truth =
          world.nearest(target, RoutingTable.K + 1).stream()
              .filter(id -> !id.equals(seeker.id()))
              .limit(RoutingTable.K)
              .toList();
      exact += found.equals(truth) ? 1 : 0;
    }
    assertThat(exact).isGreaterThanOrEqualTo(19);
  }

  @Test
  void anImmutableItemThatWasPutIsGotAndThatEndsTheLookup() {
    World world = World.of(20, 3);
    Item item = Item.of(Bencoded.Bytes.of("Hello"));
    start(world, world.member(2), new Task.Put(item, OptionalLong.empty()));
    assertThat(world.member(2).report(1).stored()).isEqualTo(RoutingTable.K);
    start(world, world.member(15), new Task.Get(item.target(), Item.NO_SALT));
    assertThat(world.member(15).said(Output.ItemFound.class))
        .extracting(Output.ItemFound::item)
        .containsExactly(item);
    assertThat(world.member(15).report(1).queries()).isLessThan(20);
  }

  @Test
  void ofAMutableItemTheNewestIsFoundAndAnOlderOneReplacesItNowhere() throws Exception {
    World world = World.of(20, 4);
    KeyPair owner = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    Bencoded.Bytes salt = Bencoded.Bytes.of("s");
    Item old = Item.sign(owner, salt, 1, Bencoded.Bytes.of("one"));
    Item young = Item.sign(owner, salt, 2, Bencoded.Bytes.of("two"));
    start(world, world.member(2), new Task.Put(old, OptionalLong.empty()));
    start(world, world.member(3), new Task.Put(young, OptionalLong.of(1)));
    assertThat(world.member(3).report(1).stored()).isEqualTo(RoutingTable.K);
    start(world, world.member(4), new Task.Put(old, OptionalLong.empty()));
    // whoever put something is asked by others, and does not have it itself
    assertThat(world.member(4).report(1).stored()).isLessThanOrEqualTo(2);
    assertThat(world.member(4).said(Output.ItemFound.class).getFirst().item()).isEqualTo(young);
    start(world, world.member(15), new Task.Get(old.target(), salt));
    assertThat(world.member(15).said(Output.ItemFound.class).getLast().item()).isEqualTo(young);
  }

  @Test
  void aWriteThatExpectsAnotherNumberIsNotDone() throws Exception {
    World world = World.of(9, 4);
    KeyPair owner = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    Item one = Item.sign(owner, Item.NO_SALT, 1, Bencoded.Bytes.of("one"));
    Item three = Item.sign(owner, Item.NO_SALT, 3, Bencoded.Bytes.of("three"));
    start(world, world.member(2), new Task.Put(one, OptionalLong.empty()));
    start(world, world.member(3), new Task.Put(three, OptionalLong.of(2)));
    // only the one that put the first has none
    assertThat(world.member(3).report(1).stored()).isLessThanOrEqualTo(1);
  }

  @Test
  void aScrapeCountsSeedsAndDownloadersOnceHoweverManyNodesKeepThem() {
    World world = World.of(30, 5);
    for (int i = 0; i < 12; i++) {
      announce(world, world.member(i), SWARM, i < 4);
    }
    start(world, world.member(20), new Task.Scrape(SWARM));
    Output.Scraped scraped = world.member(20).said(Output.Scraped.class).getFirst();
    assertThat(scraped.seeds()).isBetween(3.5, 4.5);
    assertThat(scraped.downloaders()).isBetween(7.0, 9.0);
  }

  @Test
  void aSampleTellsTheSwarmsThatNodesKeep() {
    World world = World.of(12, 6);
    announce(world, world.member(1), SWARM, false);
    start(world, world.member(9), new Task.Sample(NodeId.of(SWARM)));
    List<Output.Sampled> sampled = world.member(9).said(Output.Sampled.class);
    assertThat(sampled).anyMatch(s -> s.samples().infoHashes().equals(List.of(SWARM)));
    assertThat(sampled).allMatch(s -> s.samples().interval().isZero());
  }

  @Test
  void whoKeepsMoreSwarmsThanFitGivesTheSameSampleUntilItsIntervalIsOver() {
    World world = World.of(2, 6);
    Member keeper = world.member(0);
    Member asker = world.member(1);
    for (int i = 0; i < 60; i++) {
      announceOnce(world, asker, i);
    }
    List<Output.Sampled> sampled =
        IntStream.range(0, 3).mapToObj(i -> sample(world, asker, keeper, i)).toList();
    assertThat(sampled.get(0).samples().infoHashes()).hasSize(Answerer.SAMPLES);
    assertThat(sampled.get(0).samples().known()).isEqualTo(60);
    assertThat(sampled.get(1).samples().infoHashes())
        .isEqualTo(sampled.get(0).samples().infoHashes());
    assertThat(sampled.get(1).samples().interval())
        .isLessThan(sampled.get(0).samples().interval())
        .isGreaterThan(Duration.ZERO);
    world.run(sampled.get(2).samples().interval());
    assertThat(sample(world, asker, keeper, 9).samples().infoHashes())
        .isNotEqualTo(sampled.get(0).samples().infoHashes());
  }

  private static void announceOnce(World world, Member member, int number) {
    var as = new Announcement.Listening(7000, false, false);
    InfoHash swarm = InfoHash.of(world.randomId().bytes());
    world.tell(member, new Input.Start(number, new Task.FindPeers(swarm, as)));
    world.run(WHILE);
  }

  private static Output.Sampled sample(World world, Member asker, Member keeper, int number) {
    world.tell(asker, new Input.Start(500 + number, new Task.Sample(NodeId.of(SWARM))));
    world.run(WHILE);
    return asker.said(Output.Sampled.class).stream()
        .filter(s -> s.node().equals(keeper.info()))
        .toList()
        .getLast();
  }

  @Test
  void whoWasReadOnlyAnswersNothingAndIsInNoTable() {
    World world = World.of(10, 7);
    Member quiet = world.join(new DhtOptions(true, false), World.address(50));
    world.tell(quiet, new Input.Suggested(List.of(world.member(0).address())));
    world.run(WHILE);
    assertThat(quiet.dht.nodesToSave()).isNotEmpty();
    world.send(
        World.address(60),
        quiet.address(),
        new Krpc.Query(
            Bencoded.Bytes.of("x"), quiet.id(), new Question.Ping(), false, Optional.empty()));
    world.run(WHILE);
    assertThat(world.sent).noneMatch(d -> d.to().equals(World.address(60)));
    assertThat(world.sent)
        .filteredOn(d -> d.to().equals(quiet.address()) && !d.from().equals(World.address(60)))
        .noneMatch(d -> new String(d.bytes(), ISO_8859_1).contains("1:y1:q")); // nobody asks it
    for (int i = 0; i < 10; i++) {
      assertThat(world.member(i).dht.nodesToSave()).doesNotContain(quiet.info());
    }
  }

  @Test
  void whoAsksIsInTheTableOnlyOnceItHasAnsweredToo() {
    World world = new World(8);
    Member member = world.join(World.address(1));
    var id = NodeId.forIp(World.address(2).ip(), world.random());
    world.send(
        World.address(2),
        member.address(),
        new Krpc.Query(Bencoded.Bytes.of("x"), id, new Question.Ping(), false, Optional.empty()));
    world.run(WHILE);
    assertThat(world.sent)
        .filteredOn(d -> d.to().equals(World.address(2)))
        .hasSize(2); // and a ping
    assertThat(member.dht.nodesToSave()).isEmpty();
  }

  @Test
  void anIdThatDoesNotFitIsChangedWhenFiveAgreeOnOurAddress() {
    World world = World.of(20, 9);
    PeerAddress at = World.address(70);
    Member member = world.join(at);
    Member odd = world.joinAs(world.randomId(), World.address(71));
    for (Member one : List.of(member, odd)) {
      world.tell(one, new Input.Suggested(List.of(world.member(0).address())));
    }
    NodeId before = member.id();
    world.run(WHILE);
    assertThat(member.id()).isEqualTo(before);
    assertThat(odd.id().isValidFor(odd.address().ip())).isTrue();
    assertThat(odd.said(Output.OwnIp.class)).containsExactly(new Output.OwnIp(odd.address().ip()));
    assertThat(odd.dht.nodesToSave()).hasSizeGreaterThan(8);
  }

  @Test
  void aRouterIsAskedAndNeverKeptInATable() {
    World world = World.of(20, 10);
    Member router = world.member(0);
    Member newcomer = world.join(World.address(80));
    start(world, newcomer, new Task.FindPeers(SWARM, NONE));
    assertThat(newcomer.said(Output.WantRouters.class)).hasSize(1);
    world.tell(newcomer, new Input.Routers(List.of(router.address())));
    world.tell(newcomer, new Input.Start(2, new Task.FindPeers(SWARM, NONE)));
    world.run(WHILE);
    assertThat(newcomer.report(2).answers()).isGreaterThanOrEqualTo(RoutingTable.K);
    assertThat(newcomer.dht.nodesToSave()).hasSizeGreaterThan(7).doesNotContain(router.info());
  }

  @Test
  void noRouterIsWantedUntilSomebodyWantsSomething() {
    World world = new World(11);
    Member member = world.join(World.address(1));
    world.run(Duration.ofHours(1));
    assertThat(member.said).isEmpty();
    assertThat(world.sent).isEmpty();
  }

  @Test
  void aColdLookupThatGetsItsRoutersOnlyLaterStillFinds() {
    World world = World.of(20, 12);
    announce(world, world.member(4), SWARM, true);
    Member newcomer = world.join(World.address(80));
    world.tell(newcomer, new Input.Start(1, new Task.FindPeers(SWARM, NONE)));
    world.run(Duration.ofSeconds(3));
    world.tell(newcomer, new Input.Routers(List.of(world.member(0).address())));
    world.run(Duration.ofSeconds(1));
    assertThat(newcomer.said(Output.PeersFound.class)).isNotEmpty();
  }

  @Test
  void whoKnowsNobodyIsDoneWhenItHasHopedForTenSeconds() {
    World world = new World(13);
    Member member = world.join(World.address(1));
    world.tell(member, new Input.Start(1, new Task.FindPeers(SWARM, NONE)));
    world.run(Search.HOPE.minusMillis(1));
    assertThat(member.said(Output.Done.class)).isEmpty();
    world.run(Duration.ofMillis(1));
    assertThat(member.report(1).queries()).isZero();
  }

  @Test
  void aWarmStartAsksTheNodesOfLastTimeInTheLookupItself() {
    World world = World.of(50, 14);
    announce(world, world.member(4), SWARM, true);
    List<NodeInfo> saved = world.member(9).dht.nodesToSave();
    Member warm = world.join(World.address(80));
    Instant begun = world.now;
    world.tell(warm, new Input.Restored(saved));
    world.tell(warm, new Input.Start(1, new Task.FindPeers(SWARM, NONE)));
    while (warm.said(Output.PeersFound.class).isEmpty()) {
      world.run(Duration.ofMillis(10));
    }
    assertThat(Duration.between(begun, world.now)).isLessThan(Duration.ofMillis(400));
    assertThat(warm.said(Output.WantRouters.class)).hasSize(1);
  }

  @Test
  void deadNodesOfLastTimeDoNotKeepItFromStarting() {
    World world = World.of(30, 15);
    announce(world, world.member(4), SWARM, true);
    var dead =
        IntStream.range(0, 100)
            .mapToObj(i -> new NodeInfo(world.randomId(), World.address(40_000 + i)))
            .toList();
    Member warm = world.join(World.address(80));
    world.tell(warm, new Input.Restored(dead));
    world.tell(warm, new Input.Routers(List.of(world.member(0).address())));
    world.tell(warm, new Input.Start(1, new Task.FindPeers(SWARM, NONE)));
    world.run(Duration.ofSeconds(3));
    assertThat(warm.said(Output.PeersFound.class)).isNotEmpty();
  }

  @Test
  void aCancelledTaskSaysNothingMore() {
    World world = World.of(20, 16);
    announce(world, world.member(4), SWARM, true);
    Member seeker = world.member(8);
    world.tell(seeker, new Input.Start(1, new Task.FindPeers(SWARM, NONE)));
    world.tell(seeker, new Input.Cancel(1));
    int said = seeker.said.size();
    world.run(WHILE);
    assertThat(seeker.said).hasSize(said);
    assertThat(seeker.dht.status().tasks()).isZero();
  }

  @Test
  void twoSocketsOfOneFamilyAreTwoNodesThatAreFarApartAndOneOfThemLooks() {
    World world = World.of(20, 17);
    Member twofold = world.join(World.address(80), World.address(81));
    world.tell(twofold, new Input.Suggested(List.of(world.member(0).address())));
    world.run(WHILE);
    List<DhtStatus.Node> nodes = twofold.dht.status().sockets();
    assertThat(nodes.get(0).id()).isNotEqualTo(nodes.get(1).id());
    assertThat(nodes).allMatch(node -> node.known() > 7);
    world.sent.clear();
    world.tell(twofold, new Input.Start(1, new Task.FindPeers(SWARM, NONE)));
    assertThat(world.sent.stream().map(World.Datagram::from).distinct()).hasSize(1);
  }

  @Test
  void eachFamilyHasADhtOfItsOwnAndWhoIsInBothLooksInBoth() {
    World world = new World(18);
    Member first = world.join(World.address(0), v6(0));
    for (int i = 1; i < 12; i++) {
      Member next = world.join(World.address(i), v6(i));
      world.tell(next, new Input.Suggested(List.copyOf(first.sockets)));
      world.run(Duration.ofMillis(500));
    }
    world.run(Duration.ofMinutes(1));
    Member six = world.join(v6(40));
    world.tell(six, new Input.Suggested(List.of(v6(3))));
    world.run(WHILE);
    announce(world, six, SWARM, true);
    Member both = world.member(5);
    start(world, both, new Task.FindPeers(SWARM, NONE));
    assertThat(both.said(Output.PeersFound.class).getFirst().peers())
        .containsExactly(new PeerAddress(v6(40).ip(), 7000));
    assertThat(both.said(Output.Done.class)).hasSize(1);
    assertThat(both.dht.status().sockets())
        .extracting(DhtStatus.Node::family)
        .containsExactly(Family.V4, Family.V6);
  }

  @Test
  void whoKnowsNobodyOfOneFamilyLearnsOfThemThroughTheOther() {
    World world = new World(19);
    Member first = world.join(World.address(0), v6(0));
    for (int i = 1; i < 12; i++) {
      Member next = world.join(World.address(i), v6(i));
      world.tell(next, new Input.Suggested(List.copyOf(first.sockets)));
      world.run(Duration.ofMillis(500));
    }
    Member newcomer = world.join(World.address(40), v6(40));
    world.tell(newcomer, new Input.Suggested(List.of(World.address(3))));
    world.run(Duration.ofSeconds(30));
    assertThat(newcomer.dht.status().sockets().get(1).known()).isGreaterThanOrEqualTo(8);
  }

  @Test
  void whoeverLosesOneDatagramInFiveStillFinds() {
    World world = World.of(50, 20);
    announce(world, world.member(4), SWARM, true);
    world.lost = _ -> world.random().nextInt(5) == 0;
    int found = 0;
    for (int i = 10; i < 40; i++) {
      start(world, world.member(i), new Task.FindPeers(SWARM, NONE));
      found += world.member(i).said(Output.PeersFound.class).isEmpty() ? 0 : 1;
    }
    assertThat(found).isGreaterThanOrEqualTo(29);
  }

  @Test
  void aNodeThatIsGoneLeavesTheTablesOfTheOthers() {
    World world = World.of(15, 21);
    Member gone = world.member(4);
    NodeInfo info = gone.info();
    assertThat(world.member(5).dht.nodesToSave()).contains(info);
    world.leave(gone);
    world.run(Duration.ofMinutes(30));
    assertThat(world.member(5).dht.nodesToSave()).doesNotContain(info).hasSizeGreaterThan(8);
  }

  @Seeds(3)
  void theSameSeedGivesTheSameDatagrams(long seed) {
    assertThat(trace(seed)).isEqualTo(trace(seed));
  }

  private static List<String> trace(long seed) {
    World world = World.of(15, seed);
    announce(world, world.member(4), SWARM, true);
    start(world, world.member(8), new Task.FindPeers(SWARM, NONE));
    return world.sent.stream()
        .map(d -> d.from() + " " + d.to() + " " + java.util.Arrays.hashCode(d.bytes()))
        .toList();
  }
}
