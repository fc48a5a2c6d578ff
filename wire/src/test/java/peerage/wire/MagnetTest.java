package peerage.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import peerage.bencode.MalformedMessage;
import peerage.testkit.Hostile;
import peerage.testkit.Seeds;

final class MagnetTest {
  private static final String HEX = "c9e15763f722f23e98a29decdfae341b98d53056";
  private static final String BASE32 = "ZHQVOY7XELZD5GFCTXWN7LRUDOMNKMCW";
  private static final String LINK = "magnet:?xt=urn:btih:" + HEX;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "magnet:?xt=urn:btih:" + HEX,
        "MAGNET:?XT=URN:BTIH:C9E15763F722F23E98A29DECDFAE341B98D53056",
        "magnet:?xt=urn:btih:" + BASE32,
        "magnet:?xt=urn:btih:zhqvoy7xelzd5gfctxwn7lrudomnkmcw",
        "magnet:?dn=x&xt.1=urn:btih:" + HEX,
        "  magnet:?dn=x&amp;xt=urn%3Abtih%3A" + HEX + "\n",
        "magnet:xt=urn:btih:" + HEX
      })
  void theInfoHashIsReadInEveryFormOfTheField(String link) throws MalformedMessage {
    assertThat(Magnet.parse(link).infoHash()).hasToString(HEX);
  }

  @Test
  void aHybridIsTakenByItsFirstVersion() throws MalformedMessage {
    String hybrid = "magnet:?xt=urn:btmh:1220" + "ab".repeat(32) + "&xt=urn:btih:" + HEX;
    assertThat(Magnet.parse(hybrid).infoHash()).hasToString(HEX);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          magnet:?xt=urn:btmh:1220SHA256         | version 2 only
          magnet:?dn=x                           | no topic
          magnet:?xt=urn:sha1:YNCKHTQCWBTRNJIV   | is no torrent
          magnet:?xt=urn:btih:123                | neither 40 hex digits nor 32 characters of base32
          magnet:                                | no topic
          http://example.org/                    | does not begin with magnet:
          """)
  void whatNamesNoTorrentIsRefusedInOneSentence(String link, String why) {
    assertThatExceptionOfType(MalformedMessage.class)
        .isThrownBy(() -> Magnet.parse(link.replace("SHA256", "ab".repeat(32))))
        .withMessageContaining(why)
        .withMessageStartingWith("the magnet link cannot be used: ");
  }

  @Test
  void whatHelpsToFindTheSwarmIsRead() throws MalformedMessage {
    Magnet magnet =
        Magnet.parse(
            LINK
                + "&dn=Debian+13%20%C3%A9&xl=1234&tr=http%3A%2F%2Fa.example%2Fann%3Fx%3D1%2B2"
                + "&tr.1=udp://b.example:6969&x.pe=1.2.3.4:5&x.pe=[2001:db8::1]:6&x.pe=peer.example:7"
                + "&x.pe=%5B%3A%3A1%5D%3A8&ws=http://w.example/+&as=1&foo");
    assertThat(magnet.name()).contains("Debian 13 é");
    assertThat(magnet.length()).isEqualTo(OptionalLong.of(1234));
    assertThat(magnet.trackers())
        .containsExactly(List.of("http://a.example/ann?x=1+2"), List.of("udp://b.example:6969"));
    assertThat(magnet.peers()).hasToString("[1.2.3.4:5, [2001:db8::1]:6, peer.example:7, [::1]:8]");
    assertThat(magnet.peers().get(1).numeric()).isPresent();
    assertThat(magnet.peers().get(2).numeric()).isEmpty();
    assertThat(magnet.webSeeds()).containsExactly("http://w.example/+");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x.pe=1.2.3.4",
        "x.pe=:5",
        "x.pe=1.2.3.4:0",
        "x.pe=1.2.3.4:65536",
        "x.pe=[::g]:5",
        "x.pe=a b:5",
        "x.pe=::1:5",
        "x.pe=a/b:5",
        "tr=no-url",
        "tr=http://a b",
        "ws=",
        "xl=-1",
        "xl=99999999999999999999",
        "so=5-3",
        "so=x",
        "so=-",
        "dn=%20+"
      })
  void whatMakesNoSenseIsLeftOut(String part) throws MalformedMessage {
    assertThat(Magnet.parse(LINK + "&" + part)).isEqualTo(Magnet.parse(LINK));
  }

  @Test
  void bep53ChoosesFilesFromZeroWithBothEnds() throws MalformedMessage {
    Magnet magnet = Magnet.parse(LINK + "&so=0,2,4,6-8");
    assertThat(IntStream.range(0, 10).filter(magnet::selects)).containsExactly(0, 2, 4, 6, 7, 8);
    assertThat(Magnet.parse(LINK).selects(3)).isTrue();
  }

  @Test
  void aNameIsFitForATerminal() throws MalformedMessage {
    assertThat(Magnet.parse(LINK + "&dn=a%1B%5B2Jb%E2%80%AEc%zz").name()).contains("a?[2Jb?c%zz");
  }

  @Test
  void whatIsPrintedIsReadAgainAsTheSame() throws MalformedMessage {
    String link =
        LINK
            + "&dn=a%26b%20%C3%A9&xl=7&tr=http%3A%2F%2Ft.example%2Fa%3Fb%3Dc%26d"
            + "&x.pe=1.2.3.4:5&x.pe=[2001:db8::1]:6&ws=http%3A%2F%2Fw.example%2F&so=0,3-5";
    assertThat(Magnet.parse(link)).hasToString(link);
    assertThat(Magnet.parse(Magnet.parse(link).toString())).isEqualTo(Magnet.parse(link));
  }

  @Test
  void everythingIsBounded() throws MalformedMessage {
    var link = new StringBuilder(LINK).append("&so=");
    IntStream.range(0, 2_000).forEach(i -> link.append(2 * i).append(','));
    for (int i = 0; i < 300; i++) {
      link.append("&tr=http://t").append(i).append("/&x.pe=h").append(i).append(":1");
      link.append("&ws=http://w").append(i).append('/');
    }
    link.append("&dn=").append("n".repeat(1_000));
    Magnet magnet = Magnet.parse(link.toString());
    assertThat(magnet.trackers()).hasSize(Metainfo.MAX_TRACKERS);
    assertThat(magnet.peers()).hasSize(Magnet.MAX_PEERS);
    assertThat(magnet.webSeeds()).hasSize(Magnet.MAX_WEB_SEEDS);
    assertThat(magnet.select()).hasSize(Magnet.MAX_RANGES);
    assertThat(magnet.name().orElseThrow()).hasSize(Magnet.MAX_NAME);
    assertThatExceptionOfType(MalformedMessage.class)
        .isThrownBy(() -> Magnet.parse(LINK + "&x=" + "y".repeat(Magnet.MAX_LENGTH)))
        .withMessageContaining("longer than");
  }

  @Seeds(20)
  void hostileLinksAreReadOrRefusedAndNothingElse(long seed) {
    List<byte[]> samples =
        List.of(
            (LINK + "&dn=a+%41%zz&tr=http%3A%2F%2Ft%2F&x.pe=[::1]:5&so=1,2-3&xl=5")
                .getBytes(StandardCharsets.UTF_8),
            ("magnet:?xt=urn:btih:" + BASE32 + "&x.pe=host:1&amp;ws=http://w/")
                .getBytes(StandardCharsets.UTF_8));
    Hostile.mutations(new SplittableRandom(seed), samples, 300)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .forEach(MagnetTest::survive);
  }

  private static void survive(String link) {
    try {
      Magnet magnet = Magnet.parse(link);
      assertThat(Magnet.parse(magnet.toString())).isEqualTo(magnet);
    } catch (MalformedMessage e) {
      assertThat(e).hasMessageStartingWith("the magnet link cannot be used: ");
    }
  }
}
