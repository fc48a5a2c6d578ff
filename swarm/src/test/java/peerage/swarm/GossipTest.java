package peerage.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static peerage.swarm.Rig.TRACKER;
import static peerage.swarm.Rig.at;
import static peerage.swarm.Rig.id;
import static peerage.swarm.Rig.number;
import static peerage.swarm.Rig.teller;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import peerage.peers.Link;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;
import peerage.pex.PexMessage;
import peerage.pex.PexSession;
import peerage.pex.UtPex;
import peerage.swarm.Swarm.Input;
import peerage.swarm.Swarm.Output;
import peerage.wire.ExtensionHandshake;
import peerage.wire.Handshake;

/// What we tell of our peers, and what becomes of what they tell.
final class GossipTest {
  private static final PeerAddress A = number(1);
  private static final PeerAddress B = number(2);

  private Rig rig = new Rig();

  // Telling

  @Test
  void aNewcomerIsToldOfTheOthersAtOnceAndTheOthersOfIt() {
    Link first = rig.incoming("8.0.0.1:40000", id(1), 6881);
    assertThat(rig.told(first)).as("there is nobody else").isEmpty();
    Link second = rig.incoming("8.0.0.2:40000", id(2), 6881);
    assertThat(rig.told(second)).containsExactly(Rig.added(at("8.0.0.1:6881")));

    rig.tick();
    assertThat(rig.told(first)).containsExactly(Rig.added(at("8.0.0.2:6881")));
    assertThat(rig.events())
        .containsExactly(
            new SwarmEvent.Told(first, at("8.0.0.1:6881"), Rig.added(at("8.0.0.2:6881"))));
  }

  @Test
  void whoComesInOneBatchIsToldInOneMessage() {
    Link first = rig.incoming("8.0.0.1:40000", id(1), 6881);
    rig.incoming("8.0.0.2:40000", id(2), 6881);
    rig.incoming("8.0.0.3:40000", id(3), 6881);
    rig.tick();

    assertThat(rig.told(first)).containsExactly(Rig.added(at("8.0.0.2:6881"), at("8.0.0.3:6881")));
  }

  @Test
  void contactsThatNobodyHasBeenAskedAboutAreDueNow() {
    rig.incoming("8.0.0.1:40000", id(1), 6881);
    assertThat(rig.swarm.nextDeadline()).contains(rig.now);
    rig.tick();

    assertThat(rig.swarm.nextDeadline()).isEmpty();
  }

  @Test
  void theNextMessageGoesAMinuteAndAMarginAfterTheLastOneLeft() {
    Link first = rig.incoming("8.0.0.1:40000", id(1), 6881);
    rig.incoming("8.0.0.2:40000", id(2), 6881);
    rig.tick();
    rig.incoming("8.0.0.3:40000", id(3), 6881);
    rig.tick();
    assertThat(rig.told(first)).isEmpty();
    rig.pass(Duration.ofMinutes(10));
    rig.tick();
    assertThat(rig.told(first)).as("the last one is still in our queue").isEmpty();

    rig.handle(new Input.PexFlushed(first, rig.now));
    assertThat(rig.swarm.nextDeadline())
        .hasValueSatisfying(
            at -> assertThat(at).isAfterOrEqualTo(rig.now.plus(PexSession.SPACING)));
    rig.now = rig.swarm.nextDeadline().orElseThrow();
    rig.tick();
    assertThat(rig.told(first)).containsExactly(Rig.added(at("8.0.0.3:6881")));
  }

  @Test
  void whoLeavesIsDropped() {
    Link first = rig.incoming("8.0.0.1:40000", id(1), 6881);
    Link second = rig.incoming("8.0.0.2:40000", id(2), 6881);
    rig.tick();
    rig.handle(new Input.PexFlushed(first, rig.now));
    rig.gone(second);
    rig.tick();
    rig.pass(Duration.ofSeconds(75));
    rig.tick();

    PexMessage message = rig.told(first).getFirst();
    assertThat(message.added()).isEmpty();
    assertThat(message.dropped()).containsExactly(at("8.0.0.2:6881"));
  }

  @Test
  void whoWasHeardOfButNeverReachedIsNotTold() {
    rig.heard(TRACKER, A);
    rig.failed(A);
    Link link = rig.incoming("8.0.0.1:40000", id(1), 6881);
    rig.tick();

    assertThat(rig.told(link)).isEmpty();
  }

  @Test
  void aPeerWithoutTheExtensionProtocolIsNamedButNotTold() {
    rig.heard(TRACKER, A);
    var plain = new Handshake(0, Rig.TORRENT, id(1));
    rig.handle(new Input.Connected(new Link(90), Direction.OUTGOING, A, plain));
    Link link = rig.incoming("8.0.0.1:40000", id(2), 6881);
    rig.tick();

    assertThat(rig.told(new Link(90))).isEmpty();
    assertThat(rig.swarm.contacts().contains(A)).isTrue();
    assertThat(rig.swarm.peers()).extracting(PeerView::link).contains(link);
  }

  // Flags

  @Test
  void weDialledItIsFlag10() {
    rig.heard(TRACKER, A);
    rig.outgoing(A, id(1));
    Link other = rig.incoming("8.0.0.1:40000", id(2), 6881);

    assertThat(flagsTold(other, A)).isEqualTo(PeerFlags.REACHABLE);
  }

  @Test
  void whoDialledUsIsNotCalledReachable() {
    rig.incoming("8.0.0.1:40000", id(1), 6881);
    Link other = rig.incoming("8.0.0.2:40000", id(2), 6881);

    assertThat(flagsTold(other, at("8.0.0.1:6881"))).isZero();
  }

  @Test
  void itPrefersEncryptionIsFlag01() {
    greetA(says("e"));
    assertThat(flagsToldOfA()).isEqualTo(0x11);
  }

  @Test
  void itOnlyUploadsIsFlag02UntilItSaysOtherwise() {
    Link link = greetA(says("upload_only"));
    assertThat(rig.swarm.contacts().flags(A)).contains(new PeerFlags(0x12));
    rig.greeted(link, Map.of(), 0);
    assertThat(rig.swarm.contacts().flags(A))
        .as("not said is not denied")
        .contains(new PeerFlags(0x12));
    rig.handle(new Input.ExtensionHandshaken(link, says("upload_only=0")));

    assertThat(flagsToldOfA()).isEqualTo(0x10);
  }

  @Test
  void itHasEveryPieceIsFlag02WhateverItSays() {
    Link link = greetA(says("nothing"));
    rig.handle(new Input.SeedSeen(link));
    rig.handle(new Input.ExtensionHandshaken(link, says("upload_only=0")));

    assertThat(flagsToldOfA()).isEqualTo(0x12);
  }

  @Test
  void itOffersHolepunchIsFlag08() {
    greetA(says("ut_holepunch"));
    assertThat(flagsToldOfA()).isEqualTo(0x18);
  }

  @Test
  void uTpIsFlag04AndNeverSentBecauseWeSpeakTcp() {
    for (String said : List.of("e", "upload_only", "ut_holepunch", "nothing")) {
      rig = new Rig();
      greetA(says(said));
      assertThat(flagsToldOfA() & PeerFlags.UTP).isZero();
    }
  }

  @Test
  void whatTellersClaimOfAPeerIsNotPassedOn() {
    Link liar = rig.incoming("8.0.0.9:40000", id(9), 6881);
    var lie = new LinkedHashMap<PeerAddress, PeerFlags>();
    lie.put(A, new PeerFlags(0x1f));
    rig.handle(
        new Input.PexArrived(liar, UtPex.encode(new PexMessage(lie, new LinkedHashSet<>()))));
    assertThat(rig.dials()).containsExactly(A);
    rig.outgoing(A, id(1));

    assertThat(flagsToldOfA()).isEqualTo(PeerFlags.REACHABLE);
  }

  // Listening

  @Test
  void whatAPeerTellsIsDialledAndTheTellerRemembered() {
    Link link = rig.incoming("8.0.0.1:40000", id(1), 6881);
    rig.tells(link, A, B);

    assertThat(rig.dials()).containsExactlyInAnyOrder(A, B);
    assertThat(rig.candidate(A).firstOrigin()).isEqualTo(teller("8.0.0.1:6881"));
    assertThat(rig.events(SwarmEvent.Heard.class))
        .containsExactly(
            new SwarmEvent.Heard(A, teller("8.0.0.1:6881")),
            new SwarmEvent.Heard(B, teller("8.0.0.1:6881")));
    rig.outgoing(A, id(2));
    assertThat(rig.events(SwarmEvent.Connected.class))
        .extracting(SwarmEvent.Connected::origins)
        .containsExactly(List.<Origin>of(teller("8.0.0.1:6881")));
  }

  @Test
  void whoTellsBeforeItSaysWhereItListensIsKnownByItsConnection() {
    Link link = rig.connected(Direction.INCOMING, at("8.0.0.1:40000"), id(1));
    rig.tells(link, A);

    assertThat(rig.candidate(A).firstOrigin()).isEqualTo(teller("8.0.0.1:40000"));
  }

  @Test
  void aDropMakesNobodyACandidateAndRemovesNobody() {
    Link link = rig.incoming("8.0.0.1:40000", id(1), 6881);
    rig.heard(TRACKER, A);
    var drop = new LinkedHashSet<>(List.of(A, B));
    rig.handle(
        new Input.PexArrived(link, UtPex.encode(new PexMessage(new LinkedHashMap<>(), drop))));

    assertThat(rig.swarm.book().get(A)).isPresent();
    assertThat(rig.swarm.book().get(B)).isEmpty();
  }

  @Test
  void oddMessagesAreCountedAndNotPunished() {
    Link link = rig.incoming("8.0.0.1:40000", id(1), 6881);
    rig.handle(new Input.PexArrived(link, new byte[] {'d', 'e'}));

    assertThat(rig.events())
        .containsExactly(new SwarmEvent.Odd(link, at("8.0.0.1:6881"), "an empty message"));
    assertThat(rig.closed()).isEmpty();
  }

  @Test
  void messagesTooOftenAreIgnored() {
    Link link = rig.incoming("8.0.0.1:40000", id(1), 6881);
    for (int i = 0; i < PexSession.MAX_PER_MINUTE; i++) {
      rig.tells(link, number(i));
    }
    rig.tells(link, number(100));

    assertThat(rig.events())
        .contains(new SwarmEvent.Odd(link, at("8.0.0.1:6881"), "PEX messages too often"))
        .noneMatch(event -> event instanceof SwarmEvent.Heard);
  }

  @Test
  void whatIsNoMessageIsToleratedThenIgnoredThenClosedAndHeardNoMore() {
    Link link = rig.incoming("8.0.0.1:40000", id(1), 6881);
    garbage(link);
    assertThat(heardFrom(link, number(1))).as("after one").isTrue();
    garbage(link);
    assertThat(heardFrom(link, number(2))).as("after two").isFalse();
    assertThat(rig.closed()).isEmpty();

    garbage(link);
    garbage(link);
    assertThat(rig.closed()).hasSize(1).first().asString().contains("malformed");
    garbage(link);
    assertThat(rig.outputs).isEmpty();
    assertThat(heardFrom(link, number(3))).isFalse();
    assertThat(rig.outputs).isEmpty();
  }

  private void garbage(Link link) {
    rig.pass(Duration.ofSeconds(20));
    rig.handle(new Input.PexArrived(link, new byte[] {'x'}));
  }

  private boolean heardFrom(Link link, PeerAddress contact) {
    rig.tells(link, contact);
    return rig.swarm.book().get(contact).isPresent();
  }

  @Test
  void whoIsOnItsWayOutKeepsNobodyAwake() {
    Link link = rig.incoming("8.0.0.1:40000", id(1), 6881);
    rig.incoming("8.0.0.2:40000", id(2), 6881);
    rig.tick();
    rig.handle(new Input.PexFlushed(link, rig.now));
    rig.incoming("8.0.0.3:40000", id(3), 6881);
    rig.tick();
    rig.handle(new Input.PexArrived(link, new byte[] {'x'}));
    rig.pass(Duration.ofHours(1));
    rig.tick();

    assertThat(rig.swarm.nextDeadline().orElse(Instant.MAX)).isAfter(rig.now);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 255})
  void theNumberOfTheRemoteIsUsedAsItIs(int number) {
    rig.incoming("8.0.0.1:40000", id(1), 6881);
    Link link = rig.connected(Direction.INCOMING, at("8.0.0.2:40000"), id(2));
    rig.greeted(link, Map.of(UtPex.NAME, number), 6881);

    assertThat(rig.outputs.stream().filter(Output.SendPex.class::isInstance))
        .extracting(output -> ((Output.SendPex) output).id())
        .containsExactlyElementsOf(number == 0 ? List.of() : List.of(number));
  }

  private Link greetA(ExtensionHandshake handshake) {
    rig.heard(TRACKER, A);
    Link link = rig.outgoing(A, id(1));
    rig.handle(new Input.ExtensionHandshaken(link, handshake));
    return link;
  }

  private int flagsToldOfA() {
    return flagsTold(rig.incoming("8.0.0.2:40000", id(2), 6881), A);
  }

  private int flagsTold(Link link, PeerAddress contact) {
    PexMessage message = rig.told(link).getFirst();
    return Objects.requireNonNull(message.added().get(contact)).bits();
  }

  private static ExtensionHandshake says(String what) {
    var m = new TreeMap<String, Integer>();
    m.put(UtPex.NAME, 1);
    if (what.equals("ut_holepunch")) {
      m.put(what, 4);
    }
    return new ExtensionHandshake(
        m,
        OptionalInt.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        what.startsWith("upload_only") ? Optional.of(!what.endsWith("0")) : Optional.empty(),
        what.equals("e"));
  }
}
