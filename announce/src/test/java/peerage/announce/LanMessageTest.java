package peerage.announce;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import peerage.bencode.MalformedMessage;
import peerage.peers.Family;
import peerage.peers.InfoHash;
import peerage.testkit.Hostile;
import peerage.testkit.Seeds;

final class LanMessageTest {
  private static final InfoHash ONE = InfoHash.parse("aa".repeat(20));
  private static final InfoHash TWO = InfoHash.parse("bb".repeat(20));
  private static final LanMessage MESSAGE =
      new LanMessage(6881, List.of(ONE, TWO), Optional.of("c00kie"));

  @Test
  void theDatagramIsAsBep14FormatsIt() {
    assertThat(new String(MESSAGE.encode(Family.V4), ISO_8859_1))
        .isEqualTo(
            "BT-SEARCH * HTTP/1.1\r\nHost: 239.192.152.143:6771\r\nPort: 6881\r\n"
                + ("Infohash: " + ONE + "\r\nInfohash: " + TWO + "\r\n")
                + "cookie: c00kie\r\n\r\n\r\n");
    assertThat(new String(MESSAGE.encode(Family.V6), ISO_8859_1))
        .contains("\r\nHost: [ff15::efc0:988f]:6771\r\n");
  }

  @Test
  void whatIsWrittenIsReadBack() throws MalformedMessage {
    assertThat(LanMessage.decode(MESSAGE.encode(Family.V4))).isEqualTo(MESSAGE);
    assertThat(LanMessage.decode(MESSAGE.encode(Family.V6))).isEqualTo(MESSAGE);
  }

  @Test
  void theFullestDatagramKeepsToTheLimit() {
    List<InfoHash> most =
        IntStream.range(0, LanMessage.MAX_HASHES)
            .mapToObj(i -> InfoHash.parse("%040x".formatted(i)))
            .toList();
    var message = new LanMessage(65_535, most, Optional.of("c".repeat(LanMessage.MAX_COOKIE)));
    assertThat(message.encode(Family.V6).length).isBetween(1_300, LanMessage.MAX_BYTES);
  }

  @Test
  void whatOthersWriteDifferentlyIsRead() throws MalformedMessage {
    String text =
        "bt-search * http/1.0\nHOST: x\nX-New: y\nport:6881\nno colon\nINFOHASH: "
            + "AA".repeat(20)
            + "\nInfohash: "
            + "cc".repeat(32)
            + "\nInfohash: "
            + ONE
            + "\n\n";
    assertThat(LanMessage.decode(text.getBytes(ISO_8859_1)))
        .isEqualTo(new LanMessage(6881, List.of(ONE), Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "BT-SEARCH * HTTP/1.1\r\n\r\n\r\n",
        "BT-SEARCH * HTTP/1.1\r\nPort: 6881\r\n\r\n\r\n",
        "BT-SEARCH * HTTP/1.1\r\nInfohash: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n\r\n\r\n",
        "BT-SEARCH * HTTP/1.1\r\nPort: 0\r\nInfohash: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n",
        "BT-SEARCH * HTTP/1.1\r\nPort: 99999\r\nInfohash: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "M-SEARCH * HTTP/1.1\r\nPort: 6881\r\nInfohash: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
      })
  void whatIsNoAnnounceIsMalformed(String text) {
    assertThatThrownBy(() -> LanMessage.decode(text.getBytes(ISO_8859_1)))
        .isInstanceOf(MalformedMessage.class)
        .hasMessageStartingWith("the local announce");
  }

  @Test
  void whatIsOutOfBoundsIsNotWritten() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LanMessage(0, List.of(ONE), Optional.empty()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LanMessage(1, List.of(), Optional.empty()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LanMessage(1, List.of(ONE), Optional.of("a\r\nb")));
  }

  @Seeds(40)
  void hostileDatagramsAreReadOrMalformedAndNothingElse(long seed) {
    Hostile.mutations(new Random(seed), List.of(MESSAGE.encode(Family.V4)), 200)
        .forEach(
            datagram -> {
              try {
                assertThat(LanMessage.decode(datagram).infoHashes()).isNotEmpty();
              } catch (MalformedMessage expected) {
                assertThat(expected).hasMessageStartingWith("the local announce");
              }
            });
  }
}
