package peerage.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// One node relays, another asks for a new peer and gets the third: Peerage in each place, and
/// peer-exchange with real WebRTC in the others.
@Timeout(240)
final class PxpRelayTest {
  /// peer-exchange breaks a WebRTC connection by a larger write of its own.
  private static final int LARGE = 200_000;

  private static final int INTRODUCTIONS = 50;

  @RegisterExtension static final Lab LAB = new Lab();

  private static final PxpStage STAGE = new PxpStage(LAB);

  @AfterEach
  void nobodyCrashed() {
    assertThat(STAGE.crashes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "JAVA,NODE,NODE,tcp", "NODE,JAVA,NODE,tcp", "NODE,NODE,JAVA,tcp", "JAVA,JAVA,NODE,tcp",
    "JAVA,NODE,JAVA,tcp", "NODE,JAVA,JAVA,tcp", "JAVA,JAVA,JAVA,tcp", "JAVA,NODE,NODE,ws",
    "NODE,JAVA,NODE,ws", "NODE,NODE,JAVA,ws", "JAVA,JAVA,NODE,ws", "JAVA,NODE,JAVA,ws",
    "NODE,JAVA,JAVA,ws", "JAVA,JAVA,JAVA,ws"
  })
  void theAskerMeetsTheTargetThroughTheRelay(
      PxpKind asker, PxpKind relay, PxpKind target, String scheme) {
    try (var trio = PxpTrio.meet(STAGE, asker, relay, target, scheme)) {
      PxpPair pair = trio.introduce();

      pair.talk();
      pair.one().send(LARGE);
      assertThat(pair.other().awaitData(4).getLast().number("size")).isEqualTo(LARGE);
      pair.end();
      if (relay == PxpKind.JAVA) {
        assertThat(trio.relay().peers()).containsExactly(scheme, scheme);
      }
    }
  }

  @Test
  void bothLinksOfAJavaRelaySurviveEveryIntroductionOfFifty() {
    String network = STAGE.network();
    PxpNode relay = STAGE.process(PxpKind.JAVA).join(network);
    String uri = relay.listen("tcp");
    int survived = 0;
    for (int i = 0; i < INTRODUCTIONS; i++) {
      PxpNode target = STAGE.process(PxpKind.NODE).join(network);
      PxpNode asker = STAGE.process(PxpKind.NODE).join(network, Map.of("patient", true));
      target.connect(uri);
      asker.connect(uri);
      new PxpTrio(asker, relay, target).introduce().talk();
      survived += relay.peers().equals(List.of("tcp", "tcp")) ? 1 : 0;
      asker.close();
      target.close();
      relay.awaitPeers(List.of());
    }
    assertThat(survived).isEqualTo(INTRODUCTIONS);
    relay.close();
  }

  @ParameterizedTest
  @CsvSource({"NODE,JAVA", "NODE,NODE", "JAVA,JAVA", "JAVA,NODE"})
  void aJavaNodeWithoutWebRtcIsReachedThroughTheRelayAlone(PxpKind asks, PxpKind relays) {
    String network = STAGE.network();
    PxpNode target = STAGE.process(PxpKind.JAVA).join(network, Map.of("webrtc", false));
    PxpNode asker = STAGE.process(asks).join(network);
    try (var trio = new PxpTrio(asker, STAGE.process(relays).join(network), target)) {
      trio.connect("tcp");

      PxpStream there = asker.newPeer();
      PxpStream here = target.stream(1);

      assertThat(List.of(there.transport(), here.transport())).containsOnly("relay");
      there.send("there ");
      here.awaitData(1);
      here.send("and ");
      here.send("back");
      here.end();
      there.awaitEnd();
      assertThat(here.texts()).containsExactly("there ");
      assertThat(there.texts().stream().collect(Collectors.joining())).isEqualTo("and back");
    }
  }

  @ParameterizedTest
  @CsvSource({"NODE", "JAVA"})
  void whoAcceptsNoIntroductionIsNamedToNobodyByAJavaRelay(PxpKind asks) {
    String network = STAGE.network();
    PxpNode target = STAGE.process(PxpKind.NODE).join(network, Map.of("incoming", false));
    PxpNode asker = STAGE.process(asks).join(network);
    try (var trio = new PxpTrio(asker, STAGE.process(PxpKind.JAVA).join(network), target)) {
      trio.connect("tcp");

      String why = asker.newPeerInVain();

      assertThat(why).isNotEmpty();
      assertThat(asker.peers()).containsExactly("tcp");
      assertThat(target.peers()).containsExactly("tcp");
    }
  }

  @Test
  void aJavaNodeDialsItsBootstrapNodeAgainWhenThatDropsIt() {
    String network = STAGE.network();
    PxpNode relay = STAGE.process(PxpKind.NODE).join(network);
    String uri = relay.listen("tcp");
    PxpNode node = STAGE.process(PxpKind.JAVA).join(network, Map.of("keep", 1, "bootstrap", uri));
    node.awaitPeers(List.of("tcp"));
    relay.stream(0);

    relay.say("drop");

    relay.stream(1);
    node.awaitPeers(List.of("tcp"));
    node.close();
    relay.close();
  }

  @Test
  void whoKeepsTwoPeersIsNotIntroducedTwiceToTheSameJavaScriptNode() {
    String network = STAGE.network();
    PxpNode relay = STAGE.process(PxpKind.JAVA).join(network);
    String uri = relay.listen("tcp");
    PxpNode target = STAGE.process(PxpKind.NODE).join(network);
    target.connect(uri);

    PxpNode node = STAGE.process(PxpKind.JAVA).join(network, Map.of("keep", 2, "bootstrap", uri));

    node.awaitPeers(2);
    target.stream(1);
    assertThat(relay.events("notice"))
        .filteredOn(e -> e.text("text").contains("RelayBegun"))
        .hasSize(1);
    assertThat(node.peers()).containsExactly("tcp", "webrtc");
    node.close();
    relay.close();
    target.close();
  }
}
