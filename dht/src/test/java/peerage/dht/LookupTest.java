package peerage.dht;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import peerage.bencode.Bencoded;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;

/// Whom a lookup asks, and when it has asked enough. On our own machine any id fits.
final class LookupTest {
  private static final NodeId TARGET = NodeId.parse("00".repeat(20));
  private static final Optional<Bencoded.Bytes> NO_TOKEN = Optional.empty();

  private final Lookup lookup = new Lookup(TARGET);

  /// The lower the number, the nearer.
  private static NodeInfo node(int number) {
    byte[] id = new byte[NodeId.SIZE];
    id[0] = (byte) (number >>> 8);
    id[1] = (byte) number;
    return new NodeInfo(NodeId.of(id), World.local(number));
  }

  private static List<NodeInfo> nodes(int from, int to) {
    return IntStream.range(from, to).mapToObj(LookupTest::node).toList();
  }

  private void know(NodeInfo node) {
    lookup.add(node.address(), node.id());
  }

  private void answered(NodeInfo node, List<NodeInfo> tips) {
    lookup.answered(node.address(), node.id(), tips, NO_TOKEN);
  }

  private List<PeerAddress> asked() {
    var asked = new ArrayList<PeerAddress>();
    for (Optional<Contact> next = lookup.next(); next.isPresent(); next = lookup.next()) {
      asked.add(next.get().address());
    }
    return asked;
  }

  private static List<PeerAddress> addresses(int from, int to) {
    return nodes(from, to).stream().map(NodeInfo::address).toList();
  }

  @Test
  void itAsksTheNearestFirstAndSoManyAtATime() {
    nodes(100, 130).forEach(this::know);
    assertThat(asked()).isEqualTo(addresses(100, 100 + Lookup.ALPHA_FIRST));
    for (NodeInfo node : nodes(100, 105)) {
      answered(node, List.of());
    }
    assertThat(asked()).isEqualTo(addresses(108, 109)); // 3 are under way, one more is asked
  }

  @Test
  void whoIsLateLetsAnotherBeAskedInItsStead() {
    nodes(100, 130).forEach(this::know);
    asked();
    answered(node(107), List.of());
    assertThat(asked()).isEmpty();
    for (NodeInfo node : nodes(100, 105)) {
      lookup.late(node.address());
    }
    assertThat(asked()).isEqualTo(addresses(108, 110));
  }

  @Test
  void itEndsWhenTheEightNearestHaveAnsweredAndNobodyNearerIsLeft() {
    nodes(100, 130).forEach(this::know);
    asked();
    for (NodeInfo node : nodes(100, 107)) {
      answered(node, nodes(100, 130));
    }
    assertThat(lookup.isFinished()).isFalse();
    answered(node(107), List.of());
    assertThat(lookup.isFinished()).isTrue();
    assertThat(lookup.found()).isEqualTo(nodes(100, 108));
  }

  @Test
  void aNearerTipKeepsItGoing() {
    nodes(100, 108).forEach(this::know);
    asked();
    nodes(100, 107).forEach(node -> answered(node, List.of()));
    answered(node(107), nodes(50, 51));
    assertThat(lookup.isFinished()).isFalse();
    assertThat(asked()).isEqualTo(addresses(50, 51));
    answered(node(50), List.of());
    assertThat(lookup.found().findFirst()).contains(node(50));
    assertThat(lookup.hops()).isEqualTo(2);
  }

  @Test
  void inASmallNetworkItEndsWhenAllHaveAnsweredOrWereLateTwice() {
    nodes(1, 4).forEach(this::know);
    asked();
    answered(node(1), nodes(1, 4));
    answered(node(2), nodes(1, 4));
    lookup.late(node(3).address());
    assertThat(asked()).isEqualTo(addresses(3, 4));
    lookup.late(node(3).address());
    assertThat(lookup.isFinished()).isTrue();
  }

  @Test
  void theLateAnswerOfANodeCounts() {
    nodes(1, 3).forEach(this::know);
    asked();
    lookup.late(node(1).address());
    answered(node(1), nodes(2, 5));
    assertThat(lookup.found()).containsExactly(node(1));
  }

  @Test
  void whomOnlyALiarToldOfIsNotAskedAnyMore() {
    know(node(500));
    know(node(501));
    asked();
    answered(node(500), nodes(1, 17));
    List<PeerAddress> invented = asked();
    for (int i = 0; i < 30; i++) {
      invented.forEach(lookup::late);
      invented = asked();
    }
    long tried = IntStream.range(1, 17).filter(i -> lookup.isTried(node(i).address())).count();
    assertThat(tried).isLessThanOrEqualTo(Lookup.BAD_TIPS + Lookup.ALPHA);
    answered(node(501), List.of());
    assertThat(lookup.isFinished()).isTrue();
  }

  @Test
  void whomAnHonestNodeToldOfTooIsAsked() {
    know(node(500));
    know(node(501));
    asked();
    answered(node(500), nodes(1, 17));
    answered(node(501), nodes(16, 17));
    List<PeerAddress> all = new ArrayList<>();
    for (List<PeerAddress> asked = asked(); !asked.isEmpty(); asked = asked()) {
      all.addAll(asked);
      asked.forEach(lookup::late);
    }
    assertThat(all).contains(node(16).address());
  }

  @Test
  void oneAddressUnderManyIdsIsAskedOnce() {
    know(node(500));
    asked();
    List<NodeInfo> tips =
        nodes(1, 17).stream().map(n -> new NodeInfo(n.id(), World.local(9))).toList();
    answered(node(500), tips);
    assertThat(asked()).containsExactly(World.local(9));
  }

  @Test
  void whoCallsItselfOtherwiseThanToldCountsWhereItReallyIs() {
    know(node(1));
    asked();
    lookup.answered(node(1).address(), node(900).id(), List.of(), NO_TOKEN);
    assertThat(lookup.found()).containsExactly(new NodeInfo(node(900).id(), node(1).address()));
  }

  @Test
  void whoAnswersUnderTheIdOfAnotherThatAnsweredIsNotAmongTheClosest() {
    know(node(1));
    know(node(2));
    asked();
    answered(node(1), List.of());
    lookup.answered(node(2).address(), node(1).id(), List.of(), NO_TOKEN);
    assertThat(lookup.found()).containsExactly(node(1));
  }

  @Test
  void strangersWhoseIdsDoNotFitAreNotAmongTheClosest() {
    var random = new Random(1);
    NodeId fitting = NodeId.forIp(World.address(1).ip(), random);
    lookup.add(World.address(1), fitting);
    lookup.add(World.address(2), TARGET.flipped(159));
    asked();
    lookup.answered(World.address(1), fitting, List.of(), NO_TOKEN);
    lookup.answered(World.address(2), TARGET.flipped(159), List.of(), NO_TOKEN);
    assertThat(lookup.found()).containsExactly(new NodeInfo(fitting, World.address(1)));
  }

  @Test
  void strangersOfOneBlockOfAddressesAreTwoOfTheClosestAtMost() {
    var random = new Random(1);
    for (int i = 1; i <= 8; i++) {
      var address = new PeerAddress(IpAddress.ofV4(0x50000000 + i), 6881);
      NodeId id = NodeId.forIp(address.ip(), random);
      lookup.add(address, id);
      asked();
      lookup.answered(address, id, List.of(), NO_TOKEN);
    }
    assertThat(lookup.found()).hasSize(Lookup.PER_BLOCK);
  }

  @Test
  void whatItRemembersIsBoundedAndTheNearestStay() {
    know(node(50_000));
    asked();
    for (int i = 0; i < 1_000; i++) {
      know(node(40_000 - i));
    }
    assertThat(lookup.size()).isEqualTo(Lookup.CONTACTS);
    assertThat(asked()).startsWith(node(39_001).address());
  }
}
