package peerage.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static peerage.swarm.Rig.added;
import static peerage.swarm.Rig.at;
import static peerage.swarm.Rig.id;
import static peerage.swarm.Rig.number;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import peerage.peers.IpAddress;
import peerage.peers.Link;
import peerage.peers.PeerAddress;
import peerage.peers.PeerPriority;
import peerage.pex.UtPex;
import peerage.swarm.Swarm.Input;
import peerage.wire.ExtensionHandshake;
import peerage.wire.Handshake;

/// What a full swarm does with one more connection.
final class DoorTest {
  private static final PeerAddress US = at("30.1.2.3:6881");

  private final Rig rig = new Rig(SwarmOptions.DEFAULT.withMaxPeers(2));

  // A full peer is still a door

  @Test
  void whoComesWhenWeAreFullIsToldWhomWeKnowAndLetGo() {
    fill();
    Link visitor = rig.incoming("9.0.0.1:40000", id(9), 6881);

    assertThat(rig.closed()).isEmpty();
    assertThat(rig.told(visitor)).hasSize(1);
    assertThat(rig.told(visitor).getFirst().added()).containsOnlyKeys(number(1), number(2));
    assertThat(rig.swarm.isVisitor(visitor)).isTrue();

    rig.pass(Door.AFTER_TELLING);
    rig.tick();
    assertThat(rig.closed()).containsExactly(visitor + " no room; it was told of others");
  }

  @Test
  void aVisitorTakesNoPlaceAndIsNamedToNobody() {
    fill();
    rig.incoming("9.0.0.1:40000", id(9), 6881);

    assertThat(rig.swarm.peers()).hasSize(2);
    assertThat(rig.swarm.contacts().contains(at("9.0.0.1:6881"))).isFalse();
    assertThat(rig.events(SwarmEvent.Visited.class)).hasSize(1);
    assertThat(rig.events(SwarmEvent.Connected.class)).isEmpty();
  }

  @Test
  void aVisitorThatSaysNothingIsLetGoAfterFiveSeconds() {
    fill();
    Link visitor = rig.connected(Direction.INCOMING, at("9.0.0.1:40000"), id(9));
    rig.pass(Door.STAY.minusMillis(1));
    rig.tick();
    assertThat(rig.closed()).isEmpty();
    assertThat(rig.swarm.nextDeadline()).contains(rig.now.plusMillis(1));

    rig.pass(Duration.ofMillis(1));
    rig.tick();
    assertThat(rig.closed()).containsExactly(visitor + " no room; it was told of others");
  }

  @Test
  void whatAVisitorTellsIsHeard() {
    fill();
    Link visitor = rig.incoming("9.0.0.1:40000", id(9), 6881);
    rig.handle(new Input.PexArrived(visitor, UtPex.encode(added(number(50)))));

    assertThat(rig.swarm.book().get(number(50))).isPresent();
  }

  @Test
  void sixteenVisitorsAreThereAtOnceAndNoMore() {
    fill();
    for (int i = 0; i < Door.MAX_AT_ONCE; i++) {
      rig.connected(Direction.INCOMING, at("9.0." + i + ".1:40000"), id(0x100 + i));
      assertThat(rig.closed()).isEmpty();
    }
    rig.connected(Direction.INCOMING, at("9.1.0.1:40000"), id(0x99));

    assertThat(rig.closed()).hasSize(1).first().asString().endsWith("2 peers already");
  }

  @Test
  void sixtyVisitorsComeInAMinuteAndNoMore() {
    fill();
    for (int i = 0; i < Door.MAX_PER_MINUTE; i++) {
      Link link = rig.connected(Direction.INCOMING, at("9.0." + i + ".1:40000"), id(0x100 + i));
      assertThat(rig.closed()).isEmpty();
      rig.gone(link);
    }
    rig.connected(Direction.INCOMING, at("9.1.0.1:40000"), id(0x99));
    assertThat(rig.closed()).hasSize(1);

    rig.pass(Duration.ofMinutes(1));
    rig.connected(Direction.INCOMING, at("9.1.0.2:40000"), id(0x98));
    assertThat(rig.closed()).isEmpty();
  }

  @Test
  void oneAddressIsNotLetInAgainAtOnce() {
    fill();
    rig.gone(rig.connected(Direction.INCOMING, at("9.0.0.1:40000"), id(9)));
    rig.connected(Direction.INCOMING, at("9.0.0.1:40001"), id(10));
    assertThat(rig.closed()).hasSize(1);

    rig.pass(Door.SAME_AGAIN);
    rig.connected(Direction.INCOMING, at("9.0.0.1:40002"), id(11));
    assertThat(rig.closed()).isEmpty();
  }

  @Test
  void whoSpeaksNoExtensionsIsNotLetIn() {
    fill();
    var link = new Link(99);
    rig.handle(
        new Input.Connected(
            link, Direction.INCOMING, at("9.0.0.1:40000"), new Handshake(0, Rig.TORRENT, id(9))));

    assertThat(rig.closed()).hasSize(1);
  }

  @Test
  void aFullPeerOfAPrivateTorrentHasNoDoor() {
    var hidden = new Rig(Privacy.PRIVATE, SwarmOptions.DEFAULT.withMaxPeers(1));
    hidden.incoming("8.0.0.1:40000", id(1), 6881);
    hidden.connected(Direction.INCOMING, at("9.0.0.1:40000"), id(9));

    assertThat(hidden.closed()).containsExactly("#2 we have 1 peers already");
  }

  // The better ranked stays

  @Test
  void whoRanksHigherTakesThePlaceOfTheLowestRanked() {
    List<PeerAddress> byRank = crowdedAndKnowingWhereWeAre();
    Link lowest = link(byRank.get(2));
    PeerAddress better = byRank.get(5);
    rig.connected(Direction.INCOMING, at(better.ip() + ":40000"), id(77));

    assertThat(rig.closed()).containsExactly(lowest + " a peer of higher priority came");
    assertThat(rig.swarm.peers()).hasSize(2);
  }

  @Test
  void whoGaveWayToABetterOneIsToldAsBep11Allows() {
    List<PeerAddress> byRank = crowdedAndKnowingWhereWeAre();
    Link better = rig.connected(Direction.INCOMING, at(byRank.get(5).ip() + ":40000"), id(77));
    rig.greeted(better, Map.of(UtPex.NAME, 1), 6881);

    assertThat(rig.told(better).getFirst().added()).containsOnlyKeys(byRank.get(3), byRank.get(2));
  }

  @Test
  void whoRanksLowerIsAVisitor() {
    List<PeerAddress> byRank = crowdedAndKnowingWhereWeAre();
    PeerAddress worse = byRank.getFirst();
    Link link = rig.connected(Direction.INCOMING, at(worse.ip() + ":40000"), id(77));

    assertThat(rig.closed()).isEmpty();
    assertThat(rig.swarm.isVisitor(link)).isTrue();
  }

  @Test
  void aPeerThatIsYoungOrSendsWhatWeWantIsNotReplaced() {
    List<PeerAddress> byRank = crowdedAndKnowingWhereWeAre();
    rig.swarm.peers().forEach(peer -> rig.handle(new Input.Supplied(peer.link())));
    Link link = rig.connected(Direction.INCOMING, at(byRank.get(5).ip() + ":40000"), id(77));

    assertThat(rig.swarm.isVisitor(link)).isTrue();
  }

  @Test
  void inASmallSwarmNobodyIsReplaced() {
    fill();
    learnWhereWeAre();
    rig.pass(Admission.GRACE);
    for (int i = 10; i < 40; i++) {
      Link link = rig.connected(Direction.INCOMING, at("9." + i + ".0.1:40000"), id(0x100 + i));
      rig.gone(link);
      assertThat(rig.closed()).isEmpty();
    }
  }

  private void fill() {
    for (int i = 1; i <= 2; i++) {
      rig.heard(Rig.TRACKER, number(i));
      Link link = rig.outgoing(number(i), id(i));
      rig.greeted(link, Map.of(UtPex.NAME, 1), 6881);
    }
  }

  /// Two of many, nearly the lowest ranked, are connected, for long enough.
  private List<PeerAddress> crowdedAndKnowingWhereWeAre() {
    List<PeerAddress> byRank =
        Rig.numbers(1, 10).stream()
            .sorted(Comparator.comparingLong(peer -> PeerPriority.of(US, peer)))
            .toList();
    rig.heard(Rig.TRACKER, byRank.get(2), byRank.get(3));
    rig.outgoing(byRank.get(2), id(1));
    rig.outgoing(byRank.get(3), id(2));
    learnWhereWeAre();
    rig.heard(Rig.TRACKER, Rig.numbers(100, 10));
    rig.pass(Admission.GRACE);
    return byRank;
  }

  private Link link(PeerAddress peer) {
    return rig.swarm.peers().stream()
        .filter(view -> view.address().equals(peer))
        .findFirst()
        .orElseThrow()
        .link();
  }

  private void learnWhereWeAre() {
    for (PeerView peer : rig.swarm.peers()) {
      rig.handle(
          new Input.ExtensionHandshaken(
              peer.link(),
              new ExtensionHandshake(
                  new TreeMap<>(),
                  OptionalInt.empty(),
                  Optional.empty(),
                  OptionalInt.empty(),
                  IpAddress.parse(US.ip().toString()),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty(),
                  false)));
    }
  }
}
