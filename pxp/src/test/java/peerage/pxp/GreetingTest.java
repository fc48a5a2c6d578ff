package peerage.pxp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The beginning of a connection, against nodes written out by hand.
final class GreetingTest {
  private final Lab lab = new Lab();

  @Test
  void theBeginningIsThatOfTheCapturedConnection() {
    Lab plain = new Lab(usual -> usual.without(ExchangeOptions.Ability.INTRODUCIBLE));
    Raw js = plain.open(Role.CONNECT);
    assertThat(js.heard())
        .containsExactly(
            "#PXP#", "OPEN 0 pxp", "DATA pxp [\"hello\",\"0\",[1,null,[\"somenet\"]]]");
    js.greet();
    assertThat(js.heard()).containsExactly("DATA pxp [\"connect\",\"1\",\"somenet\"]");
    // As captured: the acceptor's stream comes before its answer.
    js.data("data:somenet", "hi from acceptor").line("[\"res\",\"1\",null]");
    PeerRef peer = plain.all(Exchange.Output.PeerJoined.class).getFirst().peer();
    assertThat(plain.all(Exchange.Output.PeerJoined.class)).hasSize(1);
    assertThat(plain.all(Exchange.Output.StreamBytes.class)).hasSize(1);
    plain.handle(new Exchange.Input.Written(peer, World.text("hi from connector")));
    assertThat(js.heard())
        .containsExactly("OPEN 1 data:somenet", "DATA data:somenet hi from connector");
  }

  @Test
  void magicAndHelloAreSentAtOnceByWhoAccepts() {
    Raw js = lab.open(Role.ACCEPT);
    assertThat(js.heard()).hasSize(3).startsWith("#PXP#", "OPEN 0 pxp");
    js.greet().line("[\"connect\",\"1\",\"somenet\"]");
    assertThat(js.heard()).containsExactly("DATA pxp [\"res\",\"1\",null]");
    assertThat(lab.all(Exchange.Output.PeerJoined.class)).hasSize(1);
  }

  @Test
  void whoBeginsWithAnythingElseIsClosed() {
    Raw raw = lab.open(Role.ACCEPT).bytes("GET / HTTP/1.1\r\n".getBytes(UTF_8));
    assertThat(raw.closed).contains("#PXP#");
    assertThat(lab.exchange.sizes().connections()).isZero();
  }

  @Test
  void anotherVersionIsClosed() {
    Raw raw = lab.open(Role.ACCEPT).bytes("#PXP#".getBytes(UTF_8));
    raw.line("[\"hello\",\"0\",[2,null,[\"somenet\"]]]");
    assertThat(raw.closed).contains("version 2");
  }

  @Test
  void anotherNetworkIsClosed() {
    Raw raw = lab.open(Role.ACCEPT).bytes("#PXP#".getBytes(UTF_8));
    raw.line("[\"hello\",\"0\",[1,null,[\"other\",\"somenet2\"]]]");
    assertThat(raw.closed).contains("another network");
  }

  @Test
  void oneNetworkOfSeveralIsEnough() {
    Raw raw = lab.open(Role.CONNECT).bytes("#PXP#".getBytes(UTF_8));
    raw.line("[\"hello\",\"0\",[1,null,[\"other\",\"somenet\"],\"more\",{}]]");
    assertThat(raw.heard()).contains("DATA pxp [\"connect\",\"1\",\"somenet\"]");
  }

  @Test
  void whoSaysNothingForTenSecondsIsClosed() {
    Raw raw = lab.open(Role.ACCEPT).bytes("#PXP".getBytes(UTF_8));
    lab.pass(Duration.ofMillis(9_999));
    assertThat(raw.closed).isNull();
    lab.pass(Duration.ofMillis(1));
    assertThat(raw.closed).contains("within 10 s");
  }

  @Test
  void beforeTheHelloNothingIsHeard() {
    Raw raw = lab.open(Role.ACCEPT);
    raw.heard();
    raw.bytes("#PXP#".getBytes(UTF_8)).line("[\"connect\",\"0\",\"somenet\"]");
    raw.line("[\"getpeers\",\"1\",\"somenet\"]").line("[\"res\",\"0\",null]");
    assertThat(raw.heard()).isEmpty();
    assertThat(raw.closed).isNull();
    raw.line("[\"hello\",\"2\",[1,null,[\"somenet\"]]]").line("[\"connect\",\"3\",\"somenet\"]");
    assertThat(raw.heard()).containsExactly("DATA pxp [\"res\",\"3\",null]");
  }

  @Test
  void onlyTheFirstHelloCounts() {
    Raw raw = lab.peer();
    raw.line("[\"hello\",\"9\",[7,null,[\"other\"]]]");
    assertThat(raw.closed).isNull();
  }

  @Test
  void whoDoesNotConnectInTenSecondsIsClosed() {
    Raw raw = lab.open(Role.ACCEPT).greet();
    lab.pass(Duration.ofMillis(9_999));
    assertThat(raw.closed).isNull();
    lab.pass(Duration.ofMillis(1));
    assertThat(raw.closed).contains("did not connect in time");
  }

  @Test
  void whoDoesNotAnswerConnectInTenSecondsIsClosed() {
    Raw raw = lab.open(Role.CONNECT).greet();
    lab.pass(Duration.ofSeconds(10));
    assertThat(raw.closed).contains("did not connect in time");
    assertThat(lab.exchange.sizes()).isEqualTo(new Exchange.Sizes(0, 0, 0, 0, 0, 0, 0));
  }

  @Test
  void whoRefusesToConnectIsClosed() {
    Raw raw = lab.open(Role.CONNECT).greet().line("[\"res\",\"1\",\"no\"]");
    assertThat(raw.closed).contains("refused").contains("no");
  }

  @Test
  void aSecondConnectIsAnsweredWithAnError() {
    Raw raw = lab.peer();
    raw.line("[\"connect\",\"2\",\"somenet\"]");
    assertThat(raw.heardMessage("res")).startsWith("[\"res\",\"2\",\"Already");
    assertThat(raw.closed).isNull();
  }

  @Test
  void connectToANetworkOfOthersIsAnsweredWithAnError() {
    Raw raw = lab.open(Role.ACCEPT).greet();
    raw.heard();
    raw.line("[\"connect\",\"2\",\"elsewhere\"]");
    assertThat(raw.heardMessage("res")).startsWith("[\"res\",\"2\",\"This node is not");
  }

  @Test
  void anyNonceIsEchoedAsItIs() {
    Raw raw = lab.open(Role.ACCEPT).greet();
    raw.heard();
    raw.line("[\"connect\",null,\"somenet\"]").line("[\"getpeers\",17,\"somenet\"]");
    assertThat(raw.heard())
        .containsExactly("DATA pxp [\"res\",null,null]", "DATA pxp [\"res\",17,[null,[]]]");
  }

  @Test
  void unknownCommandsAreIgnored() {
    Raw raw = lab.peer();
    raw.line("[\"dance\",\"2\",[1]]");
    assertThat(raw.closed).isNull();
    assertThat(raw.heard()).isEmpty();
  }

  @Test
  void whatIsNoMessageClosesThatConnectionOnly() {
    Raw good = lab.peer();
    Raw bad = lab.peer();
    bad.line("{\"not\":\"a message\"}");
    assertThat(bad.closed).isNotNull();
    assertThat(good.closed).isNull();
    assertThat(lab.notices(ExchangeNotice.RuleBroken.class)).hasSize(1);
    assertThat(lab.all(Exchange.Output.PeerLeft.class)).hasSize(1);
  }

  @Test
  void aFloodOfMessagesIsClosed() {
    Raw raw = lab.peer();
    for (int i = 0; i < PxpLimits.MESSAGES_AT_ONCE && raw.closed == null; i++) {
      raw.line("[\"getpeers\",\"" + i + "\",\"somenet\"]");
    }
    assertThat(raw.closed).contains("too many messages");
  }

  @Test
  void aSteadyTalkIsNoFlood() {
    Raw raw = lab.peer();
    for (int i = 0; i < 10 * PxpLimits.MESSAGES_AT_ONCE; i++) {
      raw.line("[\"getpeers\",\"" + i + "\",\"somenet\"]");
      lab.pass(Duration.ofSeconds(1).dividedBy(PxpLimits.MESSAGES_PER_SECOND));
    }
    assertThat(raw.closed).isNull();
  }

  @Test
  void aSilentPeerIsAskedForPeersAndClosedIfItIsDead() {
    Raw raw = lab.peer();
    lab.pass(Duration.ofSeconds(59));
    assertThat(raw.heard()).isEmpty();
    lab.pass(Duration.ofSeconds(1));
    assertThat(raw.heard()).containsExactly("DATA pxp [\"getpeers\",\"1\",\"somenet\"]");
    raw.line("[\"res\",\"1\",[null,[]]]");
    lab.pass(Duration.ofSeconds(60));
    assertThat(raw.heard()).containsExactly("DATA pxp [\"getpeers\",\"2\",\"somenet\"]");
    lab.pass(Duration.ofSeconds(10));
    assertThat(raw.closed).contains("does not answer");
  }

  @Test
  void whereWhoComesToUsListensIsWorthRememberingIfItComesFromThere() {
    Raw raw = lab.open(Role.ACCEPT); // from 198.18.0.9
    raw.greet("{\"pxp\":true,\"listen\":[\"tcp://198.18.0.9:8000\",\"tcp://198.18.0.10:8000\"]}");
    raw.line("[\"connect\",\"1\",\"somenet\"]");
    assertThat(lab.all(Exchange.Output.Reached.class))
        .containsExactly(
            new Exchange.Output.Reached(Endpoint.parse("tcp://198.18.0.9:8000").orElseThrow()));
  }

  @Test
  void whoseReadersMayPauseForLongIsAskedLater() {
    Lab patient = new Lab(usual -> usual.askingAfter(Duration.ofMinutes(5)));
    Raw raw = patient.peer();
    patient.pass(Duration.ofSeconds(299));
    assertThat(raw.heard()).isEmpty();
    patient.pass(Duration.ofSeconds(1));
    assertThat(raw.heard()).containsExactly("DATA pxp [\"getpeers\",\"1\",\"somenet\"]");
  }

  @Test
  void silenceOfAConnectionThatIsHeldBackSaysNothing() {
    Raw raw = lab.peer();
    lab.handle(new Exchange.Input.Held(raw.link));
    lab.pass(Duration.ofMinutes(5));
    assertThat(raw.heard()).isEmpty();
    lab.handle(new Exchange.Input.Released(raw.link));
    lab.pass(Duration.ofSeconds(59));
    assertThat(raw.heard()).isEmpty();
    assertThat(raw.closed).isNull();
  }

  @Test
  void anAnswerThatNobodyAskedForIsIgnored() {
    Raw raw = lab.peer();
    raw.line("[\"res\",\"77\",null]").line("[\"res\",\"error\",null]");
    assertThat(raw.closed).isNull();
  }

  @Test
  void theOtherSidesEndOfTheStreamLeavesOurHalfOpen() {
    Raw raw = lab.peer();
    PeerRef peer = lab.all(Exchange.Output.PeerJoined.class).getFirst().peer();
    raw.data("data:somenet", "bye").end("data:somenet");
    assertThat(lab.all(Exchange.Output.StreamEnded.class)).hasSize(1);
    assertThat(raw.heard()).as("JavaScript is told that its end was seen").hasSize(1);
    lab.handle(new Exchange.Input.Written(peer, World.text("still here")));
    lab.handle(new Exchange.Input.WritesEnded(peer));
    assertThat(raw.heard())
        .containsExactly("OPEN 1 data:somenet", "DATA data:somenet still here", "END data:somenet");
    assertThat(raw.closed).isNull();
  }

  @Test
  void destroyEndsThatStreamOnly() {
    Raw raw = lab.peer();
    raw.data("data:somenet", "x").destroy("data:somenet");
    assertThat(lab.all(Exchange.Output.StreamEnded.class)).hasSize(1);
    assertThat(raw.closed).isNull();
    raw.line("[\"getpeers\",\"5\",\"somenet\"]");
    assertThat(raw.heardMessage("res")).isEqualTo("[\"res\",\"5\",[null,[]]]");
  }

  @Test
  void aStreamThatNobodyReadsStopsNothing() {
    Raw raw = lab.peer();
    PeerRef peer = lab.all(Exchange.Output.PeerJoined.class).getFirst().peer();
    lab.handle(new Exchange.Input.ReadsEnded(peer));
    for (int i = 0; i < 100; i++) {
      raw.data("data:somenet", new byte[100_000]);
    }
    assertThat(lab.all(Exchange.Output.StreamBytes.class)).isEmpty();
    raw.line("[\"getpeers\",\"5\",\"somenet\"]");
    assertThat(raw.heardMessage("res")).isEqualTo("[\"res\",\"5\",[null,[]]]");
  }

  @Test
  void partingSaysEndAndCloses() {
    Raw raw = lab.peer();
    PeerRef peer = lab.all(Exchange.Output.PeerJoined.class).getFirst().peer();
    lab.handle(new Exchange.Input.Written(peer, World.text("x")));
    raw.heard();
    lab.handle(new Exchange.Input.Left(peer));
    assertThat(raw.heard()).containsExactly("END data:somenet");
    assertThat(raw.closed).isNotNull();
    assertThat(lab.all(Exchange.Output.PeerLeft.class)).hasSize(1);
    assertThat(lab.exchange.sizes()).isEqualTo(new Exchange.Sizes(0, 0, 0, 0, 0, 0, 0));
  }

  @Test
  void onADataChannelWhoAskedWaitsForTheOthersMagic() {
    Route route = new Route(Transport.WEBRTC, Optional.empty());
    Raw answerer = lab.open(Role.CONNECT, route, Optional.empty());
    assertThat(answerer.heard()).isEmpty();
    answerer.bytes("#PXP#".getBytes(UTF_8));
    assertThat(answerer.heard()).hasSize(3);
    Raw silent = lab.open(Role.CONNECT, route, Optional.empty());
    lab.pass(Duration.ofMillis(999));
    assertThat(silent.heard()).isEmpty();
    lab.pass(Duration.ofMillis(1));
    assertThat(silent.heard()).as("it is not waited for longer than a second").hasSize(3);
    Raw asker = lab.open(Role.ACCEPT, route, Optional.empty());
    assertThat(asker.heard()).as("who was asked for sends at once").hasSize(3);
  }
}
