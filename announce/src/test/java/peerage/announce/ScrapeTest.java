package peerage.announce;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import peerage.bencode.MalformedMessage;
import peerage.peers.InfoHash;
import peerage.testkit.Hostile;
import peerage.testkit.Seeds;

final class ScrapeTest {
  private static final InfoHash X = InfoHash.of("x".repeat(20).getBytes(ISO_8859_1));
  private static final InfoHash Y = InfoHash.of("y".repeat(20).getBytes(ISO_8859_1));

  /// The example of BEP 48.
  private static final String EXAMPLE =
      "d5:filesd20:xxxxxxxxxxxxxxxxxxxxd8:completei11e10:downloadedi13772e10:incompletei19ee"
          + "20:yyyyyyyyyyyyyyyyyyyyd8:completei21e10:downloadedi206e10:incompletei20eeee";

  @ParameterizedTest
  @CsvSource({
    "http://t.example/announce, http://t.example/scrape",
    "http://t.example/x/announce, http://t.example/x/scrape",
    "http://t.example/announce.php, http://t.example/scrape.php",
    "http://t.example/announce?x=2%0644, http://t.example/scrape?x=2%0644",
    "http://t.example/announce?x=2/4, http://t.example/scrape?x=2/4",
    "http://announce.example/announce/announce, http://announce.example/announce/scrape",
    "https://t.example/key/announce#part, https://t.example/key/scrape#part",
  })
  void theScrapeUrlIsTheAnnounceUrlWithAnotherWord(String announce, String scrape) {
    assertThat(ScrapeRequest.url(announce)).contains(scrape);
  }

  @ParameterizedTest
  @CsvSource({
    "http://t.example/a",
    "http://announce.example",
    "http://announce.example/",
    "http://t.example/a?announce"
  })
  void aTrackerWithoutTheWordInItsPathCannotBeScraped(String announce) {
    assertThat(ScrapeRequest.url(announce)).isEmpty();
  }

  @Test
  void severalSwarmsAreAskedForAtOnce() throws MalformedMessage {
    var request = new ScrapeRequest(List.of(X, Y));
    assertThat(request.query())
        .isEqualTo("info_hash=" + "x".repeat(20) + "&info_hash=" + "y".repeat(20));
    assertThat(ScrapeRequest.parse(request.query())).isEqualTo(request);
    var most = new ScrapeRequest(Collections.nCopies(ScrapeRequest.MAX_HASHES, X));
    assertThat(ScrapeRequest.parse(most.query())).isEqualTo(most);
  }

  @ParameterizedTest
  @CsvSource({"''", "info_hash=x", "info_hash=%zz", "x=y"})
  void aQueryWithoutSwarmsIsRefused(String query) {
    assertThatThrownBy(() -> ScrapeRequest.parse(query)).isInstanceOf(MalformedMessage.class);
  }

  @Test
  void theExampleOfTheSpecificationIsReadAndWritten() throws MalformedMessage {
    var figures = new LinkedHashMap<InfoHash, SwarmFigures>();
    figures.put(X, new SwarmFigures(11, 13_772, 19));
    figures.put(Y, new SwarmFigures(21, 206, 20));
    var response = new ScrapeResponse.Figures(figures, Optional.empty());
    assertThat(ScrapeResponse.decode(EXAMPLE.getBytes(ISO_8859_1))).isEqualTo(response);
    assertThat(response.encode()).asString().isEqualTo(EXAMPLE);
  }

  @Test
  void theMinRequestIntervalIsInTheFlags() throws MalformedMessage {
    String body = "d5:filesde5:flagsd20:min_request_intervali900eee";
    var response =
        new ScrapeResponse.Figures(new LinkedHashMap<>(), Optional.of(Duration.ofMinutes(15)));
    assertThat(ScrapeResponse.decode(body.getBytes(ISO_8859_1))).isEqualTo(response);
    assertThat(response.encode()).asString().isEqualTo(body);
  }

  @Test
  void aRefusalIsFitToShow() throws MalformedMessage {
    assertThat(ScrapeResponse.decode("d14:failure reason4:no\u001b!e".getBytes(ISO_8859_1)))
        .isEqualTo(new ScrapeResponse.Refused("no?!"));
  }

  @ParameterizedTest
  @CsvSource({"''", "<html>", "de", "d5:files2:xxe"})
  void whatIsNoAnswerIsMalformed(String body) {
    assertThatThrownBy(() -> ScrapeResponse.decode(body.getBytes(ISO_8859_1)))
        .isInstanceOf(MalformedMessage.class)
        .hasMessageStartingWith("the tracker's answer");
  }

  @Seeds(30)
  void hostileAnswersAreReadOrMalformedAndNothingElse(long seed) {
    Hostile.mutations(new Random(seed), List.of(EXAMPLE.getBytes(ISO_8859_1)), 200)
        .forEach(
            body -> {
              try {
                assertThat(ScrapeResponse.decode(body)).isNotNull();
              } catch (MalformedMessage expected) {
                assertThat(expected).hasMessageStartingWith("the tracker's answer");
              }
            });
  }
}
