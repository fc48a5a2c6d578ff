package peerage.announce;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import peerage.bencode.MalformedMessage;
import peerage.peers.InfoHash;
import peerage.peers.PeerId;
import peerage.testkit.Hostile;
import peerage.testkit.Seeds;

final class AnnounceRequestTest {
  private static final InfoHash HASH = InfoHash.parse("005b5d2b20257e2d5f2e41617a30399fff26233d");
  private static final PeerId ID = PeerId.of("-PG0100-[a] +&=#%..!".getBytes(ISO_8859_1));
  private static final String GOLDEN =
      "info_hash=%00%5B%5D%2B%20%25~-_.Aaz09%9F%FF%26%23%3D"
          + "&peer_id=-PG0100-%5Ba%5D%20%2B%26%3D%23%25..%21"
          + "&port=6881&uploaded=1&downloaded=2&left=3&compact=1&numwant=200&key=0000BEEF"
          + "&event=started&trackerid=a%2Fb%FF";

  private static AnnounceRequest request() {
    return new AnnounceRequest(
        HASH,
        ID,
        6881,
        new Progress(1, 2, 3),
        Optional.of(AnnounceEvent.STARTED),
        200,
        Optional.of("a/bÿ"),
        0xBEEF);
  }

  @Test
  void everyByteButTheUnreservedOnesIsEscapedInUpperCase() {
    assertThat(request().query()).isEqualTo(GOLDEN);
    byte[] all = new byte[256];
    IntStream.range(0, 256).forEach(i -> all[i] = (byte) i);
    assertThat(Percent.encode(all).replaceAll("%[0-9A-F]{2}", ""))
        .isEqualTo("-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~");
  }

  @Test
  void aRegularAnnounceSaysNeitherEventNorTrackerId() {
    var request =
        new AnnounceRequest(
            HASH, ID, 1, new Progress(0, 0, 0), Optional.empty(), 0, Optional.empty(), -1);
    assertThat(request.query())
        .endsWith("&port=1&uploaded=0&downloaded=0&left=0&compact=1" + "&numwant=0&key=FFFFFFFF");
  }

  @ParameterizedTest
  @CsvSource({
    "http://t.example/announce, http://t.example/announce?",
    "http://t.example/announce?passkey=s3cret, http://t.example/announce?passkey=s3cret&",
    "http://t.example/announce?, http://t.example/announce?",
    "http://t.example/a?b&, http://t.example/a?b&",
    "http://t.example/a#part, http://t.example/a?",
    "https://t.example:8443/p4ss/announce, https://t.example:8443/p4ss/announce?",
  })
  void theQueryJoinsTheUrlWhereItEnds(String announceUrl, String front) {
    assertThat(request().uri(announceUrl)).asString().isEqualTo(front + GOLDEN);
  }

  @Test
  void aQueryIsReadBack() throws MalformedMessage {
    assertThat(AnnounceRequest.parse(GOLDEN)).isEqualTo(request());
  }

  @Seeds(200)
  void whateverIsWrittenIsReadBackTheSame(long seed) throws MalformedMessage {
    AnnounceRequest request = anyRequest(new Random(seed));
    assertThat(AnnounceRequest.parse(request.query())).isEqualTo(request);
    assertThat(AnnounceRequest.parse(request.uri("http://t.example/?k=1").getRawQuery()))
        .isEqualTo(request);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          info_hash=%00%5B         | info_hash=%00                | info_hash has 19 bytes, not 20
          info_hash=               | xinfo_hash=                  | info_hash is missing
          peer_id=-PG              | peer_id=0-PG                 | peer_id has 21 bytes, not 20
          port=6881                | port=0                       | port is not 1 to 65535
          port=6881                | port=65536                   | port is not 1 to 65535
          port=6881                | port=                        | port is no number from 0 up
          left=3                   | left=-1                      | left is no number from 0 up
          left=3                   | left=9223372036854775808     | left is no number from 0 up
          &left=3                  | &lef=3                       | left is missing
          uploaded=1               | uploaded=1x                  | uploaded is no number from 0 up
          numwant=200              | numwant=many                 | numwant is no number from 0 up
          event=started            | event=%                      | the query holds a '%' without two hex digits behind it
          event=started            | event=%+1                    | the query holds a '%' without two hex digits behind it
          event=started            | event=☃                      | the query holds a character that is no byte
          """)
  void aWrongQueryIsRefusedWithASentence(String right, String wrong, String sentence) {
    assertThat(GOLDEN).contains(right);
    assertThatThrownBy(() -> AnnounceRequest.parse(GOLDEN.replace(right, wrong)))
        .isInstanceOf(MalformedMessage.class)
        .hasMessage(sentence);
  }

  @Test
  void anEndlessQueryIsRefusedUnread() {
    String longest = GOLDEN + "&x=" + "y".repeat(AnnounceRequest.MAX_QUERY - GOLDEN.length() - 3);
    assertThat(longest).satisfies(AnnounceRequest::parse);
    assertThatThrownBy(() -> AnnounceRequest.parse(longest + "y"))
        .isInstanceOf(MalformedMessage.class)
        .hasMessage("the query is longer than 4096 characters");
  }

  @Test
  void whatOtherClientsSayIsTakenLeniently() throws MalformedMessage {
    assertThat(parse("numwant=200", "numwant=-1").numWant()).isEqualTo(50);
    assertThat(parse("&numwant=200", "").numWant()).isEqualTo(50);
    assertThat(parse("numwant=200", "numwant=99999").numWant()).isEqualTo(2000);
    assertThat(parse("event=started", "event=paused").event()).isEmpty();
    assertThat(parse("event=started", "event=").event()).isEmpty();
    assertThat(parse("event=started", "event=stopped").event()).contains(AnnounceEvent.STOPPED);
    assertThat(parse("key=0000BEEF", "key=beef").key()).isEqualTo(0xBEEF);
    assertThat(parse("&key=0000BEEF", "").key()).isZero();
    assertThat(parse("%20%2B%26", "+%2b%26").peerId()).isEqualTo(ID);
    assertThat(parse("&port=6881", "&ip=10.0.0.1&&=&port=6881&port=7")).isEqualTo(request());
  }

  @Test
  void aKeyOfAnotherShapeStillTellsClientsApart() throws MalformedMessage {
    int key = parse("key=0000BEEF", "key=qX7zPw01").key();
    assertThat(parse("key=0000BEEF", "key=qX7zPw01").key()).isEqualTo(key);
    assertThat(parse("key=0000BEEF", "key=qX7zPw02").key()).isNotEqualTo(key);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 65536})
  void aPortOutOfBoundsIsOurOwnMistake(int port) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new AnnounceRequest(
                    HASH,
                    ID,
                    port,
                    new Progress(0, 0, 0),
                    Optional.empty(),
                    0,
                    Optional.empty(),
                    0));
  }

  @Seeds(20)
  void hostileQueriesAreReadOrRefusedAndNothingElse(long seed) {
    Hostile.mutations(new Random(seed), List.of(GOLDEN.getBytes(ISO_8859_1)), 300)
        .map(bytes -> new String(bytes, ISO_8859_1))
        .forEach(
            query -> {
              try {
                AnnounceRequest read = AnnounceRequest.parse(query);
                assertThat(AnnounceRequest.parse(read.query())).isEqualTo(read);
              } catch (MalformedMessage e) {
                assertThat(e).message().hasSizeLessThan(100).matches("\\p{Print}+");
              }
            });
  }

  private static AnnounceRequest parse(String right, String other) throws MalformedMessage {
    assertThat(GOLDEN).contains(right);
    return AnnounceRequest.parse(GOLDEN.replace(right, other));
  }

  private static AnnounceRequest anyRequest(RandomGenerator random) {
    byte[] hash = new byte[20];
    byte[] id = new byte[20];
    byte[] trackerId = new byte[random.nextInt(AnnounceRequest.MAX_TRACKER_ID)];
    random.nextBytes(hash);
    random.nextBytes(id);
    random.nextBytes(trackerId);
    AnnounceEvent[] events = AnnounceEvent.values();
    int event = random.nextInt(events.length + 1);
    return new AnnounceRequest(
        InfoHash.of(hash),
        PeerId.of(id),
        random.nextInt(1, 65536),
        new Progress(random.nextLong(1L << 50), random.nextLong(1L << 50), random.nextLong(9)),
        event == events.length ? Optional.empty() : Optional.of(events[event]),
        random.nextInt(AnnounceRequest.MAX_NUM_WANT + 1),
        random.nextBoolean() ? Optional.of(new String(trackerId, ISO_8859_1)) : Optional.empty(),
        random.nextInt());
  }
}
