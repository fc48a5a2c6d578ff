package peerage.announce;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import peerage.announce.AnnounceResponse.Answer;
import peerage.announce.AnnounceResponse.Failure;
import peerage.announce.AnnounceResponse.Retry;
import peerage.bencode.MalformedMessage;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;
import peerage.testkit.Hostile;
import peerage.testkit.Seeds;

final class AnnounceResponseTest {
  /// The form of opentracker: counts first, compact peers last.
  private static final byte[] OPENTRACKER =
      latin(
          "d8:completei5e10:downloadedi7e10:incompletei2e8:intervali1765e12:min intervali882e"
              + "5:peers12:^\1\2\3\32\341\12\0\0\1\0P"
              + "6:peers618: \1\15\270\0\0\0\0\0\0\0\0\0\0\0\7\32\341e");

  private static final byte[] DICTIONARIES =
      latin(
          "d8:intervali1800e5:peersl"
              + "d2:ip9:10.20.3.47:peer id20:-TR3000-aaaaaaaaaaaa4:porti51413ee"
              + "d2:ip11:2001:db8::14:porti6881ee"
              + "d2:ip12:seed.example4:porti6881ee"
              + "d2:ip7:1.2.3.44:porti0ee"
              + "d2:ip7:1.2.3.44:porti65536ee"
              + "i7e"
              + "ee");

  private static final byte[] FAILURE =
      latin("d14:failure reason17:torrent not known8:retry ini5ee");

  private static final byte[] FULL =
      latin(
          "d8:completei1e11:external ip4:\u0001\u0002\u0003\u000410:incompletei0e8:intervali900e"
              + "5:peers0:10:tracker id3:a\u00ff/15:warning message9:slow downe");

  private static final List<byte[]> SAMPLES = List.of(OPENTRACKER, DICTIONARIES, FAILURE, FULL);

  @Test
  void theAnswerOfOpentrackerIsRead() throws MalformedMessage {
    assertThat(AnnounceResponse.decode(OPENTRACKER))
        .isEqualTo(
            new Answer(
                Duration.ofSeconds(1765),
                Optional.of(Duration.ofSeconds(882)),
                peers("94.1.2.3:6881", "10.0.0.1:80", "[2001:db8::7]:6881"),
                OptionalInt.of(5),
                OptionalInt.of(2),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0));
  }

  @Test
  void peersAsDictionariesAreReadAndHostNamesSkippedAndCounted() throws MalformedMessage {
    Answer answer = answer(DICTIONARIES);
    assertThat(answer.peers()).isEqualTo(peers("10.20.3.4:51413", "[2001:db8::1]:6881"));
    assertThat(answer.peersSkipped()).isEqualTo(4);
  }

  @Test
  void everyFieldOfAnAnswerIsRead() throws MalformedMessage {
    Answer answer = answer(FULL);
    assertThat(answer.seeds()).hasValue(1);
    assertThat(answer.leeches()).hasValue(0);
    assertThat(answer.externalIp()).isEqualTo(IpAddress.parse("1.2.3.4"));
    assertThat(answer.trackerId()).contains("a\u00ff/");
    assertThat(answer.warning()).contains("slow down");
    assertThat(answer.minInterval()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          d14:failure reason3:bad8:retry ini5ee     | bad                        | After[delay=PT5M]
          d14:failure reason3:bad8:retry in2:15e    | bad                        | After[delay=PT15M]
          d14:failure reason3:bad8:retry ini-5ee    | bad                        | Unsaid[]
          d14:failure reason3:bad8:retry in4:soone  | bad                        | Unsaid[]
          d14:failure reason3:bad8:retry ini99999ee | bad                        | After[delay=PT24H]
          d14:failure reason3:bad8:retry in5:nevere | bad                        | Never[]
          d14:failure reason3:bad5:peers0:e         | bad                        | Unsaid[]
          d14:failure reason0:e                     | the tracker gave no reason | Unsaid[]
          """)
  void aRefusalSaysWhyAndWhetherToComeBack(String body, String reason, String retry)
      throws MalformedMessage {
    assertThat(AnnounceResponse.decode(latin(body)))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.reason()).isEqualTo(reason);
              assertThat(failure.retry()).hasToString(retry);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                 | is empty
          <html><body>404</body></html>      | is a web page, no bencode: is this the tracker's address?
          ' <!DOCTYPE html>'                 | is a web page, no bencode: is this the tracker's address?
          no such torrent                    | is no bencode
          d8:interval                        | is broken bencode: the input ends inside a value at byte 11
          i42e                               | is no bencode
          le                                 | is no bencode
          de                                 | holds neither peers nor an interval nor a reason
          d5:filesdee                        | holds neither peers nor an interval nor a reason
          d8:interval4:18005:peers0:e        | gives no number as its interval
          d12:min interval1:15:peers0:e      | gives no number as its min interval
          d8:intervali60e5:peersi7ee         | gives peers that are no list
          d8:intervali60e6:peers6dee         | gives peers that are no list
          d14:failure reasoni7ee             | gives a failure reason that is no text
          """)
  void nonsenseIsRefusedWithASentenceForTheUser(String body, String problem) {
    assertThatThrownBy(() -> AnnounceResponse.decode(latin(body)))
        .isInstanceOf(MalformedMessage.class)
        .hasMessage("the tracker's answer " + problem);
  }

  @Test
  void anEndlessAnswerIsRefusedUnread() {
    assertThatThrownBy(() -> AnnounceResponse.decode(new byte[AnnounceResponse.MAX_BYTES + 1]))
        .hasMessage("the tracker's answer has more than 1048576 bytes");
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 30",
    "0, 30",
    "29, 30",
    "30, 30",
    "31, 31",
    "86400, 86400",
    "86401, 86400",
    "9223372036854775807, 86400",
  })
  void intervalsAreBroughtWithinHalfAMinuteAndADay(String said, int kept) throws MalformedMessage {
    Answer answer =
        answer(latin("d8:intervali" + said + "e12:min intervali" + said + "e5:peers0:e"));
    assertThat(answer.interval()).hasSeconds(kept);
    assertThat(answer.minInterval()).contains(Duration.ofSeconds(kept));
  }

  @Test
  void anAnswerWithoutAnIntervalIsAskedAgainInHalfAnHour() throws MalformedMessage {
    assertThat(answer(latin("d5:peers0:e")).interval()).hasMinutes(30);
  }

  @Test
  void anAnswerWithoutPeersIsAnAnswer() throws MalformedMessage {
    assertThat(answer(latin("d8:intervali60ee")).peers()).isEmpty();
  }

  @Test
  void portZeroIsDroppedAndACutOffLastEntryToo() throws MalformedMessage {
    Answer answer = answer(latin("d8:intervali60e5:peers14:\1\2\3\4\0\0\1\2\3\4\0\7\1\2e"));
    assertThat(answer.peers()).isEqualTo(peers("1.2.3.4:7"));
    assertThat(answer.peersSkipped()).isEqualTo(1);
  }

  @Test
  void atMostTwoThousandPeersAreTaken() throws MalformedMessage {
    String tooMany = "\1\2\3\4\0\7".repeat(2001);
    assertThat(answer(latin("d8:intervali60e5:peers12006:" + tooMany + "e")).peers()).hasSize(2000);
    String entries = "d2:ip7:1.2.3.44:porti7ee".repeat(2001);
    assertThat(answer(latin("d8:intervali60e5:peersl" + entries + "ee")).peers()).hasSize(2000);
  }

  @Test
  void textsAreCutAndCannotMoveTheCursor() throws MalformedMessage {
    String evil = "\u001b[2J\u202eline\nbreak" + "x".repeat(400);
    byte[] text = evil.getBytes(UTF_8);
    String said = new String(text, ISO_8859_1);
    String clean = "?[2J?line break" + "x".repeat(241);
    assertThat(
            AnnounceResponse.decode(latin("d14:failure reason" + text.length + ":" + said + "e")))
        .isEqualTo(new Failure(clean, new Retry.Unsaid()));
    assertThat(answer(latin("d5:peers0:15:warning message" + text.length + ":" + said + "e")))
        .extracting(Answer::warning)
        .isEqualTo(Optional.of(clean));
  }

  @Test
  void oddDetailsCostNoPeers() throws MalformedMessage {
    Answer answer =
        answer(
            latin(
                "d8:complete1:x11:external ip3:abc10:incompletei-4e8:intervali60e5:peers0:"
                    + "10:tracker id257:"
                    + "x".repeat(257)
                    + "15:warning message0:e"));
    assertThat(answer).isEqualTo(Answer.of(Duration.ofSeconds(60), List.of()));
  }

  @Test
  void anAnswerIsWrittenCompactWithTheFamiliesApart() {
    Answer answer = Answer.of(Duration.ofMinutes(30), peers("[2001:db8::1]:258", "1.2.3.4:258"));
    assertThat(answer.encode())
        .asString(ISO_8859_1)
        .isEqualTo(
            "d8:intervali1800e5:peers6:\1\2\3\4\1\2"
                + "6:peers618: \1\r\u00b8\0\0\0\0\0\0\0\0\0\0\0\1\1\2e");
  }

  @Test
  void withoutIpv6PeersThereIsNoListOfThemAndWithoutAnyAnEmptyList() {
    assertThat(Answer.of(Duration.ofMinutes(1), List.of()).encode())
        .asString(ISO_8859_1)
        .isEqualTo("d8:intervali60e5:peers0:e");
  }

  @Test
  void aRefusalIsWrittenWithTheTimeToComeBack() {
    assertThat(new Failure("busy", new Retry.After(Duration.ofMinutes(5))).encode())
        .asString(ISO_8859_1)
        .isEqualTo("d14:failure reason4:busy8:retry ini5ee");
    assertThat(new Failure("gone", new Retry.Never()).encode())
        .asString(ISO_8859_1)
        .isEqualTo("d14:failure reason4:gone8:retry in5:nevere");
    assertThat(new Failure("what", new Retry.Unsaid()).encode())
        .asString(ISO_8859_1)
        .isEqualTo("d14:failure reason4:whate");
  }

  @Test
  void anIntervalOfNothingIsOurOwnMistake() {
    assertThatIllegalArgumentException().isThrownBy(() -> Answer.of(Duration.ZERO, List.of()));
  }

  @Seeds(200)
  void whateverIsWrittenIsReadBackTheSame(long seed) throws MalformedMessage {
    Answer answer = anyAnswer(new Random(seed));
    assertThat(AnnounceResponse.decode(answer.encode())).isEqualTo(answer);
  }

  @Seeds(20)
  void hostileAnswersAreReadOrRefusedAndNothingElse(long seed) {
    Hostile.mutations(new Random(seed), SAMPLES, 300)
        .forEach(
            body -> {
              try {
                assertThat(AnnounceResponse.decode(body)).satisfies(AnnounceResponseTest::isSane);
              } catch (MalformedMessage e) {
                assertThat(e).message().startsWith("the tracker's answer ").hasSizeLessThan(120);
              }
            });
  }

  private static void isSane(AnnounceResponse response) throws MalformedMessage {
    switch (response) {
      case Answer answer -> {
        assertThat(answer.interval())
            .isBetween(AnnounceResponse.INTERVAL_MIN, AnnounceResponse.INTERVAL_MAX);
        assertThat(answer.peers()).hasSizeLessThanOrEqualTo(AnnounceResponse.MAX_PEERS);
        assertThat(answer(answer.encode()).interval()).isEqualTo(answer.interval());
      }
      case Failure failure ->
          assertThat(AnnounceResponse.decode(failure.encode())).isEqualTo(failure);
    }
  }

  private static Answer anyAnswer(RandomGenerator random) {
    var peers = new ArrayList<PeerAddress>();
    for (int size : new int[] {4, 16}) {
      for (int i = random.nextInt(20); i > 0; i--) {
        byte[] ip = new byte[size];
        random.nextBytes(ip);
        peers.add(new PeerAddress(IpAddress.of(ip), random.nextInt(1, 65536)));
      }
    }
    boolean full = random.nextBoolean();
    return new Answer(
        Duration.ofSeconds(random.nextInt(30, 86401)),
        full ? Optional.of(Duration.ofSeconds(random.nextInt(30, 86401))) : Optional.empty(),
        peers,
        full ? OptionalInt.of(random.nextInt(1 << 30)) : OptionalInt.empty(),
        full ? OptionalInt.empty() : OptionalInt.of(random.nextInt(1 << 30)),
        full ? Optional.of("id\u00e9" + random.nextInt()) : Optional.empty(),
        full ? IpAddress.parse("2001:db8::9") : Optional.empty(),
        full ? Optional.of("w\u00e4rnung") : Optional.empty(),
        0);
  }

  private static Answer answer(byte[] body) throws MalformedMessage {
    AnnounceResponse response = AnnounceResponse.decode(body);
    assertThat(response).isInstanceOf(Answer.class);
    return (Answer) response;
  }

  private static List<PeerAddress> peers(String... texts) {
    return List.of(texts).stream().map(text -> PeerAddress.parse(text).orElseThrow()).toList();
  }

  private static byte[] latin(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
