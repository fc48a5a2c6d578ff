package peerage.pxp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A JavaScript relay introduces somebody to us.
final class TargetTest {
  static final String OFFER =
      "{\"transport\":\"webrtc\",\"signal\":{\"type\":\"offer\",\"sdp\":\"v=0\\r\\n\"}}";
  static final String ADDRESS =
      "{\"transport\":\"webrtc\",\"signal\":{\"candidate\":{\"candidate\":\"candidate:1\","
          + "\"sdpMLineIndex\":0,\"sdpMid\":\"0\"}}}";

  private final Lab lab = new Lab();
  private final Raw relay = lab.peer();

  private void invite() {
    relay.line("[\"incoming\",\"1\",[\"43df0abc\"]]");
  }

  private void inner(String text) {
    relay.data("relay:43df0abc", text);
  }

  private static String control(String message) {
    byte[] frame = Raw.frameBytes(0, 2, (message + "\n").getBytes(UTF_8));
    return new String(frame, UTF_8);
  }

  private void greet() {
    inner("#PXP#" + new String(Raw.frameBytes(0, 0, "pxp".getBytes(UTF_8)), UTF_8));
    inner(control("[\"hello\",\"0\",[1," + Raw.INFO + ",[\"somenet\"]]]"));
  }

  private Attempt attempt() {
    return lab.all(Exchange.Output.BeginUpgrade.class).getFirst().attempt();
  }

  @Test
  void weAnswerFirstAndThenSayMagicAndHello() {
    invite();
    List<String> heard = relay.heard();
    assertThat(heard.get(0)).isEqualTo("DATA pxp [\"res\",\"1\",null]");
    assertThat(heard.get(1)).isEqualTo("OPEN 1 relay:43df0abc");
    assertThat(heard.get(2)).startsWith("DATA relay:43df0abc #PXP#").contains("hello");
  }

  @Test
  void theAnswererBeginsAtTheFirstSignalAndSignalsKeepTheirOrder() {
    invite();
    greet();
    assertThat(lab.all(Exchange.Output.BeginUpgrade.class)).isEmpty();
    inner(control("[\"upgrade\",\"1\"," + OFFER + "]"));
    inner(control("[\"upgrade\",\"2\"," + ADDRESS + "]"));
    assertThat(lab.all(Exchange.Output.BeginUpgrade.class).getFirst().kind())
        .isEqualTo(Signal.Kind.ANSWER);
    assertThat(lab.all(Exchange.Output.PassSignal.class)).hasSize(2);
    relay.heard();
    lab.handle(
        new Exchange.Input.SignalMade(
            attempt(), new Signal.Description(Signal.Kind.ANSWER, "v=0\r\n")));
    assertThat(relay.heard().getFirst()).contains("\"type\":\"answer\"");
  }

  @Test
  void addressesThatComeBeforeTheOfferArePassedOnToo() {
    invite();
    greet();
    inner(control("[\"upgrade\",\"1\"," + ADDRESS + "]"));
    inner(control("[\"upgrade\",\"2\"," + OFFER + "]"));
    assertThat(lab.all(Exchange.Output.PassSignal.class)).hasSize(2);
  }

  @Test
  void theRelayedConnectionEndsWhenConnectComesOnTheDirectOne() {
    invite();
    greet();
    inner(control("[\"upgrade\",\"1\"," + OFFER + "]"));
    Raw direct =
        lab.open(
            Role.ACCEPT, new Route(Transport.WEBRTC, Optional.empty()), Optional.of(attempt()));
    relay.heard();
    direct.greet();
    assertThat(relay.heard()).isEmpty();
    direct.line("[\"connect\",\"1\",\"somenet\"]");
    assertThat(relay.heard()).containsExactly("END relay:43df0abc");
    assertThat(direct.heardMessage("res")).isEqualTo("[\"res\",\"1\",null]");
    PeerInfo info = lab.all(Exchange.Output.PeerJoined.class).getLast().info();
    assertThat(info.introducedBy()).isPresent();
    assertThat(lab.exchange.sizes().invitations()).isZero();
    // A JavaScript asker ends and destroys both halves; late signals of ours do no harm.
    relay.end("relay:43df0abc").destroy("relay:43df0abc").frame(1, 5, new byte[0]);
    lab.handle(
        new Exchange.Input.SignalMade(attempt(), new Signal.IceCandidate("candidate:9", "0", 0)));
    assertThat(relay.closed).isNull();
  }

  @Test
  void withoutAnUpgradeInTimeItIsGivenUpPolitely() {
    invite();
    greet();
    inner(control("[\"upgrade\",\"1\"," + OFFER + "]"));
    relay.heard();
    lab.pass(Duration.ofSeconds(30));
    assertThat(relay.heard()).containsExactly("END relay:43df0abc");
    assertThat(lab.all(Exchange.Output.GiveUp.class)).hasSize(1);
    assertThat(lab.exchange.sizes()).isEqualTo(new Exchange.Sizes(1, 1, 1, 0, 0, 0, 0));
  }

  @Test
  void anAskerThatSaysNothingIsGivenUpAfterTenSeconds() {
    invite();
    lab.pass(Duration.ofSeconds(10));
    assertThat(lab.exchange.sizes().invitations()).isZero();
    assertThat(relay.closed).isNull();
  }

  @Test
  void connectAndOthersAreRefusedOverARelay() {
    invite();
    greet();
    relay.heard();
    inner(control("[\"connect\",\"1\",\"somenet\"]"));
    assertThat(relay.heard().getFirst()).contains("\"res\",\"1\",\"Not over a relay\"");
    inner(control("[\"getpeers\",\"2\",\"somenet\"]"));
    assertThat(relay.heard().getFirst()).contains("[\"res\",\"2\",[null,[]]]");
    inner(control("[\"relay\",\"3\",[\"00000000\"]]"));
    assertThat(relay.heard().getFirst()).contains("\"res\",\"3\",\"");
    inner(control("[\"incoming\",\"4\",[\"00000000\"]]"));
    assertThat(relay.heard()).isEmpty();
  }

  @Test
  void aSignalForAnotherTransportIsIgnored() {
    invite();
    greet();
    inner(control("[\"upgrade\",\"1\",{\"transport\":\"pigeon\",\"signal\":{}}]"));
    inner(control("[\"upgrade\",\"1\",{\"transport\":\"webrtc\",\"signal\":{}}]"));
    assertThat(lab.all(Exchange.Output.BeginUpgrade.class)).isEmpty();
    assertThat(lab.exchange.sizes().invitations()).isEqualTo(1);
  }

  @Test
  void whoIsNotIntroducibleDoesNotAnswer() {
    Lab shy = new Lab(old -> old.without(ExchangeOptions.Ability.INTRODUCIBLE));
    Raw one = shy.peer();
    one.line("[\"incoming\",\"1\",[\"43df0abc\"]]");
    assertThat(one.heard()).isEmpty();
    assertThat(one.closed).isNull();
  }

  @Test
  void oneRelayMayInviteFourTimesAtOnce() {
    for (int i = 0; i < 6; i++) {
      relay.line("[\"incoming\",\"" + i + "\",[\"0000000" + i + "\"]]");
    }
    assertThat(lab.exchange.sizes().invitations()).isEqualTo(4);
    assertThat(relay.closed).isNull();
  }

  @Test
  void theSameIdTwiceIsNoSecondInvitation() {
    invite();
    invite();
    assertThat(lab.exchange.sizes().invitations()).isEqualTo(1);
  }

  @Test
  void withoutWebRtcTheRelaysStreamIsTheApplications() {
    Lab plain = new Lab(usual -> usual.without(ExchangeOptions.Ability.WEBRTC));
    Raw one = plain.peer();
    one.line("[\"incoming\",\"1\",[\"43df0abc\"]]");
    assertThat(one.heard()).containsExactly("DATA pxp [\"res\",\"1\",null]");
    PeerRef peer = plain.all(Exchange.Output.PeerJoined.class).getLast().peer();
    one.data("relay:43df0abc", "plain words");
    plain.handle(new Exchange.Input.Written(peer, World.text("and ours")));
    assertThat(plain.all(Exchange.Output.StreamBytes.class)).hasSize(1);
    assertThat(one.heard())
        .containsExactly("OPEN 1 relay:43df0abc", "DATA relay:43df0abc and ours");
    plain.handle(new Exchange.Input.Left(peer));
    assertThat(one.heard()).containsExactly("END relay:43df0abc");
    assertThat(one.closed).as("the relay stays our peer").isNull();
    assertThat(plain.exchange.sizes()).isEqualTo(new Exchange.Sizes(1, 1, 1, 0, 0, 0, 0));
  }
}
