package peerage.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static peerage.swarm.Rig.TRACKER;
import static peerage.swarm.Rig.at;
import static peerage.swarm.Rig.teller;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import peerage.peers.Link;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;

/// Whose word makes which address a candidate.
final class JudgeTest {
  private static final String FAR = "8.8.8.8";

  private final Rig rig = new Rig();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "192.168.1.1",
        "10.1.2.3",
        "172.16.0.1",
        "100.64.0.1",
        "[fd00::1]",
        "127.0.0.1",
        "[::1]",
        "169.254.1.1",
        "[fe80::1]",
        "0.0.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "[2001:db8::1]",
        "[ff02::1]",
        "[2002:c0a8:101::1]"
      })
  void aStrangerFarAwayMakesUsDialNoAddressThatIsNotOnTheInternet(String host) {
    assertThat(rig.heardFrom(FAR, teller("8.8.8.8:1"), at(host + ":80"))).isEmpty();
    assertThat(rig.heardFrom(FAR, TRACKER, at(host + ":80"))).isEmpty();
    assertThat(rig.heard(TRACKER, at(host + ":80"))).as("from nobody knows where").isEmpty();
    assertThat(rig.swarm.book().size()).isZero();
    assertThat(rig.refusals()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "192.168.1.9, 192.168.1.1, true",
    "192.168.1.9, 10.0.0.1, true",
    "127.0.0.1, 192.168.1.1, true",
    "127.0.0.1, 127.0.0.2, true",
    "::1, 127.0.0.2, true",
    "192.168.1.9, 127.0.0.1, false",
    "192.168.1.9, 169.254.0.1, false",
    "127.0.0.1, 224.0.0.1, false",
    "127.0.0.1, 0.0.0.0, false",
    "192.168.1.9, 8.8.4.4, true",
    "8.8.8.8, 8.8.4.4, true"
  })
  void whoIsNearIsBelievedAboutWhatIsNear(String source, String address, boolean believed) {
    rig.heardFrom(source, teller("7.7.7.7:1"), at(address + ":6881"));

    assertThat(rig.swarm.book().size()).isEqualTo(believed ? 1 : 0);
  }

  @Test
  void whatAPeerTellsIsJudgedByWhereItIs() {
    Link far = rig.incoming("8.0.0.1:40000", Rig.id(1), 6881);
    rig.tells(far, at("192.168.1.1:80"), at("9.9.9.9:8080"));
    assertThat(rig.refusals()).containsExactly("192.168.1.1:80 a private address from elsewhere");
    assertThat(rig.dials()).containsExactly(at("9.9.9.9:8080"));

    Link near = rig.incoming("192.168.1.7:40000", Rig.id(2), 6881);
    rig.tells(near, at("192.168.1.1:8080"));
    assertThat(rig.dials()).containsExactly(at("192.168.1.1:8080"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.168.1.1:1", "127.0.0.1:1", "169.254.1.1:1", "192.0.2.1:1"})
  void theUserIsBelieved(String address) {
    assertThat(rig.heard(new Origin.Given(), at(address))).containsExactly(at(address));
  }

  @Test
  void oneHostIsNotScannedOnHearsay() {
    for (int port = 2001; port <= 2050; port++) {
      rig.heard(teller(Rig.number(port).toString()), at("9.9.9.9:" + port));
    }
    assertThat(rig.swarm.book().size()).isEqualTo(3);
    assertThat(rig.refusals()).containsExactly("9.9.9.9:2050 too many ports of one address");

    assertThat(rig.heard(TRACKER, at("9.9.9.9:50"))).as("a tracker may").hasSize(1);
  }

  @Test
  void aPrivilegedPortIsBelievedWhenTellersOfTwoNetworksNameIt() {
    PeerAddress server = at("9.9.9.9:443");
    assertThat(rig.heard(teller("8.8.1.1:1"), server)).isEmpty();
    assertThat(rig.heard(teller("8.8.2.2:2"), server)).as("of the same network").isEmpty();
    assertThat(rig.refusals())
        .containsExactly(server + " a privileged port that one teller alone names");

    assertThat(rig.heard(teller("7.7.7.7:1"), server)).containsExactly(server);
    assertThat(rig.candidate(server).hearings()).hasSize(3);
  }

  @Test
  void aNodeOfTheDhtIsBelievedNoMoreThanATeller() {
    PeerAddress server = at("9.9.9.9:443");
    assertThat(rig.heard(new Origin.Dht(at("8.8.1.1:1")), server)).isEmpty();
    assertThat(rig.heard(teller("8.8.2.2:2"), server)).as("of the same network").isEmpty();
    assertThat(rig.heardFrom("8.8.1.1", new Origin.Dht(at("8.8.1.1:1")), at("10.0.0.1:6881")))
        .isEmpty();

    assertThat(rig.heard(new Origin.Dht(at("7.7.7.7:1")), server)).containsExactly(server);
  }

  @Test
  void whatADhtNodeNamesIsHearsayUntilItIsReached() {
    PeerAddress named = at("9.9.9.9:8080");
    rig.heard(new Origin.Dht(at("8.8.1.1:1")), named);
    assertThat(rig.swarm.isHearsay(named)).isTrue();

    rig.outgoing(named, Rig.id(1));
    assertThat(rig.swarm.isHearsay(named)).isFalse();
  }

  @Test
  void aMagnetMayNameANeighbourButNoService() {
    assertThat(rig.heard(new Origin.Magnet(), at("192.168.1.9:6881"))).hasSize(1);
    assertThat(rig.heard(new Origin.Magnet(), at("192.168.1.1:80"))).isEmpty();
    assertThat(rig.refusals()).containsExactly("192.168.1.1:80 a privileged port in a magnet link");
  }

  @Test
  void theLocalNetworkNamesOnlyWhatIsThere() {
    assertThat(rig.heardFrom("192.168.1.9", new Origin.Lan(), at("192.168.1.9:6881"))).hasSize(1);
    assertThat(rig.heardFrom("192.168.1.9", new Origin.Lan(), at("127.0.0.1:6881"))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource
  void aPrivateTorrentTakesNobodyFromElsewhereThanItsTracker(Origin origin) {
    var closed = new Rig(Privacy.PRIVATE, SwarmOptions.DEFAULT);

    assertThat(closed.heard(origin, at("9.9.9.9:6881"))).isEmpty();
    assertThat(closed.refusals()).containsExactly("9.9.9.9:6881 the torrent is private");
  }

  static Stream<Origin> aPrivateTorrentTakesNobodyFromElsewhereThanItsTracker() {
    return Stream.of(
        new Origin.Dht(at("8.8.1.1:1")),
        new Origin.Lan(),
        new Origin.Magnet(),
        teller("8.8.1.1:1"),
        new Origin.Memory(Instant.EPOCH, TRACKER));
  }

  @Test
  void aPrivilegedPortIsBelievedFromATrackerAndFromThePeerItself() {
    assertThat(rig.heard(TRACKER, at("9.9.9.9:443"))).hasSize(1);
    rig.incoming("8.0.0.1:40000", Rig.id(1), 443);
    assertThat(rig.swarm.book().get(at("8.0.0.1:443"))).isPresent();
    assertThat(rig.heard(teller("8.8.1.1:1"), at("8.0.0.1:443"))).isEmpty();
    assertThat(rig.refusals()).isEmpty();
  }

  @Test
  void whatIsRefusedIsRememberedUpToABound() {
    for (int i = 0; i < 300; i++) {
      rig.heard(teller("8.8.1.1:1"), at("224.0." + i / 250 + "." + (1 + i % 250) + ":6881"));
    }
    assertThat(rig.swarm.candidates(rig.now))
        .hasSize(Refusals.MAX)
        .allMatch(view -> view.state() == CandidateView.State.REFUSED);
  }

  @Test
  void peersThatComeAndGoUnderOneAddressFillNoBookWithTheirClaims() {
    for (int port = 1; port <= 50; port++) {
      rig.gone(rig.incoming("8.0.0.1:40000", Rig.id(port), port));
    }
    assertThat(rig.swarm.book().size()).isEqualTo(3);
  }

  @Test
  void onTheLoopbackNetworkManyPortsAreManyPeers() {
    for (int port = 1; port <= 10; port++) {
      rig.heardFrom("127.0.0.1", teller("127.0.0.1:9"), at("127.0.0.1:" + (7000 + port)));
    }
    assertThat(rig.swarm.book().size()).isEqualTo(10);
  }

  // Private torrents

  @Test
  void aPrivateTorrentOffersNoPexAndTakesNone() {
    Rig hidden = new Rig(Privacy.PRIVATE, SwarmOptions.DEFAULT);
    hidden.incoming("8.0.0.2:40000", Rig.id(2), 6881);
    Link link = hidden.incoming("8.0.0.1:40000", Rig.id(1), 6881);
    assertThat(hidden.swarm.extensions(new Link(1))).isEmpty();
    assertThat(hidden.swarm.peers()).noneMatch(PeerView::pex);
    hidden.tick();
    assertThat(hidden.outputs).isEmpty();

    hidden.tells(link, Rig.number(1));
    assertThat(hidden.events())
        .containsExactly(
            new SwarmEvent.Odd(link, at("8.0.0.1:6881"), "a PEX message although we offered none"));
    assertThat(hidden.swarm.book().size()).isZero();
  }

  @Test
  void aPrivateTorrentIsDialledWhereItsTrackerSaysAndNowhereElse() {
    Rig hidden = new Rig(Privacy.PRIVATE, SwarmOptions.DEFAULT);
    assertThat(hidden.heard(teller("8.0.0.1:1"), Rig.number(1))).isEmpty();
    assertThat(hidden.refusals()).containsExactly(Rig.number(1) + " the torrent is private");
    hidden.gone(hidden.incoming("8.0.0.1:40000", Rig.id(1), 6881));
    assertThat(hidden.dialledWithin(Duration.ofDays(1))).isEmpty();

    assertThat(hidden.heard(TRACKER, Rig.number(1))).containsExactly(Rig.number(1));
  }

  @Test
  void aPublicTorrentOffersPexUnderOurNumber() {
    assertThat(rig.swarm.extensions(new Link(1)))
        .isEqualTo(Map.of("ut_pex", Swarm.PEX_ID, "ut_metadata", Swarm.METADATA_ID));
  }
}
