package peerage.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// peer-exchange in a browser, headless Chromium, which enters the network over a WebSocket.
@Timeout(120)
final class PxpBrowserTest {
  private static final int LARGE = 200_000;

  @RegisterExtension static final Lab LAB = new Lab();

  private static final PxpStage STAGE = new PxpStage(LAB);

  @AfterEach
  void nobodyCrashed() {
    assertThat(STAGE.crashes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "CHROMIUM,JAVA,JAVA",
    "JAVA,JAVA,CHROMIUM",
    "CHROMIUM,JAVA,CHROMIUM",
    "CHROMIUM,JAVA,NODE",
    "NODE,JAVA,CHROMIUM",
    "CHROMIUM,NODE,JAVA",
    "JAVA,NODE,CHROMIUM"
  })
  void aBrowserMeetsItsPeersThroughTheRelay(PxpKind asker, PxpKind relay, PxpKind target) {
    try (var trio = PxpTrio.meet(STAGE, asker, relay, target, "ws")) {
      PxpPair pair = trio.introduce();

      pair.talk();
      pair.one().send(LARGE);
      pair.other().send(LARGE);
      assertThat(pair.other().awaitData(4).getLast().number("size")).isEqualTo(LARGE);
      assertThat(pair.one().awaitData(4).getLast().number("size")).isEqualTo(LARGE);
      pair.end();
      if (relay == PxpKind.JAVA) {
        assertThat(trio.relay().peers()).containsExactly("ws", "ws");
      }
    }
  }

  @Test
  void aBrowserAndJavaTalkOverAWebSocket() {
    String network = STAGE.network();
    PxpNode relay = STAGE.process(PxpKind.JAVA).join(network);
    PxpNode browser = STAGE.process(PxpKind.CHROMIUM).join(network);
    var pair = new PxpPair(browser.connect(relay.listen("ws")), relay.stream(0));

    pair.talk();
    pair.end();

    browser.close();
    relay.awaitPeers(List.of());
    relay.close();
  }
}
