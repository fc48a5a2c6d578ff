package peerage.pxp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// We relay between two JavaScript nodes, as captured, and where they would not survive each other.
final class RelayTest {
  private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f]{8})\"");
  private static final Pattern INCOMING =
      Pattern.compile("\\[\"incoming\",\"([0-9a-z]+)\",\\[\"([0-9a-f]{8})\"]]");

  private final Lab lab = new Lab();
  private final Raw target = lab.peer();
  private final Raw asker = lab.peer();
  private String id = "";
  private String incoming = "";
  private String nonce = "";

  private String ask() {
    return ask(asker);
  }

  private static String ask(Raw of) {
    of.line("[\"getpeers\",\"2\",\"somenet\"]");
    Matcher found = ID.matcher(of.heardMessage("res"));
    assertThat(found.find()).as("a candidate is named").isTrue();
    return found.group(1);
  }

  private void relay() {
    id = ask();
    asker.line("[\"relay\",\"3\",[\"" + id + "\"]]");
    Matcher heard = INCOMING.matcher(target.heardMessage("incoming"));
    assertThat(heard.matches()).isTrue();
    nonce = heard.group(1);
    incoming = heard.group(2);
  }

  private void join() {
    relay();
    target.line("[\"res\",\"" + nonce + "\",null]");
    assertThat(asker.heard()).containsExactly("DATA pxp [\"res\",\"3\",null]");
  }

  @Test
  void theConversationIsTheCapturedOne() {
    asker.line("[\"getpeers\",\"2\",\"somenet\"]");
    String answer = asker.heardMessage("res");
    assertThat(answer)
        .matches(
            "\\[\"res\",\"2\",\\[null,\\[\\{\"id\":\"[0-9a-f]{8}\",\"network\":\"somenet\","
                + "\"connectInfo\":\\{\"pxp\":true,\"relay\":true,\"webrtc\":true}}]]]");
    join();
    target.data("relay:" + incoming, "#PXP#");
    assertThat(asker.heard()).containsExactly("OPEN 1 relay:" + id, "DATA relay:" + id + " #PXP#");
    asker.data("relay:" + id, "#PXP#");
    asker.data("relay:" + id, "offer");
    assertThat(target.heard())
        .containsExactly(
            "OPEN 1 relay:" + incoming,
            "DATA relay:" + incoming + " #PXP#",
            "DATA relay:" + incoming + " offer");
  }

  @Test
  void connectInfoIsPassedOnWithAllThatWeDoNotUnderstand() {
    Raw odd = lab.open(Role.ACCEPT);
    odd.greet("{\"pxp\":true,\"relay\":true,\"x\":[1,{\"y\":\"\\u00e9\"}]}");
    odd.line("[\"connect\",\"1\",\"somenet\"]");
    asker.line("[\"getpeers\",\"2\",\"somenet\"]");
    assertThat(asker.heardMessage("res"))
        .contains("{\"pxp\":true,\"relay\":true,\"x\":[1,{\"y\":\"\\u00e9\"}]}");
  }

  @Test
  void whatTheTargetSaysBeforeItsAnswerComesAfterOurs() {
    relay();
    target.data("relay:" + incoming, "early");
    assertThat(asker.heard()).isEmpty();
    target.line("[\"res\",\"" + nonce + "\",null]");
    assertThat(asker.heard())
        .containsExactly(
            "DATA pxp [\"res\",\"3\",null]", "OPEN 1 relay:" + id, "DATA relay:" + id + " early");
  }

  @Test
  void whatTheAskerSaysTooEarlyWaits() {
    relay();
    asker.data("relay:" + id, "early");
    assertThat(target.heard()).isEmpty();
    target.line("[\"res\",\"" + nonce + "\",\"even an error is a yes\"]");
    assertThat(target.heard()).contains("DATA relay:" + incoming + " early");
  }

  @Test
  void theEndOfOneSideIsPassedOnAndTheOtherDirectionGoesOn() {
    join();
    target.data("relay:" + incoming, "x").end("relay:" + incoming);
    assertThat(asker.heard()).contains("END relay:" + id);
    asker.data("relay:" + id, "still");
    assertThat(target.heard()).contains("DATA relay:" + incoming + " still");
    asker.end("relay:" + id);
    assertThat(target.heard()).contains("END relay:" + incoming);
    assertThat(lab.exchange.sizes().relays()).isZero();
    assertThat(lab.exchange.sizes().streams()).isEqualTo(2);
  }

  @Test
  void destroyIsPassedOnAsEndAndBothConnectionsLiveOn() {
    join();
    asker.data("relay:" + id, "x").end("relay:" + id).destroy("relay:" + id);
    asker.frame(1, 5, new byte[0]);
    target.data("relay:" + incoming, "y").end("relay:" + incoming);
    assertThat(target.heard()).contains("END relay:" + incoming).noneMatch(RelayTest::isLethal);
    assertThat(asker.heard()).noneMatch(RelayTest::isLethal);
    assertThat(lab.exchange.sizes().relays()).isZero();
    assertThat(asker.closed).isNull();
    assertThat(target.closed).isNull();
  }

  private static boolean isLethal(String line) {
    return line.startsWith("TYPE");
  }

  @Test
  void theTargetIsToldWhenTheAskerIsLost() {
    join();
    asker.data("relay:" + id, "x");
    lab.handle(new Exchange.Input.Closed(asker.link, "reset"));
    assertThat(target.heard()).contains("END relay:" + incoming);
    assertThat(target.closed).isNull();
    assertThat(lab.exchange.sizes()).isEqualTo(new Exchange.Sizes(1, 1, 1, 0, 0, 0, 0));
  }

  @Test
  void theAskerIsToldWhenTheTargetIsLost() {
    join();
    target.data("relay:" + incoming, "x");
    lab.handle(new Exchange.Input.Closed(target.link, "reset"));
    assertThat(asker.heard()).contains("END relay:" + id);
    assertThat(asker.closed).isNull();
  }

  @Test
  void theAskerIsToldWhenTheTargetIsLostBeforeItAnswers() {
    relay();
    lab.handle(new Exchange.Input.Closed(target.link, "reset"));
    assertThat(asker.heardMessage("res")).startsWith("[\"res\",\"3\",\"");
    assertThat(lab.exchange.sizes()).isEqualTo(new Exchange.Sizes(1, 1, 1, 0, 0, 0, 0));
  }

  @Test
  void aLateAnswerOfATargetWhoseAskerIsLostDoesNoHarm() {
    relay();
    lab.handle(new Exchange.Input.Closed(asker.link, "reset"));
    target.line("[\"res\",\"" + nonce + "\",null]").data("relay:" + incoming, "#PXP#");
    assertThat(target.closed).isNull();
    assertThat(lab.exchange.sizes().relays()).isZero();
  }

  @Test
  void aTargetThatDoesNotAnswerIsNotNamedForTenMinutes() {
    relay();
    lab.pass(Duration.ofSeconds(8));
    assertThat(asker.heardMessage("res")).contains("does not answer");
    asker.line("[\"getpeers\",\"4\",\"somenet\"]");
    assertThat(asker.heardMessage("res")).isEqualTo("[\"res\",\"4\",[null,[]]]");
    for (int minute = 0; minute < 10; minute++) {
      lab.pass(Duration.ofMinutes(1));
      asker.line("[\"res\",\"1\",[null,[]]]");
      target.line("[\"res\",\"2\",[null,[]]]");
    }
  }

  @Test
  void anIdIsGoodOnce() {
    join();
    asker.line("[\"relay\",\"4\",[\"" + id + "\"]]");
    assertThat(asker.heardMessage("res")).contains("unknown candidate");
    assertThat(asker.closed).as("it is told, and may go on").isNull();
  }

  @Test
  void anIdIsGoodForFifteenSeconds() {
    String early = ask();
    lab.pass(Duration.ofMillis(14_999));
    asker.line("[\"relay\",\"3\",[\"" + early + "\"]]");
    assertThat(target.heardMessage("incoming")).isNotEmpty();
    String late = ask();
    lab.pass(Duration.ofSeconds(15));
    target.heard();
    asker.line("[\"relay\",\"4\",[\"" + late + "\"]]");
    assertThat(asker.heardMessage("unknown candidate")).isNotEmpty();
    assertThat(target.heardMessage("incoming")).isEmpty();
  }

  @Test
  void anIdIsGoodOnThatConnectionOnly() {
    Raw third = lab.peer();
    String foreign = ask();
    third.line("[\"relay\",\"3\",[\"" + foreign + "\"]]");
    assertThat(third.heardMessage("res")).contains("unknown candidate");
  }

  @Test
  void noIdComesTwiceOnOneConnection() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      ids.add(ask());
      lab.pass(Duration.ofMillis(50));
    }
    assertThat(ids).doesNotHaveDuplicates();
  }

  @Test
  void whoAcceptsNothingAndWhoHasNotJoinedIsNotNamed() {
    Lab other = new Lab();
    Raw one = other.peer();
    other.open(Role.ACCEPT).greet("null").line("[\"connect\",\"1\",\"somenet\"]");
    other.open(Role.ACCEPT).greet();
    other.open(Role.ACCEPT);
    one.line("[\"getpeers\",\"2\",\"somenet\"]");
    assertThat(one.heardMessage("res")).isEqualTo("[\"res\",\"2\",[null,[]]]");
  }

  @Test
  void theAskersOtherConnectionsAreNotNamed() {
    Lab other = new Lab();
    String info = "{\"pxp\":true,\"relay\":true,\"node\":\"" + "ab".repeat(16) + "\"}";
    Raw one = other.open(Role.ACCEPT).greet(info).line("[\"connect\",\"1\",\"somenet\"]");
    other.open(Role.ACCEPT).greet(info).line("[\"connect\",\"1\",\"somenet\"]");
    one.heard();
    one.line("[\"getpeers\",\"2\",\"somenet\"]");
    assertThat(one.heardMessage("res")).isEqualTo("[\"res\",\"2\",[null,[]]]");
  }

  @Test
  void anotherNetworkIsAnErrorOfOneElement() {
    asker.line("[\"getpeers\",\"2\",\"other\"]");
    assertThat(asker.heardMessage("res")).startsWith("[\"res\",\"2\",[\"").endsWith("\"]]");
    assertThat(asker.closed).isNull();
  }

  @Test
  void atMostThirtyTwoAreNamedAndNotAlwaysTheSame() {
    for (int i = 0; i < 60; i++) {
      lab.peer();
    }
    asker.line("[\"getpeers\",\"2\",\"somenet\"]");
    assertThat(ID.matcher(asker.heardMessage("res")).results()).hasSize(32);
  }

  @Test
  void onePeerHasFourRelays() {
    for (int i = 0; i < 5; i++) {
      String one = ask();
      target.heard();
      asker.line("[\"relay\",\"r" + i + "\",[\"" + one + "\"]]");
      if (i < 4) {
        assertThat(target.heardMessage("incoming")).isNotEmpty();
      }
    }
    assertThat(asker.heardMessage("res")).contains("a relay too many");
    assertThat(lab.exchange.sizes().relays()).isEqualTo(4);
  }

  @Test
  void whoDoesNotWantToRelayNamesNobodyAndRelaysNothing() {
    Lab shy = new Lab(old -> old.without(ExchangeOptions.Ability.RELAYING));
    shy.peer();
    Raw one = shy.peer();
    one.line("[\"getpeers\",\"2\",\"somenet\"]");
    assertThat(one.heardMessage("res")).isEqualTo("[\"res\",\"2\",[null,[]]]");
  }

  @Test
  void anIdleRelayEndsAfterFifteenSeconds() {
    join();
    asker.data("relay:" + id, "x");
    lab.pass(Duration.ofSeconds(14));
    target.data("relay:" + incoming, "y");
    lab.pass(Duration.ofMillis(14_999));
    assertThat(lab.exchange.sizes().relays()).isEqualTo(1);
    lab.pass(Duration.ofMillis(1));
    assertThat(lab.exchange.sizes().relays()).isZero();
    assertThat(asker.heard()).contains("END relay:" + id);
    assertThat(target.heard()).contains("END relay:" + incoming);
  }

  @Test
  void aBusyRelayEndsAfterAMinute() {
    join();
    for (int second = 0; second < 60; second++) {
      assertThat(lab.exchange.sizes().relays()).isEqualTo(1);
      asker.data("relay:" + id, "x");
      target.data("relay:" + incoming, "y");
      lab.pass(Duration.ofSeconds(1));
    }
    assertThat(lab.exchange.sizes().relays()).isZero();
  }

  @Test
  void aRelayForSignallingCarriesAQuarterOfAMebibyte() {
    join();
    asker.data("relay:" + id, new byte[200 * 1024]);
    target.data("relay:" + incoming, new byte[56 * 1024]);
    assertThat(lab.exchange.sizes().relays()).isEqualTo(1);
    asker.data("relay:" + id, new byte[1]);
    assertThat(lab.exchange.sizes().relays()).isZero();
    assertThat(lab.notices(ExchangeNotice.RelayEnded.class).getFirst().why()).contains("too much");
    assertThat(asker.closed).isNull();
  }

  private void plainTarget() {
    lab.handle(new Exchange.Input.Closed(target.link, "replaced"));
  }

  @Test
  void aPlainRelayCarriesFiftyThousandBytesASecondAndHoldsItsSenderBack() {
    plainTarget();
    Raw plain = lab.open(Role.ACCEPT).greet("{\"pxp\":false,\"relay\":true}");
    plain.line("[\"connect\",\"1\",\"somenet\"]").heard();
    id = ask();
    asker.line("[\"relay\",\"3\",[\"" + id + "\"]]");
    Matcher heard = INCOMING.matcher(plain.heardMessage("incoming"));
    assertThat(heard.matches()).isTrue();
    plain.line("[\"res\",\"" + heard.group(1) + "\",null]");
    for (int i = 0; i < 100; i++) {
      asker.data("relay:" + id, new byte[5_000]);
    }
    assertThat(lab.all(Exchange.Output.HoldReading.class)).hasSize(1);
    assertThat(plain.heard()).as("a burst").hasSize(11);
    lab.pass(Duration.ofSeconds(5));
    assertThat(plain.heard()).as("250,000 bytes in five seconds").hasSizeBetween(49, 51);
    assertThat(lab.all(Exchange.Output.ReadOn.class)).isEmpty();
    lab.pass(Duration.ofSeconds(5));
    assertThat(lab.all(Exchange.Output.ReadOn.class)).hasSize(1);
    assertThat(plain.heard()).hasSize(40);
    asker.end("relay:" + id);
    assertThat(plain.heard()).containsExactly("END relay:" + heard.group(2));
  }

  @Test
  void oneWriteStaysOneWriteHoweverItArrives() {
    join();
    byte[] frame = Raw.frameBytes(1, 2, "a long write".getBytes(UTF_8));
    asker.open("relay:" + id);
    for (byte one : frame) {
      asker.bytes(new byte[] {one});
    }
    asker.frame(1, 2, "another".getBytes(UTF_8));
    assertThat(target.heard())
        .containsExactly(
            "OPEN 1 relay:" + incoming,
            "DATA relay:" + incoming + " a long write",
            "DATA relay:" + incoming + " another");
  }
}
