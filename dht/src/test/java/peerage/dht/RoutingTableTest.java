package peerage.dht;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;
import peerage.testkit.Seeds;

/// Who is in the table.
final class RoutingTableTest {
  private static final NodeId OWN = NodeId.parse("00".repeat(20));
  private static final Instant START = Instant.EPOCH;

  private final RoutingTable table = new RoutingTable(OWN);
  private final Random random = new Random(1);

  /// In the farthest bucket, at an address that it fits.
  private NodeInfo far(int number) {
    PeerAddress address = World.address(number);
    NodeId id = NodeId.forIp(address.ip(), random);
    while (!id.bit(0)) {
      address = new PeerAddress(address.ip(), address.port());
      id = NodeId.forIp(address.ip(), random);
    }
    return new NodeInfo(id, address);
  }

  private static Instant after(Duration time) {
    return START.plus(time);
  }

  private List<NodeInfo> all() {
    return table.closest(OWN, 10_000);
  }

  private List<NodeInfo> fill(int count) {
    var nodes = new ArrayList<NodeInfo>();
    for (int i = 0; i < count; i++) {
      nodes.add(far(i));
      table.answered(nodes.getLast(), START);
    }
    return nodes;
  }

  @Test
  void aBucketHasRoomForEight() {
    List<NodeInfo> nodes = fill(12);
    assertThat(all()).containsExactlyInAnyOrderElementsOf(nodes.subList(0, 8));
  }

  @Test
  void whoFailsTwiceIsReplacedByTheLatestThatWaited() {
    List<NodeInfo> nodes = fill(12);
    table.failed(nodes.get(3), START);
    assertThat(table.knows(nodes.get(3))).isTrue();
    table.failed(nodes.get(3), START);
    assertThat(table.knows(nodes.get(3))).isFalse();
    assertThat(table.knows(nodes.get(11))).isTrue();
  }

  @Test
  void whoFailsThreeTimesLeavesEvenIfNobodyWaits() {
    NodeInfo node = fill(1).getFirst();
    table.failed(node, START);
    table.failed(node, START);
    assertThat(table.size()).isEqualTo(1);
    table.failed(node, START);
    assertThat(table.size()).isZero();
  }

  @Test
  void anOutageOfOurOwnIsNobodysFailure() {
    NodeInfo node = fill(1).getFirst();
    for (int i = 0; i < 10; i++) {
      table.failed(node, after(Duration.ofMinutes(1)));
    }
    assertThat(table.knows(node)).isTrue();
  }

  @Test
  void whoFailedOnceIsNotToldToOthers() {
    List<NodeInfo> nodes = fill(8);
    table.failed(nodes.get(2), START);
    assertThat(table.closest(OWN, 7)).doesNotContain(nodes.get(2));
    assertThat(table.closest(OWN, 8)).endsWith(nodes.get(2));
  }

  @Test
  void oneAddressHasOneEntryWhateverItsPort() {
    NodeInfo node = far(1);
    table.answered(node, START);
    var other = new NodeInfo(far(1).id(), new PeerAddress(node.address().ip(), 7));
    table.answered(other, START);
    assertThat(all()).containsExactly(node);
  }

  @Test
  void onOurOwnMachineOneEndpointHasOneEntry() {
    var one = new NodeInfo(far(1).id(), World.local(1));
    var two = new NodeInfo(far(2).id(), World.local(2));
    table.answered(one, START);
    table.answered(two, START);
    assertThat(all()).containsExactlyInAnyOrder(one, two);
  }

  @Test
  void whoChangesItsIdLeavesAndIsBelievedOnlyWhenItHasKeptTheNewOneForAMinute() {
    NodeInfo node = far(1);
    table.answered(node, START);
    var renamed = new NodeInfo(NodeId.forIp(node.address().ip(), random), node.address());
    table.answered(renamed, START);
    assertThat(table.size()).isZero();
    table.answered(renamed, after(RoutingTable.DOUBT.minusMillis(1)));
    assertThat(table.size()).isZero();
    table.answered(renamed, after(RoutingTable.DOUBT));
    assertThat(all()).containsExactly(renamed);
  }

  @Test
  void whoTakesTheIdOfAGoodNodeDoesNotTakeItsPlace() {
    NodeInfo node = far(1);
    table.answered(node, START);
    table.answered(new NodeInfo(node.id(), World.address(2)), START);
    assertThat(all()).containsExactly(node);
  }

  @Test
  void oneBlockOfAddressesHasTwoEntriesOfABucketAtMost() {
    for (int i = 1; i <= 8; i++) {
      IpAddress ip = IpAddress.ofV4(0x50000000 + i);
      NodeId id = NodeId.forIp(ip, random);
      table.answered(new NodeInfo(id.bit(0) ? id : id.flipped(0), new PeerAddress(ip, 1)), START);
    }
    assertThat(table.size()).isEqualTo(Bucket.PER_BLOCK);
  }

  @Test
  void whoseIdDoesNotFitItsAddressMakesWayForOneWhoseIdDoes() {
    for (int i = 0; i < 8; i++) {
      table.answered(new NodeInfo(far(i).id().flipped(20), World.address(i)), START);
    }
    NodeInfo fitting = far(9);
    table.answered(fitting, START);
    assertThat(all()).hasSize(8).contains(fitting);
  }

  @Test
  void whoWasSilentForAQuarterOfAnHourIsPingedOnceAndIsGoodAgainIfItAnswers() {
    NodeInfo node = fill(1).getFirst();
    Instant later = after(Entry.FRESH);
    assertThat(table.toPing(later.minusSeconds(1))).isEmpty();
    assertThat(table.toPing(later)).contains(node);
    assertThat(table.toPing(later)).isEmpty();
    table.answered(node, later);
    assertThat(table.good(later)).isEqualTo(1);
  }

  @Test
  void whoAnsweredOnceAndAsksUsNowIsGood() {
    NodeInfo node = fill(1).getFirst();
    Instant later = after(Duration.ofHours(1));
    assertThat(table.good(later)).isZero();
    table.queried(node, later);
    assertThat(table.good(later)).isEqualTo(1);
  }

  @Test
  void whoOnlyAsksUsIsNotInTheTable() {
    table.queried(far(1), START);
    assertThat(table.size()).isZero();
  }

  @Test
  void anIdleBucketIsRefreshedAtAPlaceInIt() {
    NodeInfo near = new NodeInfo(OWN.flipped(40), World.local(1));
    table.answered(near, START);
    fill(1);
    assertThat(table.toRefresh(after(RoutingTable.REFRESH.minusSeconds(1)), random)).isEmpty();
    NodeId first = table.toRefresh(after(RoutingTable.REFRESH), random).orElseThrow();
    assertThat(OWN.commonPrefix(first)).isZero();
  }

  @Seeds(20)
  void everyRefreshOfABucketAimsIntoIt(long seed) {
    var chance = new Random(seed);
    byte[] own = new byte[NodeId.SIZE];
    chance.nextBytes(own);
    var ours = new RoutingTable(NodeId.of(own));
    ours.answered(new NodeInfo(NodeId.of(own).flipped(33), World.local(1)), START);
    Instant later = after(RoutingTable.REFRESH);
    for (int prefix = 0; prefix < 33; prefix++) {
      ours.toRefresh(START, chance);
    }
    for (int prefix = 0; prefix < 33; prefix++) {
      NodeId target = ours.toRefresh(later.plus(RoutingTable.REFRESH), chance).orElseThrow();
      assertThat(NodeId.of(own).commonPrefix(target)).isEqualTo(prefix);
    }
    assertThat(ours.toRefresh(later.plus(RoutingTable.REFRESH), chance)).contains(NodeId.of(own));
  }

  @Seeds(10)
  void inAnyWorldTheTableIsBoundedAndHasEachAddressAndEachIdOnce(long seed) {
    var chance = new Random(seed);
    var known = new ArrayList<NodeInfo>();
    for (int i = 0; i < 2_000; i++) {
      Instant now = START.plusSeconds(i);
      byte[] id = new byte[NodeId.SIZE];
      chance.nextBytes(id);
      if (chance.nextInt(4) == 0) {
        System.arraycopy(OWN.bytes(), 0, id, 0, chance.nextInt(6));
      }
      var address = World.address(chance.nextInt(300));
      NodeInfo node = new NodeInfo(NodeId.of(id), address);
      if (!known.isEmpty() && chance.nextBoolean()) {
        node = known.get(chance.nextInt(known.size()));
      }
      known.add(node);
      if (chance.nextInt(3) > 0) {
        table.answered(node, now);
      } else {
        table.failed(node, now);
      }
      List<NodeInfo> all = all();
      assertThat(all).hasSize(table.size());
      assertThat(all.stream().map(n -> n.address().ip())).doesNotHaveDuplicates();
      assertThat(all.stream().map(NodeInfo::id)).doesNotHaveDuplicates();
      for (int prefix = 0; prefix < 48; prefix++) {
        int p = prefix;
        assertThat(all.stream().filter(n -> OWN.commonPrefix(n.id()) == p).count())
            .isLessThanOrEqualTo(RoutingTable.K);
      }
    }
  }
}
