package peerage.pieces;

import static org.assertj.core.api.Assertions.assertThat;
import static peerage.pieces.Rig.A;
import static peerage.pieces.Rig.B;
import static peerage.pieces.Rig.C;
import static peerage.pieces.Rig.sent;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import peerage.peers.Link;
import peerage.pieces.LinkSnapshot.State;
import peerage.pieces.Transfer.Fast;
import peerage.pieces.Transfer.Input;
import peerage.pieces.Transfer.Output;
import peerage.wire.Block;
import peerage.wire.Message;

/// Who is served.
final class ChokerTest {
  private static final Duration ROUND = Duration.ofSeconds(10);

  private static List<Link> unchoked(Rig rig) {
    return with(rig, State.UNCHOKED);
  }

  private static List<Link> with(Rig rig, State state) {
    return rig.transfer.links(rig.now).stream()
        .filter(link -> link.states().contains(state))
        .map(LinkSnapshot::link)
        .toList();
  }

  private static Link link(int number) {
    return new Link(number);
  }

  @Test
  void aFreeSlotIsGivenAtOnce() {
    var rig = Rig.seed(10, 2);
    assertThat(sent(rig.joinInterested(A, Fast.NO), A)).containsExactly(new Message.Unchoke());
    assertThat(sent(rig.joinInterested(B, Fast.NO), B)).containsExactly(new Message.Unchoke());
    assertThat(sent(rig.joinInterested(C, Fast.NO), C)).isEmpty();
  }

  @Test
  void whoWantsNothingIsNotUnchoked() {
    var rig = Rig.seed(10, 2);
    rig.join(A, Fast.NO);
    assertThat(sent(rig.pass(Duration.ofMinutes(2)), A)).isEmpty();
  }

  @Test
  void theSlotOfAPeerThatWantsNothingMoreIsGivenOnAtOnce() {
    var rig = Rig.seed(10, 1);
    rig.joinInterested(A, Fast.NO);
    rig.receive(A, new Message.NotInterested());
    List<Output> outputs = rig.joinInterested(B, Fast.NO);
    assertThat(sent(outputs, A)).containsExactly(new Message.Choke());
    assertThat(sent(outputs, B)).containsExactly(new Message.Unchoke());
  }

  @Test
  void theSlotOfAPeerThatLeavesIsGivenToWhoWaitsLongest() {
    var rig = Rig.seed(10, 1);
    rig.joinInterested(A, Fast.NO);
    rig.pass(Duration.ofSeconds(1));
    rig.joinInterested(C, Fast.NO);
    rig.pass(Duration.ofSeconds(1));
    rig.joinInterested(B, Fast.NO);
    assertThat(sent(rig.handle(new Input.PeerLeft(A)), C)).containsExactly(new Message.Unchoke());
  }

  @Test
  void whoGivesMostKeepsASlotWhileWeDownload() {
    var rig = Rig.leecher(10_000);
    for (int i = 1; i <= 20; i++) {
      rig.joinSeed(link(i), Fast.NO);
      rig.receive(link(i), new Message.Interested());
    }
    var givers = List.of(link(12), link(14), link(15), link(16), link(17), link(19), link(20));
    for (int round = 0; round < 6; round++) {
      for (int second = 0; second < 10; second++) {
        givers.forEach(giver -> rig.arrive(giver, rig.asked(giver).getFirst()));
        rig.pass(Duration.ofSeconds(1));
      }
      assertThat(unchoked(rig)).hasSize(8).containsAll(givers);
      assertThat(with(rig, State.OPTIMISTIC)).hasSize(1).doesNotContainAnyElementsOf(givers);
    }
  }

  @Test
  void theOptimisticSlotGoesRoundEvery30Seconds() {
    var rig = Rig.leecher(10);
    for (int i = 1; i <= 12; i++) {
      rig.joinInterested(link(i), Fast.NO);
    }
    Set<Link> lucky = new LinkedHashSet<>();
    List<Link> last = List.of();
    int changes = 0;
    for (int round = 0; round < 60; round++) {
      rig.pass(ROUND);
      List<Link> now = with(rig, State.OPTIMISTIC);
      assertThat(now).hasSize(1);
      changes += now.equals(last) ? 0 : 1;
      last = now;
      lucky.addAll(now);
    }
    assertThat(changes).isBetween(19, 21);
    assertThat(lucky).hasSize(5); // the twelve but for the seven regular ones
  }

  @Test
  void aNewcomerIsThreeTimesAsLikelyToBeTheOptimisticOne() {
    int newcomers = 0;
    for (int seed = 0; seed < 400; seed++) {
      var random = new SplittableRandom(seed);
      var layout = new PieceLayout(Rig.PIECE, 10L * Rig.PIECE);
      var rig = new Rig(layout, new PieceSet(10), new TransferOptions(2), random);
      rig.joinInterested(link(1), Fast.NO);
      rig.joinInterested(link(2), Fast.NO);
      rig.joinInterested(link(3), Fast.NO);
      rig.pass(Duration.ofSeconds(85));
      List<Link> before = with(rig, State.OPTIMISTIC);
      rig.joinInterested(link(4), Fast.NO);
      rig.pass(Duration.ofSeconds(9)); // one round, in which the slot changes hands
      assertThat(with(rig, State.OPTIMISTIC)).isNotEqualTo(before);
      newcomers += with(rig, State.OPTIMISTIC).equals(List.of(link(4))) ? 1 : 0;
    }
    assertThat(newcomers).isBetween(270, 330); // three of four
  }

  @Test
  void whoSnubsUsIsServedByLuckAlone() {
    var rig = Rig.leecher(100);
    rig.joinSeed(A, Fast.NO);
    rig.receive(A, new Message.Interested());
    for (int i = 2; i <= 4; i++) {
      rig.joinInterested(link(i), Fast.NO);
    }
    rig.pass(Duration.ofSeconds(45));
    assertThat(with(rig, State.SNUBBED)).containsExactly(A);
    assertThat(with(rig, State.OPTIMISTIC)).containsExactly(A);
    for (int i = 5; i <= 12; i++) {
      rig.joinInterested(link(i), Fast.NO);
    }
    rig.pass(Duration.ofSeconds(60));
    assertThat(unchoked(rig)).hasSize(8).doesNotContain(A);
  }

  @Test
  void aSeedServesEverybodyInTurn() {
    var rig = Rig.seed(10, 3);
    for (int i = 1; i <= 20; i++) {
      rig.joinInterested(link(i), Fast.NO);
    }
    Map<Link, Integer> rounds = new LinkedHashMap<>();
    for (int round = 0; round < 6 * 3 * 7; round++) { // six times round, three rounds a turn
      rig.pass(ROUND);
      assertThat(unchoked(rig)).hasSize(3);
      unchoked(rig).forEach(link -> rounds.merge(link, 1, Integer::sum));
    }
    assertThat(rounds).hasSize(20);
    assertThat(rounds.values()).allSatisfy(count -> assertThat(count).isBetween(12, 24));
  }

  @Test
  void aTurnOfASeedTakes30Seconds() {
    var rig = Rig.seed(10, 1);
    rig.joinInterested(A, Fast.NO);
    rig.joinInterested(B, Fast.NO);
    assertThat(sent(rig.pass(Duration.ofSeconds(29)), A)).isEmpty();
    List<Output> outputs = rig.pass(Duration.ofSeconds(1));
    assertThat(sent(outputs, A)).containsExactly(new Message.Choke());
    assertThat(sent(outputs, B)).containsExactly(new Message.Unchoke());
    assertThat(sent(rig.pass(Duration.ofSeconds(29)), B)).isEmpty();
  }

  @Test
  void aSeedKeepsOnServingWhoTakesMostWhenASlotIsLeft() {
    var rig = Rig.seed(10, 2);
    rig.joinInterested(A, Fast.NO);
    rig.joinInterested(B, Fast.NO);
    rig.pass(Duration.ofSeconds(25));
    Block block = rig.layout.block(0, 0);
    rig.receive(B, new Message.Request(block));
    rig.handle(new Input.Served(B, block));
    rig.joinInterested(C, Fast.NO);
    List<Output> outputs = rig.pass(ROUND);
    assertThat(sent(outputs, A)).containsExactly(new Message.Choke());
    assertThat(sent(outputs, B)).isEmpty();
    assertThat(sent(outputs, C)).containsExactly(new Message.Unchoke());
  }

  @Test
  void thereIsNoDeadlineWithoutPeers() {
    var rig = Rig.seed(10, 2);
    assertThat(rig.transfer.nextDeadline()).isEmpty();
    rig.join(A, Fast.NO);
    assertThat(rig.transfer.nextDeadline()).contains(rig.now.plus(ROUND));
    rig.handle(new Input.PeerLeft(A));
    rig.pass(Duration.ofMinutes(1));
    assertThat(rig.transfer.nextDeadline()).isEmpty();
  }
}
