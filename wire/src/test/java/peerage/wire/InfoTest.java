package peerage.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import peerage.bencode.MalformedMessage;

/// The `info` dictionary alone, as peers send it.
final class InfoTest {
  private static final byte[] HASHES =
      "0123456789abcdefghijABCDEFGHIJKLMNOPQRST".getBytes(StandardCharsets.US_ASCII);

  private static byte[] torrent() {
    return MetainfoBuilder.ofFile("name", 40_000)
        .pieces(32_768, HASHES)
        .tier(List.of("http://t.example/announce"))
        .encode();
  }

  private static byte[] info(Metainfo torrent) {
    ByteBuffer view = torrent.info();
    byte[] bytes = new byte[view.remaining()];
    view.get(bytes);
    return bytes;
  }

  @Test
  void theTorrentOfTheInfoBytesIsThatOfTheFile() throws MalformedMessage {
    Metainfo whole = Metainfo.parse(torrent());
    Metainfo read = Metainfo.ofInfo(info(whole), List.of(List.of("udp://m.example:1")));
    assertThat(read.infoHash()).isEqualTo(whole.infoHash());
    assertThat(Metainfo.infoHashOf(info(whole))).isEqualTo(whole.infoHash());
    assertThat(read.files()).isEqualTo(whole.files());
    assertThat(read.trackers()).containsExactly(List.of("udp://m.example:1"));
    assertThat(read.pieceHash(0))
        .asString(StandardCharsets.US_ASCII)
        .isEqualTo("0123456789abcdefghij");
    assertThat(read.pieceHash(1))
        .asString(StandardCharsets.US_ASCII)
        .isEqualTo("ABCDEFGHIJKLMNOPQRST");
  }

  @Test
  void theBytesAreThoseOfTheFileWithKeysThatWeDoNotKnow() throws MalformedMessage {
    String odd =
        "d4:infod6:lengthi40000e1:zi7e4:name4:name12:piece lengthi32768e6:pieces40:"
            + new String(HASHES, StandardCharsets.US_ASCII)
            + "1:a2:xxee";
    Metainfo read = Metainfo.parse(odd.getBytes(StandardCharsets.US_ASCII));
    assertThat(info(read))
        .asString(StandardCharsets.US_ASCII)
        .isEqualTo(odd.substring(7, odd.length() - 1));
    assertThat(read.pieceHash(1))
        .asString(StandardCharsets.US_ASCII)
        .isEqualTo("ABCDEFGHIJKLMNOPQRST");
  }

  @Test
  void whatIsNoInfoDictionaryIsRefused() {
    assertThatExceptionOfType(MalformedMessage.class)
        .isThrownBy(() -> Metainfo.ofInfo("i1e".getBytes(StandardCharsets.US_ASCII), List.of()));
    assertThatExceptionOfType(MalformedMessage.class)
        .isThrownBy(() -> Metainfo.ofInfo("de".getBytes(StandardCharsets.US_ASCII), List.of()))
        .withMessageContaining("cannot be used");
  }
}
