package peerage.pxp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// We ask a JavaScript relay for a new peer.
final class AskerTest {
  private static final String ANSWER =
      "{\"transport\":\"webrtc\",\"signal\":{\"type\":\"answer\",\"sdp\":\"v=0\\r\\n\"}}";

  private final Lab lab = new Lab();
  private final Raw relay = lab.peer();

  private void want() {
    lab.handle(new Exchange.Input.Wanted(1));
    assertThat(relay.heard()).containsExactly("DATA pxp [\"getpeers\",\"1\",\"somenet\"]");
  }

  private void name(String... ids) {
    answer("1", ids);
  }

  private void answer(String nonce, String... ids) {
    List<String> all =
        List.of(ids).stream()
            .map(
                id ->
                    "{\"id\":\""
                        + id
                        + "\",\"network\":\"somenet\",\"connectInfo\":"
                        + Raw.INFO
                        + "}")
            .toList();
    relay.line("[\"res\",\"" + nonce + "\",[null,[" + String.join(",", all) + "]]]");
  }

  private void ready() {
    want();
    name("38dfa3b9");
    assertThat(relay.heard()).containsExactly("DATA pxp [\"relay\",\"2\",[\"38dfa3b9\"]]");
    relay.line("[\"res\",\"2\",null]");
  }

  private void inner(String text) {
    relay.data("relay:38dfa3b9", text);
  }

  private static String control(String message) {
    return new String(Raw.frameBytes(0, 2, (message + "\n").getBytes(UTF_8)), UTF_8);
  }

  private void greet() {
    inner("#PXP#" + new String(Raw.frameBytes(0, 0, "pxp".getBytes(UTF_8)), UTF_8));
    inner(control("[\"hello\",\"0\",[1," + Raw.INFO + ",[\"somenet\"]]]"));
  }

  private Attempt attempt() {
    return lab.all(Exchange.Output.BeginUpgrade.class).getFirst().attempt();
  }

  private Raw direct() {
    return lab.open(
        Role.CONNECT, new Route(Transport.WEBRTC, Optional.empty()), Optional.of(attempt()));
  }

  @Test
  void theOfferIsBegunAtOnceAndComesAfterTheHello() {
    want();
    name("38dfa3b9");
    assertThat(lab.all(Exchange.Output.BeginUpgrade.class)).isEmpty();
    relay.heard();
    relay.line("[\"res\",\"2\",null]");
    assertThat(lab.all(Exchange.Output.BeginUpgrade.class).getFirst().kind())
        .isEqualTo(Signal.Kind.OFFER);
    lab.handle(
        new Exchange.Input.SignalMade(
            attempt(), new Signal.Description(Signal.Kind.OFFER, "v=0\r\n")));
    List<String> heard = relay.heard();
    assertThat(heard.get(0)).isEqualTo("OPEN 1 relay:38dfa3b9");
    assertThat(heard.get(1)).contains("#PXP#").contains("hello");
    assertThat(heard.get(2)).contains("\"type\":\"offer\"");
  }

  @Test
  void bytesOfTheTargetRightBehindTheAnswerAreNotLost() {
    want();
    name("38dfa3b9");
    // Even before the answer: the stream is registered before the request is sent.
    greet();
    relay.line("[\"res\",\"2\",null]");
    inner(control("[\"upgrade\",\"1\"," + ANSWER + "]"));
    assertThat(lab.all(Exchange.Output.PassSignal.class)).hasSize(1);
  }

  @Test
  void theRelayedConnectionEndsWhenTheDirectOneIsAnswered() {
    ready();
    greet();
    inner(control("[\"upgrade\",\"1\"," + ANSWER + "]"));
    Raw direct = direct();
    relay.heard();
    assertThat(direct.heard()).as("the other's magic comes first").isEmpty();
    direct.greet();
    assertThat(direct.heardMessage("connect")).isEqualTo("[\"connect\",\"1\",\"somenet\"]");
    assertThat(relay.heard()).isEmpty();
    direct.line("[\"res\",\"1\",null]");
    assertThat(relay.heard()).containsExactly("END relay:38dfa3b9");
    assertThat(lab.all(Exchange.Output.Found.class)).hasSize(1);
    // The target's late END and DESTROY, and what JavaScript relays do.
    relay.end("relay:38dfa3b9").destroy("relay:38dfa3b9").frame(1, 5, new byte[0]);
    assertThat(relay.closed).isNull();
    assertThat(lab.exchange.sizes()).isEqualTo(new Exchange.Sizes(2, 2, 2, 0, 0, 0, 0));
  }

  @Test
  void aRelayThatDropsUsAfterTheUpgradeTakesNothingElseAlong() {
    ready();
    greet();
    inner(control("[\"upgrade\",\"1\"," + ANSWER + "]"));
    Raw direct = direct();
    lab.handle(new Exchange.Input.Closed(relay.link, "Channel destroyed"));
    direct.greet().line("[\"res\",\"1\",null]");
    assertThat(lab.all(Exchange.Output.Found.class)).hasSize(1);
    assertThat(direct.closed).isNull();
  }

  @Test
  void signalsThatComeTooLateDoNoHarm() {
    ready();
    greet();
    inner(control("[\"upgrade\",\"1\"," + ANSWER + "]"));
    Raw direct = direct();
    int passed = lab.all(Exchange.Output.PassSignal.class).size();
    inner(control("[\"upgrade\",\"2\"," + TargetTest.ADDRESS + "]"));
    direct.greet().line("[\"res\",\"1\",null]");
    inner(control("[\"upgrade\",\"3\"," + TargetTest.ADDRESS + "]"));
    assertThat(lab.all(Exchange.Output.PassSignal.class)).hasSize(passed);
  }

  @Test
  void onlyTheFirstDescriptionAndOnlyAnAnswerCounts() {
    ready();
    greet();
    inner(control("[\"upgrade\",\"1\"," + TargetTest.OFFER + "]"));
    assertThat(lab.all(Exchange.Output.PassSignal.class)).isEmpty();
    inner(control("[\"upgrade\",\"2\"," + ANSWER + "]"));
    inner(control("[\"upgrade\",\"3\"," + ANSWER + "]"));
    assertThat(lab.all(Exchange.Output.PassSignal.class)).hasSize(1);
  }

  @Test
  void afterARefusalTheNextCandidateIsTried() {
    want();
    name("00000001", "00000002");
    String first = relay.heardMessage("relay");
    relay.line("[\"res\",\"2\",\"Peer requested unknown candidate\"]");
    lab.pass(Duration.ofMillis(1));
    String second = relay.heardMessage("relay");
    assertThat(second).isNotEmpty().isNotEqualTo(first);
    relay.line("[\"res\",\"3\",\"no\"]");
    lab.pass(Duration.ofMillis(1));
    assertThat(lab.all(Exchange.Output.NotFound.class).getFirst().why())
        .isEqualTo(Exchange.SeekFailure.UNREACHABLE);
    assertThat(lab.exchange.sizes()).isEqualTo(new Exchange.Sizes(1, 1, 1, 0, 0, 0, 0));
  }

  @Test
  void anIdIsUsedOnce() {
    want();
    name("00000001", "00000001", "00000001");
    relay.line("[\"res\",\"2\",\"no\"]");
    lab.pass(Duration.ofSeconds(2));
    assertThat(relay.heard().stream().filter(line -> line.contains("\"relay\""))).hasSize(1);
  }

  @Test
  void anIdThatIsTooOldIsNotUsedAsTheRelayWouldCloseUs() {
    want();
    name("00000001", "00000002", "00000003");
    relay.heard();
    lab.pass(Duration.ofSeconds(12));
    assertThat(relay.heardMessage("relay")).as("after 12 s it is good").isNotEmpty();
    lab.pass(Duration.ofSeconds(12));
    assertThat(relay.heardMessage("relay")).as("after 24 s it is not").isEmpty();
  }

  @Test
  void noCandidatesIsSaidAtOnce() {
    want();
    relay.line("[\"res\",\"1\",[null,[]]]");
    lab.pass(Duration.ofMillis(1));
    assertThat(lab.all(Exchange.Output.NotFound.class).getFirst().why())
        .isEqualTo(Exchange.SeekFailure.NO_CANDIDATES);
  }

  @Test
  void aRelayWithNonsenseForCandidatesHasNone() {
    for (String nonsense :
        List.of("null", "[true]", "[null,null]", "[null,[null,{},7]]", "[null,{}]", "\"x\"")) {
      Lab other = new Lab();
      Raw raw = other.peer();
      other.handle(new Exchange.Input.Wanted(1));
      raw.line("[\"res\",\"1\"," + nonsense + "]");
      other.pass(Duration.ofMillis(1));
      assertThat(other.all(Exchange.Output.NotFound.class).getFirst().why())
          .as(nonsense)
          .isEqualTo(Exchange.SeekFailure.NO_CANDIDATES);
    }
  }

  @Test
  void aRelayThatNeverAnswersIsWaitedForTwelveSeconds() {
    want();
    name("38dfa3b9");
    lab.pass(Duration.ofSeconds(13));
    assertThat(lab.all(Exchange.Output.NotFound.class)).hasSize(1);
    assertThat(relay.heard()).contains("END relay:38dfa3b9");
    assertThat(lab.exchange.sizes()).isEqualTo(new Exchange.Sizes(1, 1, 1, 0, 0, 0, 0));
  }

  @Test
  void aTargetThatNeverAnswersIsWaitedForTenSecondsAndOneWithoutIceForThirty() {
    ready();
    lab.pass(Duration.ofSeconds(10));
    assertThat(lab.all(Exchange.Output.NotFound.class)).hasSize(1);
    assertThat(lab.all(Exchange.Output.GiveUp.class)).hasSize(1);
    assertThat(lab.exchange.sizes()).isEqualTo(new Exchange.Sizes(1, 1, 1, 0, 0, 0, 0));
  }

  @Test
  void aPlainCandidateIsTalkedToOverTheRelay() {
    want();
    relay.line(
        "[\"res\",\"1\",[null,[{\"id\":\"38dfa3b9\",\"network\":\"somenet\","
            + "\"connectInfo\":{\"pxp\":false,\"relay\":true}}]]]");
    relay.heard();
    relay.line("[\"res\",\"2\",null]");
    PeerRef peer = lab.all(Exchange.Output.Found.class).getFirst().peer();
    assertThat(relay.heard()).as("no magic, no hello").isEmpty();
    lab.handle(new Exchange.Input.Written(peer, World.text("plain")));
    assertThat(relay.heard()).containsExactly("OPEN 1 relay:38dfa3b9", "DATA relay:38dfa3b9 plain");
    inner("back");
    assertThat(lab.all(Exchange.Output.StreamBytes.class)).hasSize(1);
    lab.handle(new Exchange.Input.Closed(relay.link, "reset"));
    assertThat(lab.all(Exchange.Output.PeerLeft.class)).hasSize(2);
    assertThat(lab.exchange.sizes()).isEqualTo(new Exchange.Sizes(0, 0, 0, 0, 0, 0, 0));
  }

  @Test
  void whatIsNotWantedAnyMoreIsNotReported() {
    want();
    lab.handle(new Exchange.Input.Unwanted(1));
    name("38dfa3b9");
    lab.pass(Duration.ofSeconds(40));
    assertThat(lab.all(Exchange.Output.NotFound.class)).isEmpty();
    assertThat(lab.exchange.sizes().searches()).isZero();
  }

  @Test
  void nodesThatMayBeTheSameAreNotTriedAtOnce() {
    want();
    lab.handle(new Exchange.Input.Wanted(2));
    assertThat(relay.heard()).containsExactly("DATA pxp [\"getpeers\",\"2\",\"somenet\"]");
    answer("1", "aaaaaaaa");
    answer("2", "bbbbbbbb");
    assertThat(relay.heard()).containsExactly("DATA pxp [\"relay\",\"3\",[\"aaaaaaaa\"]]");
    relay.line("[\"res\",\"3\",\"it is gone\"]");
    assertThat(relay.heard()).last().isEqualTo("DATA pxp [\"relay\",\"4\",[\"bbbbbbbb\"]]");
  }

  @Test
  void aRelayThatNamesFewerThanItHasBroughtKnowsNobodyNew() {
    for (String id : List.of("aaaaaaaa", "bbbbbbbb")) {
      lab.handle(new Exchange.Input.Wanted(id.charAt(0)));
      answer(nonceOf("getpeers"), id);
      lab.pass(Duration.ofSeconds(1)); // others, who are asked as well, do not answer
      relay.line("[\"res\",\"" + nonceOf("relay") + "\",null]");
      Attempt attempt = lab.all(Exchange.Output.BeginUpgrade.class).getLast().attempt();
      lab.open(Role.CONNECT, new Route(Transport.WEBRTC, Optional.empty()), Optional.of(attempt))
          .greet()
          .line("[\"res\",\"1\",null]");
    }
    assertThat(lab.all(Exchange.Output.Found.class)).hasSize(2);
    relay.heard();
    lab.handle(new Exchange.Input.Wanted(3));
    answer(nonceOf("getpeers"), "cccccccc");
    lab.pass(Duration.ofSeconds(1));
    assertThat(relay.heard()).isEmpty();
    assertThat(lab.notices(ExchangeNotice.Told.class).getLast().known()).isEqualTo(1);
  }

  /// The nonce of the last request that the relay heard.
  private String nonceOf(String command) {
    String message = relay.heardMessage(command);
    return message.split("\"", -1)[3];
  }

  @Test
  void whoIsAboutToJoinIsNotSearchedForInItsStead() {
    Raw arriving = lab.open(Role.CONNECT);
    lab.handle(new Exchange.Input.TargetChanged(2));
    arriving.greet();
    relay.heard();
    assertThat(arriving.heard()).noneMatch(line -> line.contains("getpeers"));
    lab.handle(new Exchange.Input.TargetChanged(3));
    lab.pass(Duration.ofSeconds(2));
    assertThat(String.join("", relay.heard()) + String.join("", arriving.heard()))
        .contains("getpeers");
  }

  @Test
  void whoKeepsANumberOfPeersCountsAllThatItCannotTellApart() {
    lab.peer();
    lab.handle(new Exchange.Input.TargetChanged(3));
    answer(nonceOf("getpeers"), "aaaaaaaa");
    lab.pass(Duration.ofSeconds(1));
    assertThat(relay.heardMessage("relay")).isEmpty();
    lab.pass(Duration.ofSeconds(12));
    answer(nonceOf("getpeers"), "bbbbbbbb", "cccccccc");
    lab.pass(Duration.ofSeconds(1));
    assertThat(relay.heardMessage("relay")).isNotEmpty();
  }
}
