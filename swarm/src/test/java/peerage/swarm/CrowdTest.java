package peerage.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static peerage.swarm.Rig.at;
import static peerage.swarm.Rig.id;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import peerage.peers.IpAddress;
import peerage.peers.Link;
import peerage.peers.PeerAddress;
import peerage.swarm.Swarm.Input;

/// Whoever owns a network can fill all our room with peers that answer; each network has a share.
final class CrowdTest {
  private static final int ROOM = 16;
  private static final PeerAddress TELLER = at("77.7.7.7:6881");

  @Test
  void whomATrackerNamesIsHeldToNoShare() {
    assertThat(rig.heard(Rig.TRACKER, sybils(20))).hasSize(ROOM);
  }

  private final Rig rig = new Rig(SwarmOptions.DEFAULT.withMaxPeers(ROOM));
  private int ids = 0x200;

  @Test
  void aNetworkIsDialledOnceAsLongAsOthersWait() {
    var all = new ArrayList<>(sybils(20));
    all.addAll(Rig.numbers(1, 20));
    List<PeerAddress> dialled = told(all);

    assertThat(dialled).hasSize(8);
    assertThat(dialled.stream().filter(CrowdTest::isSybil).count()).isEqualTo(1);
  }

  @Test
  void aNewcomerTakesWhoeverIsThereUpToAQuarterOfItsRoom() {
    assertThat(told(sybils(20))).hasSize(ROOM / 4 - 1); // and the teller
  }

  @Test
  void fromThenOnACrowdedNetworkIsDialledOnceAMinuteUpToHalfOfTheRoom() {
    told(sybils(20)).forEach(this::answers);
    assertThat(dialledWithin(Duration.ofMinutes(3))).hasSize(3);
    assertThat(dialledWithin(Duration.ofMinutes(10))).as("then we are half full").hasSize(1);
    assertThat(rig.swarm.peers()).hasSize(ROOM / 2);
  }

  private List<PeerAddress> dialledWithin(Duration time) {
    var dialled = new ArrayList<PeerAddress>();
    for (long second = 0; second < time.toSeconds(); second++) {
      rig.pass(Duration.ofSeconds(1));
      rig.tick();
      List<PeerAddress> dials = List.copyOf(rig.dials());
      dials.forEach(this::answers);
      dialled.addAll(dials);
    }
    return dialled;
  }

  @Test
  void inAPrivateNetworkNobodyIsACrowd() {
    var lan = new ArrayList<PeerAddress>();
    for (int i = 1; i <= 30; i++) {
      lan.add(at("192.168.1." + i + ":6881"));
    }
    rig.handle(new Input.Heard(lan, Rig.TRACKER, IpAddress.parse("192.168.1.99")));

    assertThat(rig.dials()).hasSize(ROOM);
  }

  @Test
  void fullOfACrowdWeGiveOneUpForSomebodyElseWhateverItsRank() {
    told(sybils(40));
    for (PeerAddress sybil : sybils(ROOM)) {
      rig.connected(Direction.INCOMING, at(sybil.ip() + ":40000"), id(ids++));
    }
    assertThat(rig.swarm.peers()).hasSize(ROOM);
    rig.pass(Admission.GRACE);
    Link other = rig.connected(Direction.INCOMING, at("99.9.9.9:40000"), id(ids++));

    assertThat(rig.closed()).hasSize(1).first().asString().endsWith("of higher priority came");
    assertThat(rig.swarm.isVisitor(other)).isFalse();
  }

  @Test
  void whoGivesNothingForTwoMinutesMakesRoomWhenOthersGiveAndSomebodyWaits() {
    List<PeerAddress> dialled = rig.heard(Rig.TRACKER, Rig.numbers(1, 30));
    dialled.forEach(this::answers);
    assertThat(rig.swarm.peers()).hasSize(ROOM);
    Link giver = rig.swarm.peers().getFirst().link();
    assertThat(closedWithin(Duration.ofMinutes(10))).as("nobody gives").isEmpty();

    rig.handle(new Input.Supplied(giver));
    List<String> closed = closedWithin(Duration.ofSeconds(60));
    assertThat(closed)
        .isNotEmpty()
        .allMatch(reason -> reason.endsWith("nothing came of it, and others want its place"))
        .noneMatch(reason -> reason.startsWith(giver.toString()));
  }

  private List<String> closedWithin(Duration time) {
    var closed = new ArrayList<String>();
    for (long second = 0; second < time.toSeconds(); second++) {
      rig.pass(Duration.ofSeconds(1));
      rig.tick();
      closed.addAll(rig.closed());
    }
    return closed;
  }

  /// What is dialled when a teller that we dialled names these.
  private List<PeerAddress> told(List<PeerAddress> contacts) {
    rig.heard(Rig.TRACKER, TELLER);
    Link teller = rig.outgoing(TELLER, id(ids++));
    rig.tells(teller, contacts.toArray(PeerAddress[]::new));
    return rig.dials();
  }

  private void answers(PeerAddress address) {
    rig.outgoing(address, id(ids++));
  }

  private static boolean isSybil(PeerAddress address) {
    return address.ip().toString().startsWith("66.6.");
  }

  /// Each in a /24 of its own, all in one /16.
  private static List<PeerAddress> sybils(int count) {
    var all = new ArrayList<PeerAddress>();
    for (int i = 0; i < count; i++) {
      all.add(at("66.6." + i + ".1:6881"));
    }
    return all;
  }
}
