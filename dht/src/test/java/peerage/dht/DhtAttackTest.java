package peerage.dht;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import peerage.bencode.Bencoded;
import peerage.dht.Dht.Announcement;
import peerage.dht.Dht.Input;
import peerage.dht.Dht.Output;
import peerage.dht.Dht.Task;
import peerage.dht.World.Datagram;
import peerage.dht.World.Member;
import peerage.peers.InfoHash;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;
import peerage.testkit.Hostile;
import peerage.testkit.Seeds;

/// What an attacker can do to a node, and what stops it.
final class DhtAttackTest {
  private static final InfoHash SWARM = InfoHash.parse("0123456789abcdef0123456789abcdef01234567");
  private static final PeerAddress ATTACKER = World.address(9_000);
  private static final Bencoded.Bytes TID = Bencoded.Bytes.of("aa");

  private final Random random = new Random(1);
  private final NodeId attackerId = NodeId.forIp(ATTACKER.ip(), random);

  private Krpc.Query query(Question question) {
    return new Krpc.Query(TID, attackerId, question, false, Optional.empty());
  }

  private static Krpc.Answer answer(Krpc query, NodeId id, Reply reply) {
    return new Krpc.Answer(query.transaction(), id, reply, Optional.empty(), Optional.empty());
  }

  /// Whatever an address was sent.
  private static List<Krpc> received(World world, PeerAddress at) {
    return world.sent.stream()
        .filter(datagram -> datagram.to().equals(at))
        .map(datagram -> KrpcReader.read(datagram.bytes()))
        .filter(KrpcReader.Outcome.Understood.class::isInstance)
        .map(outcome -> ((KrpcReader.Outcome.Understood) outcome).message())
        .toList();
  }

  private List<NodeInfo> invented(NodeId near, int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              byte[] id = near.bytes();
              ByteBuffer.wrap(id).putInt(16, random.nextInt());
              return new NodeInfo(NodeId.of(id), World.address(20_000 + i));
            })
        .toList();
  }

  @Test
  void aThousandInventedNodesNearTheTargetCostAFewQueriesAndTheTruthIsFound() {
    World world = World.of(30, 3);
    NodeId target = NodeId.of(SWARM);
    world.puppet(
        ATTACKER,
        (from, message) ->
            List.of(answer(message, attackerId, Reply.EMPTY.withNodes(invented(target, 1_000)))));
    world.members().forEach(one -> world.tell(one, new Input.Suggested(List.of(ATTACKER))));
    world.run(Duration.ofSeconds(5));
    var attacker = new NodeInfo(attackerId, ATTACKER);
    Member seeker =
        world.members().stream()
            .filter(one -> one.dht.nodesToSave().contains(attacker))
            .findFirst()
            .orElseThrow();
    world.sent.clear();
    world.tell(seeker, new Input.Start(1, new Task.FindNode(target)));
    world.run(Duration.ofSeconds(20));
    long wasted =
        world.sent.stream()
            .filter(datagram -> datagram.from().equals(seeker.address()))
            .filter(datagram -> datagram.to().compareTo(World.address(20_000)) >= 0)
            .count();
    assertThat(wasted).isLessThanOrEqualTo(2L * (Lookup.BAD_TIPS + Lookup.ALPHA));
    List<NodeId> found =
        seeker.said(Output.NodesFound.class).getLast().nodes().stream()
            .map(NodeInfo::id)
            .filter(id -> !id.equals(attackerId))
            .toList();
    assertThat(found).isSubsetOf(world.nearest(target, 9));
  }

  @Test
  void aNodeThatTakesTheIdOfAnotherDoesNotGetItsPlaceInTheTable() {
    World world = World.of(10, 4);
    Member member = world.member(1);
    NodeInfo honest = member.dht.nodesToSave().getFirst();
    world.puppet(ATTACKER, (from, message) -> List.of(answer(message, honest.id(), Reply.EMPTY)));
    world.tell(member, new Input.Suggested(List.of(ATTACKER)));
    world.run(Duration.ofSeconds(5));
    assertThat(received(world, ATTACKER)).isNotEmpty();
    assertThat(member.dht.nodesToSave()).contains(honest);
    assertThat(member.dht.nodesToSave().stream().map(NodeInfo::address)).doesNotContain(ATTACKER);
  }

  @Test
  void aFloodOfQueriesFromOneAddressIsAnsweredInPartAndOthersAreAnswered() {
    World world = new World(5);
    Member member = world.join(World.address(1));
    for (int i = 0; i < 2_000; i++) {
      world.send(ATTACKER, member.address(), query(new Question.Ping()));
      world.run(Duration.ofMillis(1));
    }
    PeerAddress other = World.address(2);
    world.send(other, member.address(), query(new Question.Ping()));
    world.run(Duration.ofMillis(200));
    long answers = received(world, ATTACKER).stream().filter(Krpc.Answer.class::isInstance).count();
    assertThat(answers).isBetween(50L, Throttle.BURST + 2L * Throttle.PER_SECOND + 1);
    assertThat(received(world, other)).hasAtLeastOneElementOfType(Krpc.Answer.class);
  }

  @Test
  void aFloodFromManyAddressesIsAnsweredAtABoundedRate() {
    World world = new World(6);
    Member member = world.join(World.address(1));
    for (int i = 0; i < 3_000; i++) {
      world.send(World.address(100 + i), member.address(), query(new Question.Ping()));
    }
    world.run(Duration.ofSeconds(1));
    long answers =
        world.sent.stream()
            .filter(datagram -> datagram.from().equals(member.address()))
            .map(datagram -> KrpcReader.read(datagram.bytes()))
            .filter(o -> o instanceof KrpcReader.Outcome.Understood(Krpc.Answer _))
            .count();
    assertThat(answers).isLessThanOrEqualTo(3L * Throttle.ALL_PER_SECOND);
  }

  @Test
  void anAnswerWithAnotherTransactionOrFromAnotherAddressIsNone() {
    World world = new World(7);
    Member member = world.join(World.address(1));
    var bystander = World.address(2);
    world.puppet(
        ATTACKER,
        (from, message) -> {
          var wrong =
              new Krpc.Answer(TID, attackerId, Reply.EMPTY, Optional.empty(), Optional.empty());
          world.send(bystander, from, answer(message, attackerId, Reply.EMPTY));
          return List.of(wrong);
        });
    world.tell(member, new Input.Suggested(List.of(ATTACKER)));
    world.run(Duration.ofSeconds(30));
    assertThat(received(world, ATTACKER)).isNotEmpty();
    assertThat(member.dht.nodesToSave()).isEmpty();
    assertThat(member.dht.status().counters()).containsKey("answers to nothing");
  }

  private static Bencoded.Bytes tokenOf(World world, PeerAddress at) {
    Krpc last =
        received(world, at).stream().filter(Krpc.Answer.class::isInstance).toList().getLast();
    return ((Krpc.Answer) last).reply().token().orElseThrow();
  }

  private static Question announce(Bencoded.Bytes token) {
    return new Question.AnnouncePeer(SWARM, 7_000, token, false, false, Optional.empty());
  }

  @Test
  void anAnnouncementWithAForeignOrAStaleTokenIsRefused() {
    World world = new World(8);
    Member member = world.join(World.address(1));
    world.send(
        ATTACKER, member.address(), query(new Question.GetPeers(SWARM, Set.of(), false, false)));
    world.run(Duration.ofSeconds(1));
    Bencoded.Bytes token = tokenOf(world, ATTACKER);
    PeerAddress victim = World.address(77);
    world.send(victim, member.address(), query(announce(token)));
    world.run(Duration.ofSeconds(1));
    assertThat(received(world, victim))
        .anyMatch(m -> m instanceof Krpc.Failure failure && failure.code() == 203);
    assertThat(member.dht.status().peers()).isZero();
    world.run(Duration.ofMinutes(10));
    world.send(ATTACKER, member.address(), query(announce(token)));
    world.run(Duration.ofSeconds(1));
    assertThat(received(world, ATTACKER).getLast())
        .isInstanceOf(Krpc.Failure.class)
        .extracting(m -> ((Krpc.Failure) m).code())
        .isEqualTo(203);
    assertThat(member.dht.status().peers()).isZero();
  }

  @Test
  void anAnnouncementWithAFreshTokenIsKept() {
    World world = new World(8);
    Member member = world.join(World.address(1));
    world.send(
        ATTACKER, member.address(), query(new Question.GetPeers(SWARM, Set.of(), false, false)));
    world.run(Duration.ofSeconds(1));
    world.send(ATTACKER, member.address(), query(announce(tokenOf(world, ATTACKER))));
    world.run(Duration.ofSeconds(1));
    assertThat(member.dht.status().peers()).isEqualTo(1);
  }

  @Test
  void anOversizedValueIsRefused() {
    World world = new World(9);
    Member member = world.join(World.address(1));
    byte[] datagram =
        Bencoded.Dict.builder()
            .put("t", TID)
            .put("y", "q")
            .put("q", "put")
            .put(
                "a",
                Bencoded.Dict.builder()
                    .put("id", attackerId.bytes())
                    .put("token", "x")
                    .put("v", new byte[1_001])
                    .build())
            .build()
            .encode();
    world.send(ATTACKER, member.address(), datagram);
    world.run(Duration.ofSeconds(1));
    assertThat(received(world, ATTACKER))
        .anyMatch(m -> m instanceof Krpc.Failure failure && failure.code() == 205);
    assertThat(member.dht.status().items()).isZero();
  }

  /// Sybils whose ids are as near to the target as they like, each with an address of its own.
  @Test
  void sybilsWhoseIdsDoNotFitTheirAddressesCannotHideASwarm() {
    World world = World.of(40, 10);
    Member seed = world.member(3);
    List<NodeInfo> sybils =
        IntStream.range(0, 16)
            .mapToObj(
                i -> {
                  byte[] id = SWARM.bytes();
                  id[19] ^= (byte) (i + 1);
                  return new NodeInfo(NodeId.of(id), World.address(5_000 + i));
                })
            .toList();
    surround(world, sybils);
    world.tell(
        seed,
        new Input.Start(1, new Task.FindPeers(SWARM, new Announcement.Listening(7, false, true))));
    world.run(Duration.ofSeconds(20));
    Member seeker = world.member(30);
    world.tell(seeker, new Input.Start(1, new Task.FindPeers(SWARM, new Announcement.None())));
    world.run(Duration.ofSeconds(20));
    assertThat(seeker.said(Output.PeersFound.class))
        .anyMatch(found -> found.peers().contains(new PeerAddress(seed.address().ip(), 7)));
    assertThat(asked(world, sybils, "announce_peer")).isZero();
  }

  /// Sybils that may have their ids, but rent one block of addresses: two of eight at most are
  /// they.
  @Test
  void sybilsOfOneBlockOfAddressesCannotHideASwarm() {
    World world = World.of(40, 11);
    Member seed = world.member(3);
    var sybils = new ArrayList<NodeInfo>();
    for (int i = 1; i <= 16; i++) {
      var address = new PeerAddress(IpAddress.ofV4(0x60000000 + i), 6881);
      sybils.add(new NodeInfo(NodeId.forIp(address.ip(), random), address));
    }
    InfoHash swarm = InfoHash.of(sybils.getFirst().id().flipped(159).bytes());
    surround(world, sybils);
    world.tell(
        seed,
        new Input.Start(1, new Task.FindPeers(swarm, new Announcement.Listening(7, false, true))));
    world.run(Duration.ofSeconds(20));
    assertThat(asked(world, sybils, "announce_peer")).isLessThanOrEqualTo(Lookup.PER_BLOCK);
    assertThat(seed.report(1).stored()).isGreaterThanOrEqualTo(6);
  }

  /// They answer like nodes, know only one another, give tokens, and tell of no peers.
  private static void surround(World world, List<NodeInfo> sybils) {
    for (NodeInfo sybil : sybils) {
      world.puppet(
          sybil.address(),
          (from, message) ->
              message instanceof Krpc.Query
                  ? List.of(
                      answer(
                          message,
                          sybil.id(),
                          Reply.EMPTY
                              .withNodes(sybils.subList(0, 16))
                              .withToken(Bencoded.Bytes.of("t"))))
                  : List.of());
    }
    List<PeerAddress> addresses = sybils.stream().map(NodeInfo::address).toList();
    world.members().forEach(member -> world.tell(member, new Input.Suggested(addresses)));
    world.run(Duration.ofSeconds(20));
  }

  private static long asked(World world, List<NodeInfo> nodes, String method) {
    return nodes.stream()
        .flatMap(node -> received(world, node.address()).stream())
        .filter(m -> m instanceof Krpc.Query query && query.question().method().equals(method))
        .count();
  }

  @Test
  void aFloodOfSuggestionsIsTriedSlowlyAndEachPlaceOnce() {
    World world = World.of(12, 12);
    Member member = world.member(2);
    List<PeerAddress> many =
        IntStream.range(0, 10_000).mapToObj(i -> World.address(10_000 + i % 1_000)).toList();
    world.sent.clear();
    world.tell(member, new Input.Suggested(many));
    world.tell(member, new Input.Suggested(many));
    world.run(Duration.ofSeconds(30));
    List<PeerAddress> tried =
        world.sent.stream()
            .filter(datagram -> datagram.from().equals(member.address()))
            .map(Datagram::to)
            .filter(to -> to.compareTo(World.address(10_000)) >= 0)
            .toList();
    assertThat(tried).hasSizeLessThanOrEqualTo(31 * Upkeep.TRIES).doesNotHaveDuplicates();
  }

  /// Who writes another's address into its queries has us send that one what we answer.
  @Test
  void noAnswerIsLongerThanAThousandBytesNorTwelveTimesItsQuery() {
    World world = World.of(30, 13);
    Member member = world.member(0);
    fillWithPeers(world, member);
    List<Question> questions =
        List.of(
            new Question.Ping(),
            new Question.FindNode(attackerId, Set.of()),
            new Question.GetPeers(SWARM, Set.of(), false, false),
            new Question.GetPeers(SWARM, Set.of(), false, true),
            new Question.Get(NodeId.of(SWARM), OptionalLong.empty(), Set.of()),
            new Question.SampleInfohashes(attackerId, Set.of()));
    int victim = 30_000;
    for (Question question : questions) {
      PeerAddress at = World.address(victim++);
      byte[] asked = KrpcWriter.write(query(question));
      world.send(at, member.address(), asked);
      world.run(Duration.ofMillis(100));
      int answered =
          world.sent.stream()
              .filter(datagram -> datagram.to().equals(at))
              .mapToInt(datagram -> datagram.bytes().length)
              .max()
              .orElseThrow();
      assertThat(answered).isLessThanOrEqualTo(Krpc.MAX_DATAGRAM);
      assertThat((double) answered / asked.length).as(question.method()).isLessThan(12);
    }
  }

  private void fillWithPeers(World world, Member member) {
    for (int i = 0; i < 200; i++) {
      PeerAddress peer = World.address(3_000 + i);
      world.send(
          peer, member.address(), query(new Question.GetPeers(SWARM, Set.of(), false, false)));
      world.run(Duration.ofMillis(100));
      world.send(peer, member.address(), query(announce(tokenOf(world, peer))));
      world.run(Duration.ofMillis(100));
    }
    assertThat(member.dht.status().peers()).isEqualTo(200);
  }

  @Seeds(5)
  void noBytesMakeItThrowAndItsDeadlinesStayAhead(long seed) {
    World world = World.of(6, seed);
    Member member = world.member(1);
    world.tell(member, new Input.Start(1, new Task.FindPeers(SWARM, new Announcement.None())));
    world.run(Duration.ofSeconds(2));
    List<byte[]> samples = world.sent.stream().map(Datagram::bytes).distinct().limit(200).toList();
    Function<Integer, PeerAddress> from = i -> World.address(i % 10);
    Stream<byte[]> bytes = Hostile.mutations(new Random(seed), samples, 2_000);
    int[] i = {0};
    bytes.forEach(
        datagram -> {
          world.tell(member, new Input.Received(0, from.apply(i[0]++), datagram));
          world.run(Duration.ofMillis(10));
        });
    world.tell(member, new Input.Tick());
    assertThat(member.dht.nextDeadline().orElseThrow()).isAfter(world.now);
  }
}
