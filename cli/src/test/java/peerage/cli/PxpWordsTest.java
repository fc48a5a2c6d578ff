package peerage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import peerage.node.PxpEvent;
import peerage.peers.IpAddress;
import peerage.pxp.PeerRef;
import peerage.pxp.Role;
import peerage.pxp.Transport;

/// What happens in a PXP network, in words and in JSON.
final class PxpWordsTest {
  private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678901Z");
  private static final PeerRef ONE = new PeerRef(1);
  private static final PeerRef TWO = new PeerRef(2);
  private static final PeerLine INTRODUCED =
      new PeerLine(
          "peer 2",
          Transport.WEBRTC,
          Role.CONNECT,
          Optional.of("192.0.2.7"),
          Optional.of("peer 1"),
          Optional.of("ab".repeat(32)),
          Optional.of("cd".repeat(16)),
          List.of("tcp://192.0.2.7:8000"));
  private static final PeerLine PLAIN =
      new PeerLine(
          "peer 3",
          Transport.RELAY,
          Role.ACCEPT,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of());

  private static String line(String name, String rest) {
    return "{\"event\":\""
        + name
        + "\",\"time\":\"2026-01-02T03:04:05.678Z\""
        + rest.replace('\'', '"')
        + "}";
  }

  @Test
  void aPeerThatJoinsSaysItsTransportAndWhoIntroducedIt() {
    assertThat(INTRODUCED.joinedText())
        .isEqualTo(
            "peer 2 joined over webrtc (192.0.2.7), introduced by peer 1, identity "
                + "ab".repeat(32));
    assertThat(INTRODUCED.shortText()).isEqualTo("peer 2 (webrtc 192.0.2.7)");
    assertThat(PLAIN.joinedText()).isEqualTo("peer 3 joined over relay, it connected to us");
    assertThat(EventJson.event("connected", AT, INTRODUCED::write))
        .isEqualTo(
            line(
                "connected",
                ",'peer':'peer 2','transport':'webrtc','direction':'outgoing',"
                    + "'remote':'192.0.2.7','introduced_by':'peer 1','identity':'"
                    + "ab".repeat(32)
                    + "','token':'"
                    + "cd".repeat(16)
                    + "','listening':['tcp://192.0.2.7:8000']"));
    assertThat(EventJson.event("connected", AT, PLAIN::write))
        .isEqualTo(
            line(
                "connected",
                ",'peer':'peer 3','transport':'relay','direction':'incoming','listening':[]"));
  }

  @Test
  void anIntroductionNamesBothAndWhatItCost() {
    var begun = new PxpEvent.RelayBegun(ONE, TWO);
    assertThat(PxpWords.of(begun)).isEqualTo("introducing peer 1 to peer 2");
    assertThat(PxpWords.json(begun, AT))
        .isEqualTo(line("relay_begun", ",'asker':'peer 1','target':'peer 2'"));
    var ended = new PxpEvent.RelayEnded(ONE, TWO, 5_000, "the asker ended it");
    assertThat(PxpWords.of(ended))
        .isEqualTo("introduced peer 1 to peer 2, carried 4.9 KiB: the asker ended it");
    assertThat(PxpWords.json(ended, AT))
        .isEqualTo(
            line(
                "relay_ended",
                ",'asker':'peer 1','target':'peer 2','bytes':5000,'reason':'the asker ended it'"));
  }

  @Test
  void aNodeThatCannotBeReachedIsNamedWithTheReason() {
    var failed = new PxpEvent.DialFailed(URI.create("tcp://192.0.2.1:1"), "connection refused");
    assertThat(PxpWords.of(failed)).isEqualTo("cannot reach tcp://192.0.2.1:1: connection refused");
    assertThat(PxpWords.json(failed, AT))
        .isEqualTo(line("dial_failed", ",'uri':'tcp://192.0.2.1:1','reason':'connection refused'"));
  }

  @Test
  void everyOtherEventIsOneLineOfEach() {
    var remote = IpAddress.parse("192.0.2.9");
    List<PxpEvent> events =
        List.of(
            new PxpEvent.Told(ONE, 3, 1),
            new PxpEvent.CandidateFailed(ONE, "it did not answer"),
            new PxpEvent.AskerRefused(ONE, "too many \"relays\"\n"),
            new PxpEvent.RuleBroken(remote, "the magic is wrong"),
            new PxpEvent.RuleBroken(Optional.empty(), "the magic is wrong"),
            new PxpEvent.Unavailable("WebRTC", "no library"));
    for (PxpEvent event : events) {
      assertThat(PxpWords.of(event)).isNotBlank();
      assertThat(EventWordsTest.names(PxpWords.json(event, AT))).startsWith("event", "time");
      assertThat(PxpWords.json(event, AT)).doesNotContain("\n");
    }
    assertThat(PxpWords.of(events.getFirst())).isEqualTo("peer 1 named 3 candidates, 1 known");
    assertThat(PxpWords.of(events.get(3)))
        .isEqualTo("closed a connection with 192.0.2.9, which broke a rule: the magic is wrong");
  }
}
