package peerage.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static peerage.swarm.Rig.TRACKER;
import static peerage.swarm.Rig.US;
import static peerage.swarm.Rig.at;
import static peerage.swarm.Rig.id;
import static peerage.swarm.Rig.number;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import peerage.peers.Link;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;
import peerage.peers.PeerId;
import peerage.pex.UtPex;
import peerage.swarm.Swarm.Input;

/// Who may stay connected, and what we make of where peers say that they listen.
final class ConnectionTest {
  private static final PeerAddress A = number(1);
  private static final PeerAddress B = number(2);

  /// Greater and smaller than our own.
  private static final PeerId GREATER = id(0x50);

  private static final PeerId SMALLER = id(0x30);

  private Rig rig = new Rig();

  // Who may not stay

  @Test
  void whatAConnectionShowsToBeOurAddressIsNeverDialled() {
    Link teller = rig.outgoing(at("8.0.0.1:6881"), id(1));
    rig.handle(new Input.OwnIp(at("9.9.9.9:1").ip()));
    rig.tells(teller, at("9.9.9.9:" + Rig.OUR_PORT), at("9.8.9.9:7000"));

    assertThat(rig.dials()).containsExactly(at("9.8.9.9:7000"));
    assertThat(rig.refusals()).containsExactly("9.9.9.9:" + Rig.OUR_PORT + " our own address");
  }

  @Test
  void ourselvesWeMeetOnce() {
    rig.heard(TRACKER, A);
    rig.outgoing(A, US);
    assertThat(rig.closed()).containsExactly("#1 it is ourselves");
    assertThat(rig.swarm.dialling()).isZero();
    assertThat(rig.swarm.book().get(A)).isEmpty();

    assertThat(rig.heard(TRACKER, A)).isEmpty();
    assertThat(rig.refusals()).containsExactly(A + " our own address");
    assertThat(rig.dialledWithin(Duration.ofDays(1))).isEmpty();
  }

  @Test
  void ourselvesAtTheOtherEndOfThatConnectionAreRefusedToo() {
    rig.connected(Direction.INCOMING, at("8.0.0.1:40000"), US);

    assertThat(rig.closed()).containsExactly("#1 it is ourselves");
    assertThat(rig.swarm.peers()).isEmpty();
  }

  @Test
  void whoDidHarmIsClosedAndNeitherDialledNorLetInAgain() {
    rig.heard(TRACKER, A);
    Link link = rig.outgoing(A, id(1));
    rig.handle(new Input.Banned(link, "sent false data"));
    assertThat(rig.closed()).containsExactly("#1 sent false data");
    rig.gone(link);

    assertThat(rig.heard(new Origin.Given(), A)).isEmpty();
    assertThat(rig.refusals()).containsExactly(A + " banned");
    assertThat(rig.dialledWithin(Duration.ofDays(1))).isEmpty();
    rig.connected(Direction.INCOMING, new PeerAddress(A.ip(), 40_000), id(2));
    assertThat(rig.closed()).containsExactly("#2 it is banned");
  }

  @Test
  void whoIsBannedDoesNotComeBackAsItsOwnTwin() {
    rig.heard(TRACKER, A);
    Link link = rig.outgoing(A, GREATER);
    rig.handle(new Input.Banned(link, "sent false data"));
    rig.connected(Direction.INCOMING, new PeerAddress(A.ip(), 40_000), GREATER);

    assertThat(rig.closed()).containsExactly("#2 it is banned");
  }

  @Test
  void onTheLoopbackNetworkAloneTheEndpointIsBanned() {
    PeerAddress near = at("127.0.0.1:5001");
    rig.heard(new Origin.Given(), near);
    rig.handle(new Input.Banned(rig.outgoing(near, id(1)), "sent false data"));

    assertThat(rig.heard(new Origin.Given(), at("127.0.0.1:5002"))).hasSize(1);
    assertThat(rig.heard(new Origin.Given(), near)).isEmpty();
  }

  @Test
  void beyondTheBoundNobodyStays() {
    rig = new Rig(SwarmOptions.DEFAULT.withMaxPeers(2));
    rig.incoming("8.0.0.1:40000", id(1), 0);
    rig.incoming("8.0.0.2:40000", id(2), 0);
    rig.heard(Rig.TRACKER, number(3));
    rig.outgoing(number(3), id(3));

    assertThat(rig.closed()).containsExactly("#3 we have 2 peers already");
    assertThat(rig.swarm.peers()).hasSize(2);
  }

  @Test
  void whoAnsweredOurDialWhenWeWereFullIsRememberedAsReachable() {
    rig = new Rig(SwarmOptions.DEFAULT.withMaxPeers(1));
    rig.heard(Rig.teller("8.0.0.9:1"), A);
    Link first = rig.incoming("8.0.0.1:40000", id(1), 0);
    rig.outgoing(A, id(2));
    assertThat(rig.closed()).containsExactly("#2 we have 1 peers already");

    assertThat(rig.candidate(A).isVerified()).isTrue();
    rig.gone(first);
    assertThat(rig.dialledWithin(Duration.ofMinutes(2))).startsWith(A);
  }

  // Twins

  @Test
  void ofTwoConnectionsTheOneThatTheGreaterIdDialledStays() {
    rig.heard(TRACKER, A);
    rig.outgoing(A, GREATER);
    rig.connected(Direction.INCOMING, at(A.ip() + ":40000"), GREATER);
    assertThat(rig.closed()).containsExactly("#1 connected twice");
    assertThat(links()).containsExactly("#2");

    rig.heard(TRACKER, B);
    rig.outgoing(B, SMALLER);
    rig.connected(Direction.INCOMING, at(B.ip() + ":40000"), SMALLER);
    assertThat(rig.closed()).containsExactly("#4 connected twice");
    assertThat(links()).containsExactly("#2", "#3");
  }

  @Test
  void anIncomingConnectionThatReplacesOursKeepsWhatOurDialProved() {
    rig.heard(TRACKER, A);
    rig.outgoing(A, GREATER);
    rig.tick();
    rig.incoming(A.ip() + ":40000", GREATER, 0);
    rig.tick();

    assertThat(rig.swarm.contacts().contains(A)).isTrue();
    assertThat(rig.swarm.contacts().flags(A).orElseThrow().bits()).isEqualTo(0x10);
    assertThat(rig.dialledWithin(Duration.ofDays(1))).as("it is connected").isEmpty();
  }

  @Test
  void whoDialsUsWhileWeDialItIsNotDialledAgain() {
    rig.heard(TRACKER, A);
    rig.incoming(A.ip() + ":40000", GREATER, A.port());
    assertThat(rig.candidate(A).isConnected()).isTrue();
    rig.outgoing(A, GREATER);
    assertThat(rig.closed()).containsExactly("#2 connected twice");

    assertThat(rig.candidate(A).isConnected()).isTrue();
    assertThat(rig.candidate(A).isVerified()).as("it answered our dial, too").isTrue();
    assertThat(rig.swarm.contacts().flags(A).orElseThrow().bits()).isEqualTo(0x10);
    assertThat(rig.dialledWithin(Duration.ofDays(1))).isEmpty();
  }

  @Test
  void whoDialsUsWhileOurDialFailsIsConnectedAllTheSame() {
    rig.heard(TRACKER, A);
    rig.incoming(A.ip() + ":40000", GREATER, A.port());
    rig.failed(A);

    assertThat(rig.candidate(A).isConnected()).isTrue();
    assertThat(rig.candidate(A).failures()).isZero();
    assertThat(rig.dialledWithin(Duration.ofDays(1))).isEmpty();
  }

  @Test
  void aSecondAddressOfAPeerThatWeHaveIsTriedEverMoreRarely() {
    rig.heard(TRACKER, A, B);
    rig.outgoing(A, SMALLER);
    rig.outgoing(B, SMALLER);

    assertThat(rig.closed()).containsExactly("#2 connected twice");
    assertThat(rig.candidate(B).failures()).isEqualTo(1);
    assertThat(rig.swarm.contacts().contains(B)).isFalse();
  }

  @Test
  void whomWeHaveByTheOtherFamilyAlreadyIsToldInThisOneAsBep11Allows() {
    PeerAddress sixth = at("[2a00:0:1::1]:6881");
    rig.heard(TRACKER, A, sixth);
    rig.outgoing(A, SMALLER);
    rig.outgoing(sixth, SMALLER);
    assertThat(rig.closed()).containsExactly("#2 connected twice");

    Link other = rig.incoming("[2a00:0:2::1]:40000", GREATER, 6881);
    assertThat(rig.told(other).getFirst().added()).containsOnlyKeys(sixth);
  }

  @Test
  void ofTwoThatThePeerDialledThePeerDecides() {
    rig.incoming("8.0.0.1:40000", GREATER, 6881);
    rig.incoming("8.0.0.2:40000", GREATER, 6881);

    assertThat(rig.closed()).isEmpty();
  }

  @Test
  void aContactStaysWhileOneOfItsConnectionsDoes() {
    Link first = rig.incoming("8.0.0.1:40000", SMALLER, 6881);
    Link second = rig.incoming("8.0.0.1:40001", SMALLER, 6881);
    rig.gone(first);
    rig.handle(new Input.SeedSeen(second));

    assertThat(rig.swarm.contacts().flags(at("8.0.0.1:6881"))).contains(new PeerFlags(0x02));
    assertThat(rig.candidate(at("8.0.0.1:6881")).isConnected()).isTrue();
  }

  // Where peers listen

  @Test
  void whoDialledUsIsNamedOnceItSaysWhereItListensAndTakesAConnectionThere() {
    Link link = rig.connected(Direction.INCOMING, at("8.0.0.1:40000"), id(1));
    rig.tick();
    assertThat(rig.swarm.contacts().size()).isZero();
    rig.greeted(link, Map.of(), 0);
    assertThat(rig.swarm.contacts().size()).isZero();

    rig.greeted(link, Map.of(), 6881);
    assertThat(rig.probes()).containsExactly(at("8.0.0.1:6881"));
    assertThat(rig.swarm.contacts().size()).as("it only says so").isZero();

    rig.handle(new Input.Probed(at("8.0.0.1:6881"), Probe.OPEN));
    assertThat(rig.swarm.contacts().contains(at("8.0.0.1:6881"))).isTrue();
    assertThat(rig.swarm.contacts().size()).isEqualTo(1);
  }

  @Test
  void whomWeDialledListensWhereWeDialledWhateverItSays() {
    rig.heard(TRACKER, A);
    Link link = rig.outgoing(A, id(1));
    rig.greeted(link, Map.of(), 1234);

    assertThat(rig.swarm.contacts().contains(A)).isTrue();
    assertThat(rig.swarm.contacts().size()).isEqualTo(1);
  }

  @Test
  void aClaimThatChangesIsOneContactAndOneCandidate() {
    Link link = rig.incoming("8.0.0.1:40000", id(1), 6881);
    for (int port = 7_000; port < 7_100; port++) {
      rig.greeted(link, Map.of(), port);
      rig.handle(new Input.Probed(at("8.0.0.1:" + port), Probe.OPEN));
    }

    assertThat(rig.swarm.contacts().size()).isEqualTo(1);
    assertThat(rig.swarm.contacts().contains(at("8.0.0.1:7099"))).isTrue();
    assertThat(rig.swarm.book().size()).isEqualTo(1);
  }

  @Test
  void aClaimDoesNotReplaceWhatADialProved() {
    PeerAddress real = at("8.0.0.1:6881");
    rig.heard(TRACKER, real);
    Link link = rig.incoming("8.0.0.1:40000", GREATER, 9_999);
    rig.outgoing(real, GREATER);
    rig.greeted(link, Map.of(), 9_999);

    assertThat(rig.swarm.contacts().contains(real)).isTrue();
    assertThat(rig.swarm.contacts().size()).isEqualTo(1);
  }

  @Test
  void whoLeftIsNoLongerNamedAndDialledBackLater() {
    Link link = rig.incoming("8.0.0.1:40000", id(1), 6881);
    rig.gone(link);

    assertThat(rig.swarm.contacts().size()).isZero();
    assertThat(rig.dialledWithin(Duration.ofMinutes(1))).containsExactly(at("8.0.0.1:6881"));
  }

  @Test
  void whoIsConnectedIsNotDialledWhenTheBookLearnsOfItLater() {
    rig = new Rig(new SwarmOptions(100, 50, 30, 1));
    rig.heard(new Origin.Given(), A);
    rig.incoming("8.0.0.1:40000", id(1), 6881);
    assertThat(rig.refusals()).containsExactly("8.0.0.1:6881 the candidate book is full");
    rig.outgoing(A, US); // makes room

    rig.heard(TRACKER, at("8.0.0.1:6881"));
    assertThat(rig.dials()).isEmpty();
  }

  // What is known of them

  @Test
  void aPeerIsShownByWhereItListensAndWhatItSaysOfItself() {
    rig.heard(TRACKER, A);
    Link link = rig.outgoing(A, id(1));
    rig.greeted(link, Map.of(UtPex.NAME, 7), 0);
    Link other = rig.connected(Direction.INCOMING, at("8.0.0.1:40000"), id(2));

    PeerView first = rig.swarm.peers().getFirst();
    assertThat(first.address()).isEqualTo(A);
    assertThat(first.origin()).isEqualTo(TRACKER);
    assertThat(first.client()).isEqualTo("Rig 1");
    assertThat(first.pex()).isTrue();
    PeerView second = rig.swarm.peers().getLast();
    assertThat(second.link()).isEqualTo(other);
    assertThat(second.address()).isEqualTo(at("8.0.0.1:40000"));
    assertThat(second.origin()).isEqualTo(new Origin.Incoming());
    assertThat(second.client()).isEqualTo(id(2).client());
    assertThat(second.pex()).isFalse();
  }

  @Test
  void itIsIntroducedOnceHoweverOftenItShakesHands() {
    rig.incoming("8.0.0.1:40000", id(1), 6881);
    assertThat(rig.events(SwarmEvent.Introduced.class)).hasSize(1);
    rig.greeted(new Link(1), Map.of(UtPex.NAME, 1), 6881);

    assertThat(rig.events()).isEmpty();
  }

  @Test
  void whatHappensToAConnectionThatIsGoneHappensToNobody() {
    Link link = rig.incoming("8.0.0.1:40000", id(1), 6881);
    rig.gone(link);
    rig.gone(link);
    rig.greeted(link, Map.of(), 7_000);
    rig.tells(link, A);
    rig.handle(new Input.Banned(link, "late"));
    rig.handle(new Input.SeedSeen(link));
    rig.handle(new Input.PexFlushed(link, rig.now));

    assertThat(rig.events()).isEmpty();
    assertThat(rig.swarm.book().get(A)).isEmpty();
  }

  private List<String> links() {
    return rig.swarm.peers().stream().map(peer -> peer.link().toString()).toList();
  }
}
