package peerage.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static peerage.swarm.Rig.TRACKER;
import static peerage.swarm.Rig.at;
import static peerage.swarm.Rig.id;
import static peerage.swarm.Rig.number;
import static peerage.swarm.Rig.numbers;
import static peerage.swarm.Rig.teller;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import peerage.peers.IpAddress;
import peerage.peers.Link;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.peers.PeerPriority;
import peerage.swarm.Swarm.Input;
import peerage.wire.ExtensionHandshake;

/// Whom we dial, in which order, and how fast.
final class DialTest {
  private static final PeerAddress A = number(1);
  private static final PeerAddress B = number(2);

  private Rig rig = new Rig();

  @Test
  void whoIsHeardOfIsDialledAtOnce() {
    assertThat(rig.heard(TRACKER, A, B)).containsExactlyInAnyOrder(A, B);
    assertThat(rig.swarm.dialling()).isEqualTo(2);
  }

  @Test
  void nobodyIsDialledTwiceAtOnce() {
    rig.heard(TRACKER, A);

    assertThat(rig.heard(new Origin.Given(), A)).isEmpty();
    assertThat(rig.tick()).isEmpty();
  }

  // How fast

  @Test
  void noMoreDialsAreUnderWayThanTheOptionsAllow() {
    rig = new Rig(new SwarmOptions(100, 5, 1_000, 2_000));

    List<PeerAddress> first = rig.heard(TRACKER, numbers(0, 20));
    assertThat(first).hasSize(5);
    assertThat(rig.swarm.nextDeadline()).as("only an answer makes room").isEmpty();

    rig.pass(Duration.ofSeconds(1));
    rig.failed(first.getFirst());
    assertThat(rig.dials()).hasSize(1);
    rig.outgoing(first.get(1), id(1));
    assertThat(rig.dials()).hasSize(1);
    assertThat(rig.swarm.dialling()).isEqualTo(5);
  }

  @Test
  void afterTheFirstBurstDialsArePacedHoweverFastTheyFail() {
    rig = new Rig(new SwarmOptions(100, 10, 5, 2_000));
    rig.heard(TRACKER, numbers(0, 200));
    List<PeerAddress> burst = rig.dials();
    assertThat(burst).hasSize(10);

    assertThat(rig.dialledWithin(Duration.ofSeconds(10))).hasSizeBetween(49, 51);
  }

  @Test
  void silenceSavesUpNoMoreThanOneBurst() {
    rig = new Rig(new SwarmOptions(100, 10, 5, 2_000));
    rig.tick();
    rig.pass(Duration.ofDays(1));

    List<PeerAddress> burst = rig.heard(TRACKER, numbers(0, 200));
    assertThat(burst).hasSize(10);
    for (PeerAddress address : burst) {
      rig.failed(address);
      assertThat(rig.dials()).isEmpty();
    }
  }

  @Test
  void weDialNoMoreThanWeHaveRoomFor() {
    rig = new Rig(new SwarmOptions(3, 50, 30, 2_000));
    rig.incoming("8.0.0.1:40000", id(1), 0);

    assertThat(rig.heard(TRACKER, numbers(0, 20))).hasSize(2);
    assertThat(rig.swarm.nextDeadline()).isEmpty();
  }

  @Test
  void aPeerThatLeavesMakesRoomForAnother() {
    rig = new Rig(SwarmOptions.DEFAULT.withMaxPeers(1));
    Link link = rig.incoming("8.0.0.1:40000", id(1), 0);
    assertThat(rig.heard(TRACKER, A)).isEmpty();

    rig.gone(link);
    assertThat(rig.dials()).containsExactly(A);
  }

  // In which order

  @Test
  void fromHalfFullOnTellersTakeTurnsHoweverMuchOneOfThemSays() {
    halfFull();
    var loud = numbers(0, 100);
    var quiet = numbers(100, 4);
    Input.Heard fromLoud = new Input.Heard(loud, teller("8.0.0.1:1"), Optional.empty());
    Input.Heard fromQuiet = new Input.Heard(quiet, teller("9.0.0.1:1"), Optional.empty());
    fill(() -> rig.handle(fromLoud), () -> rig.handle(fromQuiet));

    assertThat(nextDials(8)).filteredOn(quiet::contains).hasSize(4);
  }

  @Test
  void tellersOnOneAddressAreOneTeller() {
    halfFull();
    var honest = numbers(100, 50);
    fill(
        () -> rig.heard(teller("8.0.0.1:1"), numbers(0, 20)),
        () -> rig.heard(teller("8.0.0.1:2"), numbers(20, 20)),
        () -> rig.heard(teller("8.0.0.1:3"), numbers(40, 20)),
        () -> rig.heard(teller("9.0.0.1:1"), honest));

    assertThat(nextDials(8)).filteredOn(honest::contains).hasSize(4);
  }

  @Test
  void whomTheUserNamedGoesFirst() {
    rig = new Rig(new SwarmOptions(100, 8, 1, 2_000));
    fill(
        () -> rig.heard(TRACKER, numbers(0, 50)),
        () -> rig.heard(new Origin.Given(), numbers(100, 3)));

    assertThat(nextDials(3)).containsExactlyInAnyOrderElementsOf(numbers(100, 3));
  }

  @Test
  void whoNeverFailedGoesBeforeWhoDid() {
    rig = new Rig(new SwarmOptions(20, 20, 1_000, 2_000));
    var failing = numbers(10, 20);
    rig.heard(TRACKER, failing).forEach(rig::failed);
    rig.pass(SwarmOptions.RETRY_FIRST.minusMillis(1));
    var busy = rig.heard(new Origin.Given(), numbers(100, 20)); // no room for more
    rig.heard(TRACKER, B);
    rig.pass(Duration.ofMillis(1));
    rig.failed(busy.getFirst());

    assertThat(rig.dials()).containsExactly(B);
  }

  /// BEP 40, from our own address as two peers see it.
  @Test
  void withinASourceTheBestPeerPriorityGoesFirst() {
    rig = new Rig(new SwarmOptions(100, 20, 1, 2_000));
    PeerAddress us = at("12.34.56.78:" + Rig.OUR_PORT);
    seenAs(us.ip(), 1);
    seenAs(us.ip(), 2);
    thoseOfTheBestPriorityAreDialledFirst(us);
  }

  /// BEP 24: a tracker's `external ip` is one opinion more.
  @Test
  void aTrackerAndAPeerTogetherMakeUsBelieveWhereWeAre() {
    rig = new Rig(new SwarmOptions(100, 20, 1, 2_000));
    PeerAddress us = at("12.34.56.78:" + Rig.OUR_PORT);
    seenAs(us.ip(), 1);
    rig.handle(new Input.OwnIpReported(us.ip()));
    thoseOfTheBestPriorityAreDialledFirst(us);
  }

  private void thoseOfTheBestPriorityAreDialledFirst(PeerAddress us) {
    var many = numbers(0, 100);
    fill(() -> rig.heard(TRACKER, many));

    assertThat(nextDials(20))
        .containsExactlyElementsOf(
            many.stream()
                .sorted(
                    Comparator.comparingLong((PeerAddress peer) -> PeerPriority.of(us, peer))
                        .reversed())
                .limit(20)
                .toList());
  }

  @Test
  void onePeerAloneDoesNotMakeUsBelieveWhereWeAre() {
    rig = new Rig(new SwarmOptions(100, 20, 1, 2_000));
    PeerAddress lie = at("12.34.56.78:" + Rig.OUR_PORT);
    Link liar = seenAs(lie.ip(), 1);
    rig.handle(new Input.ExtensionHandshaken(liar, seeing(lie.ip())));
    var many = numbers(0, 100);
    fill(() -> rig.heard(TRACKER, many));

    var first = nextDials(20);
    assertThat(first)
        .isNotEqualTo(
            first.stream()
                .sorted(
                    Comparator.comparingLong((PeerAddress peer) -> PeerPriority.of(lie, peer))
                        .reversed())
                .toList());
  }

  // Again

  @Test
  void aDialThatFailsIsRepeatedEverMoreRarely() {
    rig.heard(TRACKER, A);
    var pauses = new ArrayList<Long>();
    for (int i = 0; i < 9; i++) {
      rig.failed(A);
      Instant next = rig.swarm.nextDeadline().orElseThrow();
      pauses.add(Duration.between(rig.now, next).toMinutes());
      rig.now = next.minusNanos(1);
      rig.tick();
      assertThat(rig.dials()).isEmpty();
      rig.now = next;
      rig.tick();
      assertThat(rig.dials()).containsExactly(A);
    }
    assertThat(pauses).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
  }

  @Test
  void whomTheUserNamedIsTriedAgainAfterSeconds() {
    rig.heard(new Origin.Given(), A);
    rig.failed(A);

    assertThat(rig.swarm.nextDeadline()).contains(rig.now.plus(SwarmOptions.RETRY_GIVEN));
  }

  @Test
  void whomTheMagnetNamedIsTriedAgainAsSoon() {
    rig.heard(new Origin.Magnet(), A);
    rig.failed(A);

    assertThat(rig.swarm.nextDeadline()).contains(rig.now.plus(SwarmOptions.RETRY_GIVEN));
  }

  @Test
  void hearsayThatFailsThreeTimesIsForgotten() {
    rig.heard(teller("8.0.0.1:1"), A);

    assertThat(rig.dialledWithin(Duration.ofDays(1))).containsExactly(A, A);
    assertThat(rig.swarm.book().size()).isZero();
  }

  @Test
  void aTrackersWordIsNotForgotten() {
    rig.heard(TRACKER, A);
    rig.dialledWithin(Duration.ofDays(1));

    assertThat(rig.candidate(A).failures()).isGreaterThan(20);
  }

  @Test
  void whoLeavesIsDialledAgainAfterAPause() {
    rig.heard(TRACKER, A);
    Link link = rig.outgoing(A, id(1));
    assertThat(rig.swarm.nextDeadline()).contains(rig.now);
    rig.tick();
    assertThat(rig.swarm.nextDeadline()).isEmpty();
    rig.gone(link);
    assertThat(rig.dials()).isEmpty();
    rig.tick();

    rig.now = rig.swarm.nextDeadline().orElseThrow();
    assertThat(rig.now).isEqualTo(Instant.EPOCH.plus(SwarmOptions.RETRY_FIRST));
    rig.tick();
    assertThat(rig.dials()).containsExactly(A);
  }

  @Test
  void anAnswerHalvesEarlierFailures() {
    rig.heard(TRACKER, A);
    for (int i = 0; i < 3; i++) {
      rig.failed(A);
      rig.pass(Duration.ofHours(1));
      rig.tick();
    }
    rig.outgoing(A, id(1));

    assertThat(rig.candidate(A).failures()).isEqualTo(1);
    assertThat(rig.candidate(A).isVerified()).isTrue();
  }

  /// Lets all sources speak while there is no credit, so that the order is the policy's alone.
  private void fill(Runnable... sources) {
    var fillers = new ArrayList<PeerAddress>();
    rig.heard(TRACKER, Rig.numbers(1_000, 30));
    fillers.addAll(rig.dials());
    fillers.forEach(this::drop);
    for (Runnable source : sources) {
      source.run();
      assertThat(rig.dials()).isEmpty();
    }
    List.copyOf(rig.swarm.book().all()).stream()
        .filter(candidate -> Rig.numbers(1_000, 30).contains(candidate.address()))
        .forEach(rig.swarm.book()::forget);
  }

  private void drop(PeerAddress filler) {
    rig.failed(filler);
    rig.dials().forEach(this::drop);
  }

  /// Room for sixteen, and eight are here.
  private void halfFull() {
    rig = new Rig(new SwarmOptions(16, 8, 1, 2_000));
    for (int i = 0; i < 8; i++) {
      rig.incoming("7." + i + ".0.1:40000", id(i), 0);
    }
  }

  /// The next dials, one a second.
  private List<PeerAddress> nextDials(int count) {
    var dials = new ArrayList<PeerAddress>();
    while (dials.size() < count) {
      rig.pass(Duration.ofSeconds(1));
      rig.tick();
      dials.addAll(rig.dials());
    }
    return dials;
  }

  private Link seenAs(IpAddress us, int peer) {
    Link link = rig.connected(Direction.INCOMING, at("8.0.0." + peer + ":40000"), id(peer));
    rig.handle(new Input.ExtensionHandshaken(link, seeing(us)));
    return link;
  }

  private static ExtensionHandshake seeing(IpAddress us) {
    return ExtensionHandshake.ours(
        new TreeMap<>(), OptionalInt.empty(), 250, new PeerAddress(us, 1), Optional.empty());
  }
}
