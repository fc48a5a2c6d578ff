package peerage.announce;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import peerage.bencode.MalformedMessage;
import peerage.peers.Family;
import peerage.peers.InfoHash;
import peerage.peers.PeerAddress;
import peerage.peers.PeerId;
import peerage.testkit.Hostile;
import peerage.testkit.Seeds;

/// The datagrams of BEP 15 and BEP 41, written out by hand from their tables.
final class UdpMessagesTest {
  private static final InfoHash HASH = InfoHash.parse("aa".repeat(20));
  private static final PeerId ID = PeerId.of("-PG0100-abcdefghijkl".getBytes(ISO_8859_1));
  private static final AnnounceRequest REQUEST =
      new AnnounceRequest(
          HASH,
          ID,
          0x1AE1,
          new Progress(3, 1, 2),
          Optional.of(AnnounceEvent.STARTED),
          200,
          Optional.empty(),
          0xBEEF);
  private static final String ANNOUNCE_HEX =
      "1122334455667788 00000001 0a0b0c0d"
          + "aa".repeat(20)
          + HexFormat.of().formatHex(ID.bytes())
          + "0000000000000001 0000000000000002 0000000000000003"
          + "00000002 00000000 0000beef 000000c8 1ae1";

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  private static List<PeerAddress> peers(String... addresses) {
    return Stream.of(addresses).map(it -> PeerAddress.parse(it).orElseThrow()).toList();
  }

  static Stream<Object[]> requests() {
    return Stream.of(
        new Object[] {"0000041727101980 00000000 0a0b0c0d", new UdpRequest.Connect(0x0A0B0C0D)},
        new Object[] {ANNOUNCE_HEX, announce("")},
        new Object[] {ANNOUNCE_HEX + "020c2f6469723f613d6226633d64", announce("/dir?a=b&c=d")},
        new Object[] {
          "1122334455667788 00000002 0a0b0c0d" + "aa".repeat(20) + "bb".repeat(20),
          new UdpRequest.Scrape(
              0x1122334455667788L, 0x0A0B0C0D, List.of(HASH, InfoHash.parse("bb".repeat(20))))
        });
  }

  private static UdpRequest.Announce announce(String urlData) {
    return new UdpRequest.Announce(0x1122334455667788L, 0x0A0B0C0D, REQUEST, urlData);
  }

  static Stream<Object[]> responses() {
    return Stream.of(
        new Object[] {
          "00000000 0a0b0c0d 1122334455667788",
          new UdpResponse.Connected(0x0A0B0C0D, 0x1122334455667788L),
          Family.V4
        },
        new Object[] {
          "00000001 0a0b0c0d 00000708 00000005 00000003 01020304 1ae1 05060708 0050",
          announced("1.2.3.4:6881", "5.6.7.8:80"),
          Family.V4
        },
        new Object[] {
          "00000001 0a0b0c0d 00000708 00000005 00000003" + "20010db8000000000000000000000001 1ae1",
          announced("[2001:db8::1]:6881"),
          Family.V6
        },
        new Object[] {
          "00000002 0a0b0c0d 00000001 00000002 00000003 00000004 00000005 00000006",
          new UdpResponse.Scraped(
              0x0A0B0C0D, List.of(new SwarmFigures(1, 2, 3), new SwarmFigures(4, 5, 6))),
          Family.V6
        },
        new Object[] {
          "00000003 0a0b0c0d 6e6f", new UdpResponse.Refused(0x0A0B0C0D, "no"), Family.V4
        });
  }

  private static UdpResponse announced(String... peers) {
    return new UdpResponse.Announced(0x0A0B0C0D, Duration.ofMinutes(30), 5, 3, peers(peers), 0);
  }

  @ParameterizedTest
  @MethodSource("requests")
  void aRequestIsWrittenAndReadAsTheTablesSay(String hex, UdpRequest request)
      throws MalformedMessage {
    assertThat(request.encode()).asHexString().isEqualTo(hexOf(hex));
    assertThat(UdpRequest.decode(bytes(hex))).isEqualTo(request);
  }

  private static String hexOf(String hex) {
    return HexFormat.of().withUpperCase().formatHex(bytes(hex));
  }

  @ParameterizedTest
  @MethodSource("responses")
  void anAnswerIsWrittenAndReadAsTheTablesSay(String hex, UdpResponse response, Family family)
      throws MalformedMessage {
    assertThat(response.encode()).asHexString().isEqualTo(hexOf(hex));
    assertThat(UdpResponse.decode(bytes(hex), family)).isEqualTo(response);
  }

  @ParameterizedTest
  @MethodSource("requests")
  void aRequestThatIsLongerThanExpectedIsReadAllTheSame(String hex, UdpRequest request)
      throws MalformedMessage {
    assertThat(UdpRequest.decode(bytes(hex + "00"))).isEqualTo(request);
  }

  @ParameterizedTest
  @MethodSource("responses")
  void anAnswerThatIsLongerThanExpectedIsReadAllTheSame(
      String hex, UdpResponse response, Family family) throws MalformedMessage {
    assertThat(UdpResponse.decode(bytes(hex + "00"), family)).isEqualTo(response);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00000000 0a0b0c",
        "00000000 0a0b0c0d 11223344556677",
        "00000001 0a0b0c0d 00000708 00000005 000000",
        "00000004 0a0b0c0d",
        "ffffffff 0a0b0c0d"
      })
  void anAnswerThatIsTooShortOrUnknownIsMalformed(String hex) {
    assertThatThrownBy(() -> UdpResponse.decode(bytes(hex), Family.V4))
        .isInstanceOf(MalformedMessage.class)
        .hasMessageStartingWith("the tracker's answer has");
  }

  @Test
  void anEmptyAnswerToAnAnnounceIsARefusalAsOpentrackerMeansIt() throws MalformedMessage {
    assertThat(UdpResponse.decode(bytes("00000001 0a0b0c0d"), Family.V4))
        .isEqualTo(
            new UdpResponse.Refused(
                0x0A0B0C0D, "the tracker says nothing: it may not serve this torrent"));
  }

  @Test
  void theIntervalOfAnAnswerIsBroughtWithinBounds() throws MalformedMessage {
    for (String seconds : List.of("00000000", "ffffffff", "7fffffff")) {
      var read =
          (UdpResponse.Announced)
              UdpResponse.decode(
                  bytes("00000001 00000000" + seconds + "0000000000000000"), Family.V4);
      assertThat(read.interval())
          .isBetween(AnnounceResponse.INTERVAL_MIN, AnnounceResponse.INTERVAL_MAX);
    }
  }

  @Test
  void aCountBelowZeroIsNobodyAndAPeerWithPortZeroIsSkipped() throws MalformedMessage {
    byte[] answer =
        bytes("00000001 00000000 00000708 ffffffff 80000000 01020304 0000 01020304 0001");
    assertThat(UdpResponse.decode(answer, Family.V4))
        .isEqualTo(
            new UdpResponse.Announced(0, Duration.ofMinutes(30), 0, 0, peers("1.2.3.4:1"), 1));
  }

  @Test
  void ofAHugeAnswerOnlySoManyPeersAreTaken() throws MalformedMessage {
    byte[] answer = new byte[20 + 6 * (AnnounceResponse.MAX_PEERS + 7)];
    Arrays.fill(answer, (byte) 1);
    System.arraycopy(bytes("0000000100000000"), 0, answer, 0, 8);
    var read = (UdpResponse.Announced) UdpResponse.decode(answer, Family.V4);
    assertThat(read.peers()).hasSize(AnnounceResponse.MAX_PEERS);
  }

  @Test
  void theReasonOfARefusalIsMadeFitToShow() throws MalformedMessage {
    assertThat(UdpResponse.decode(bytes("00000003 00000000 1b5b324a 00 41"), Family.V4))
        .isEqualTo(new UdpResponse.Refused(0, "?[2J"));
    assertThat(UdpResponse.decode(bytes("00000003 00000000"), Family.V4))
        .isEqualTo(new UdpResponse.Refused(0, "the tracker gave no reason"));
  }

  @Test
  void oneAnswerNeverMixesAddressFamilies() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> announced("1.2.3.4:5", "[2001:db8::1]:6").encode())
        .withMessage("an answer by UDP has peers of one address family");
  }

  @ParameterizedTest
  @CsvSource({"none, 00000000", "COMPLETED, 00000001", "STARTED, 00000002", "STOPPED, 00000003"})
  void theEventsHaveTheNumbersOfTheTable(String event, String hex) throws MalformedMessage {
    Optional<AnnounceEvent> meant =
        event.equals("none") ? Optional.empty() : Optional.of(AnnounceEvent.valueOf(event));
    byte[] datagram = with(80, hex);
    assertThat(((UdpRequest.Announce) UdpRequest.decode(datagram)).request().event())
        .isEqualTo(meant);
    assertThat(UdpRequest.decode(datagram).encode()).isEqualTo(datagram);
  }

  private static byte[] with(int offset, String hex) {
    byte[] datagram = bytes(ANNOUNCE_HEX);
    byte[] patch = bytes(hex);
    System.arraycopy(patch, 0, datagram, offset, patch.length);
    return datagram;
  }

  @Test
  void theTrackerReadsWhatIsOddWithCare() throws MalformedMessage {
    assertThat(read(with(80, "00000009")).event()).as("an unknown event").isEmpty();
    assertThat(read(with(92, "ffffffff")).numWant()).isEqualTo(AnnounceRequest.DEFAULT_NUM_WANT);
    assertThat(read(with(92, "7fffffff")).numWant()).isEqualTo(AnnounceRequest.MAX_NUM_WANT);
    assertThat(read(with(84, "08080808"))).as("another's address").isEqualTo(REQUEST);
  }

  private static AnnounceRequest read(byte[] datagram) throws MalformedMessage {
    return ((UdpRequest.Announce) UdpRequest.decode(datagram)).request();
  }

  @ParameterizedTest
  @CsvSource({
    "96, 0000, the request announces port 0",
    "56, 8000000000000000, the request tells of more than 2^63 bytes",
    "8, 00000007, the request has the unknown action 7",
    "8, 00000000, the request connects by another protocol",
  })
  void aRequestThatMakesNoSenseIsMalformed(int offset, String hex, String sentence) {
    assertThatThrownBy(() -> UdpRequest.decode(with(offset, hex)))
        .isInstanceOf(MalformedMessage.class)
        .hasMessage(sentence);
  }

  @Test
  void aRequestThatIsTooShortIsMalformed() {
    byte[] whole = bytes(ANNOUNCE_HEX);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> UdpRequest.decode(cut)).isInstanceOf(MalformedMessage.class);
    }
  }

  @Test
  void longUrlDataIsWrittenInBlocksAndJoinedAgain() throws MalformedMessage {
    String longest = "/" + "x".repeat(UdpRequest.MAX_URL_DATA - 1);
    byte[] datagram = announce(longest).encode();
    assertThat(datagram).hasSize(98 + longest.length() + 2 * 9);
    assertThat(datagram.length).isLessThanOrEqualTo(UdpRequest.MAX_BYTES);
    assertThat(UdpRequest.decode(datagram)).isEqualTo(announce(longest));
  }

  @ParameterizedTest
  @CsvSource({
    "0202 2f61 0101 0202 3f62 00 0201 7a, /a?b",
    "0200 0201 2f, /",
    "0702 ffff 0201 2f, /",
    "0205 2f61, ''",
    "02, ''",
    "00 0201 2f, ''",
  })
  void optionsAreReadAsBep41Says(String options, String urlData) throws MalformedMessage {
    assertThat(UdpRequest.decode(bytes(ANNOUNCE_HEX + options))).isEqualTo(announce(urlData));
  }

  @Test
  void aScrapeAsksForOneToSeventyFourSwarms() throws MalformedMessage {
    List<InfoHash> most = Collections.nCopies(UdpRequest.MAX_HASHES, HASH);
    var scrape = new UdpRequest.Scrape(1, 2, most);
    assertThat(scrape.encode()).hasSize(16 + 20 * 74);
    assertThat(UdpRequest.decode(scrape.encode())).isEqualTo(scrape);
    List<InfoHash> tooMany = Collections.nCopies(UdpRequest.MAX_HASHES + 1, HASH);
    assertThatIllegalArgumentException().isThrownBy(() -> new UdpRequest.Scrape(1, 2, tooMany));
    assertThatIllegalArgumentException().isThrownBy(() -> new UdpRequest.Scrape(1, 2, List.of()));
    assertThatThrownBy(() -> UdpRequest.decode(bytes("0000000000000001 00000002 00000000 aa")))
        .hasMessage("the request scrapes no swarm");
  }

  @Seeds(40)
  void hostileDatagramsAreReadOrMalformedAndNothingElse(long seed) {
    var samples = new ArrayList<byte[]>();
    requests().forEach(it -> samples.add(bytes((String) it[0])));
    responses().forEach(it -> samples.add(bytes((String) it[0])));
    Hostile.mutations(new Random(seed), samples, 200)
        .forEach(
            datagram -> {
              readOrRefused(() -> UdpRequest.decode(datagram).encode());
              readOrRefused(() -> UdpResponse.decode(datagram, Family.V4).encode());
              readOrRefused(() -> UdpResponse.decode(datagram, Family.V6).encode());
            });
  }

  private interface Reading {
    Object read() throws MalformedMessage;
  }

  private static void readOrRefused(Reading reading) {
    try {
      assertThat(reading.read()).isNotNull();
    } catch (MalformedMessage expected) {
      assertThat(expected).hasMessageMatching("the (request|tracker's answer) .*");
    }
  }
}
