package peerage.pxp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import peerage.bencode.MalformedMessage;

/// The shapes of the messages.
final class PxpCodecTest {
  private static final JsonText NONCE = JsonText.ofString("3");

  @Test
  void everyMessageHasTheShapeThatJavaScriptNodesSend() throws MalformedMessage {
    ConnectInfo info = info("{\"pxp\":true,\"relay\":true,\"webrtc\":true}");
    assertThat(text(PxpCodec.hello(JsonText.ofString("0"), Optional.of(info), List.of("somenet"))))
        .isEqualTo(
            "[\"hello\",\"0\",[1,{\"pxp\":true,\"relay\":true,\"webrtc\":true},[\"somenet\"]]]\n");
    assertThat(text(PxpCodec.connect(NONCE, "n"))).isEqualTo("[\"connect\",\"3\",\"n\"]\n");
    assertThat(text(PxpCodec.getPeers(NONCE, "n"))).isEqualTo("[\"getpeers\",\"3\",\"n\"]\n");
    assertThat(text(PxpCodec.relay(NONCE, "9d54e6ae")))
        .isEqualTo("[\"relay\",\"3\",[\"9d54e6ae\"]]\n");
    assertThat(text(PxpCodec.incoming(NONCE, "43df0abc")))
        .isEqualTo("[\"incoming\",\"3\",[\"43df0abc\"]]\n");
    assertThat(text(PxpCodec.yes(NONCE))).isEqualTo("[\"res\",\"3\",null]\n");
    assertThat(text(PxpCodec.no(NONCE, "not \"you\"")))
        .isEqualTo("[\"res\",\"3\",\"not \\\"you\\\"\"]\n");
    assertThat(text(PxpCodec.noCandidates(NONCE, "no"))).isEqualTo("[\"res\",\"3\",[\"no\"]]\n");
  }

  @Test
  void whoMayNotBeIntroducedSaysNull() {
    assertThat(text(PxpCodec.hello(JsonText.ofString("0"), Optional.empty(), List.of("a", "b"))))
        .isEqualTo("[\"hello\",\"0\",[1,null,[\"a\",\"b\"]]]\n");
  }

  @Test
  void anAnswerWithCandidatesIsWhatARealRelaySent() throws MalformedMessage {
    Candidate candidate =
        new Candidate("38dfa3b9", "somenet", info("{\"pxp\":true,\"relay\":true,\"webrtc\":true}"));
    byte[] line = PxpCodec.candidates(JsonText.ofString("2"), List.of(candidate));
    assertThat(text(line))
        .isEqualTo(
            "[\"res\",\"2\",[null,[{\"id\":\"38dfa3b9\",\"network\":\"somenet\",\"connectInfo\":"
                + "{\"pxp\":true,\"relay\":true,\"webrtc\":true}}]]]\n");
    assertThat(line).hasSize(0x71);
    assertThat(text(PxpCodec.candidates(NONCE, List.of())))
        .isEqualTo("[\"res\",\"3\",[null,[]]]\n");
  }

  @Test
  void anAnswerIsAsLongAsALineMayBeAndLeavesTheRestOut() throws MalformedMessage {
    String filler = "x".repeat(PxpLimits.CONNECT_INFO_MAX - 8);
    Candidate candidate = new Candidate("a", "n", info("{\"f\":\"" + filler + "\"}"));
    byte[] line = PxpCodec.candidates(NONCE, Collections.nCopies(32, candidate));
    assertThat(line.length).isLessThanOrEqualTo(PxpLimits.LINE_BYTES_MAX);
    assertThat(candidatesOf(line)).hasSize(15).containsOnly(candidate);
  }

  @Test
  void aNonceOfAnyKindIsRepeatedAsItCame() throws MalformedMessage {
    for (String nonce : List.of("7", "null", "\"\\u0061\"", "[1, {\"a\" :2}]", "1.50e+1")) {
      PxpMessage message = PxpCodec.decode("[\"connect\"," + nonce + ",\"n\"]");
      assertThat(message).isInstanceOf(PxpMessage.Connect.class);
      JsonText taken = ((PxpMessage.Connect) message).nonce();
      assertThat(text(PxpCodec.yes(taken))).isEqualTo("[\"res\"," + nonce + ",null]\n");
    }
  }

  @Test
  void oneArgumentMayStandInAnArrayOrAlone() throws MalformedMessage {
    assertThat(PxpCodec.decode("[\"relay\",\"3\",\"ab\"]"))
        .isEqualTo(PxpCodec.decode("[\"relay\",\"3\",[\"ab\"]]"));
    assertThat(PxpCodec.decode("[\"getpeers\",\"3\",[\"n\"]]"))
        .isEqualTo(new PxpMessage.GetPeers(NONCE, "n"));
  }

  @Test
  void whatIsMoreThanExpectedIsIgnored() throws MalformedMessage {
    assertThat(PxpCodec.decode(" [\"connect\" , \"3\",\"n\",4,[5]] "))
        .isEqualTo(new PxpMessage.Connect(NONCE, "n"));
    assertThat(PxpCodec.decode("[\"hello\",0,[1,null,[\"a\",2,null,\"b\"],{\"more\":1},7]]"))
        .isEqualTo(new PxpMessage.Hello(1, Optional.empty(), List.of("a", "b")));
    assertThat(PxpCodec.decode("[\"dance\",\"3\",{\"a\":1}]"))
        .isEqualTo(new PxpMessage.Unknown("dance"));
  }

  @Test
  void aVersionIsANumber() throws MalformedMessage {
    for (String version : List.of("1", "1.0", "10e-1")) {
      assertThat(version(version)).isEqualTo(1);
    }
    for (String version : List.of("\"1\"", "null", "1.5", "1e300", "[1]")) {
      assertThat(version(version)).isZero();
    }
    assertThat(version("2")).isEqualTo(2);
  }

  private static int version(String version) throws MalformedMessage {
    return ((PxpMessage.Hello) PxpCodec.decode("[\"hello\",0,[" + version + ",null,[]]]"))
        .version();
  }

  @Test
  void manyNetworksAreNotAllKept() throws MalformedMessage {
    String names = String.join(",", Collections.nCopies(1_000, "\"n\""));
    PxpMessage hello = PxpCodec.decode("[\"hello\",0,[1,null,[" + names + "]]]");
    assertThat(((PxpMessage.Hello) hello).networks()).hasSize(PxpLimits.NETWORKS_MAX);
  }

  @Test
  void aConnectInfoTooLongToPassOnIsAsGoodAsNone() throws MalformedMessage {
    String info = "{\"a\":\"" + "x".repeat(5_000) + "\"}";
    assertThat(PxpCodec.decode("[\"hello\",0,[1," + info + ",[\"n\"]]]"))
        .isEqualTo(new PxpMessage.Hello(1, Optional.empty(), List.of("n")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "null",
        "[]",
        "[\"connect\"]",
        "[\"connect\",\"3\"]",
        "[7,\"3\",\"n\"]",
        "[\"connect\",\"3\",7]",
        "[\"connect\",\"3\",[]]",
        "[\"relay\",\"3\",null]",
        "[\"relay\",\"3\",[\"\"]]",
        "[\"incoming\",\"3\",{}]",
        "[\"upgrade\",\"3\",null]",
        "[\"upgrade\",\"3\",\"webrtc\"]",
        "[\"hello\",\"0\",[]]",
        "[\"hello\",\"0\",[1,null]]",
        "[\"hello\",\"0\",[1,null,null]]",
        "[\"hello\",\"0\",[1,7,[\"n\"]]]",
        "[\"hello\",\"0\",[1,[],[\"n\"]]]",
        "[\"hello\",\"0\",null]",
        "[\"connect\",\"3\",\"n\"]x",
        "[\"connect\",\"3\",\"n\"] []",
        "['connect','3','n']",
        "[\"connect\",\"3\",\"n\",]",
        "[\"connect\",\"3\",NaN]",
      })
  void whatHasAnotherShapeIsNoMessage(String line) {
    assertThatExceptionOfType(MalformedMessage.class).isThrownBy(() -> PxpCodec.decode(line));
  }

  @Test
  void idsAndNoncesHaveALongestLength() throws MalformedMessage {
    PxpCodec.decode("[\"relay\",\"3\",[\"" + "界".repeat(64) + "\"]]");
    assertThat(("relay:" + "界".repeat(64)).getBytes(UTF_8).length)
        .isLessThanOrEqualTo(PxpLimits.NAME_BYTES_MAX);
    assertThatExceptionOfType(MalformedMessage.class)
        .isThrownBy(() -> PxpCodec.decode("[\"relay\",\"3\",[\"" + "a".repeat(65) + "\"]]"));
    assertThatExceptionOfType(MalformedMessage.class)
        .isThrownBy(() -> PxpCodec.decode("[\"relay\",\"" + "a".repeat(255) + "\",[\"a\"]]"));
  }

  @Test
  void anAnswerIsANoWhereJavaScriptSaysSo() throws MalformedMessage {
    for (String yes : List.of("null", "[]", "[null]", "[null,[]]", "false", "0", "-0.0", "\"\"")) {
      assertThat(PxpCodec.errorOf(JsonText.parse(yes))).isEmpty();
    }
    for (String no : List.of("true", "[true]", "1", "{}", "[{}]", "[[]]")) {
      assertThat(PxpCodec.errorOf(JsonText.parse(no))).contains(no);
    }
    assertThat(PxpCodec.errorOf(JsonText.parse("\"busy\""))).contains("busy");
    assertThat(PxpCodec.errorOf(JsonText.parse("[\"busy\",1]"))).contains("busy");
  }

  @Test
  void anErrorIsFitToShow() throws MalformedMessage {
    String hostile = "\"\\u001b[2Jx\\u202e" + "y".repeat(1_000) + "\"";
    assertThat(PxpCodec.errorOf(JsonText.parse(hostile)).orElseThrow())
        .hasSize(PxpLimits.ERROR_TEXT_MAX)
        .startsWith("?[2Jx?yyy");
  }

  @Test
  void candidatesThatCannotBeReachedOrMakeNoSenseAreLeftOut() throws MalformedMessage {
    String good = "{\"id\":\"ab\",\"network\":\"n\",\"connectInfo\":{\"new\": [1, 2]}}";
    List<Candidate> candidates =
        PxpCodec.candidatesOf(
            JsonText.parse(
                "[null,[null,7,[],{},"
                    + "{\"id\":\"ab\",\"network\":\"n\",\"connectInfo\":null},"
                    + "{\"id\":\"ab\",\"network\":\"n\"},"
                    + "{\"id\":\"\",\"network\":\"n\",\"connectInfo\":{}},"
                    + "{\"id\":7,\"network\":\"n\",\"connectInfo\":{}},"
                    + "{\"id\":\"ab\",\"network\":\"\",\"connectInfo\":{}},"
                    + "{\"id\":\"ab\",\"connectInfo\":{}},"
                    + "{\"id\":\"ab\",\"network\":\"n\",\"connectInfo\":{\"a\":\""
                    + "x".repeat(PxpLimits.CONNECT_INFO_MAX)
                    + "\"}},"
                    + good
                    + "]]"));
    assertThat(candidates).containsExactly(new Candidate("ab", "n", info("{\"new\": [1, 2]}")));
  }

  @Test
  void fewOfEndlessCandidatesAreTaken() throws MalformedMessage {
    String one = "{\"id\":\"ab\",\"network\":\"n\",\"connectInfo\":{}}";
    String many = String.join(",", Collections.nCopies(1_000, one));
    assertThat(PxpCodec.candidatesOf(JsonText.parse("[null,[" + many + "]]")))
        .hasSize(PxpLimits.CANDIDATES_TAKEN_MAX);
  }

  @Test
  void anAnswerWithoutAListOfCandidatesIsNone() {
    for (String args : List.of("null", "[]", "[null]", "[null,null]", "[null,{}]", "{}")) {
      assertThatExceptionOfType(MalformedMessage.class)
          .isThrownBy(() -> PxpCodec.candidatesOf(JsonText.parse(args)));
    }
  }

  private static List<Candidate> candidatesOf(byte[] line) throws MalformedMessage {
    return PxpCodec.candidatesOf(((PxpMessage.Answer) PxpCodec.decode(text(line).strip())).args());
  }

  private static ConnectInfo info(String text) throws MalformedMessage {
    return ConnectInfo.read(JsonText.parse(text));
  }

  private static String text(byte[] line) {
    return new String(line, UTF_8);
  }
}
