package peerage.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import peerage.bencode.BencodeLimits;
import peerage.bencode.BencodeReader;
import peerage.bencode.MalformedMessage;
import peerage.testkit.Hostile;
import peerage.testkit.Seeds;

final class MetainfoBuilderTest {
  private static final byte[] HASHES = "0123456789abcdefghij".getBytes(ISO_8859_1);

  @Test
  void aSingleFileIsWrittenInCanonicalForm() {
    byte[] torrent =
        MetainfoBuilder.ofFile("a.txt", 5)
            .pieces(16384, HASHES)
            .tier(List.of("http://a"))
            .comment("c")
            .createdBy("p")
            .creationDate(7)
            .source("s")
            .markPrivate()
            .encode();
    assertThat(torrent)
        .asString(ISO_8859_1)
        .isEqualTo(
            "d8:announce8:http://a7:comment1:c10:created by1:p13:creation datei7e"
                + "4:infod6:lengthi5e4:name5:a.txt12:piece lengthi16384e"
                + "6:pieces20:0123456789abcdefghij7:privatei1e6:source1:see");
  }

  @Test
  void aFolderIsWrittenInCanonicalForm() {
    byte[] torrent =
        MetainfoBuilder.ofFolder("top")
            .file(List.of("b"), 3)
            .file(List.of("sub", "a"), 2)
            .pieces(16384, HASHES)
            .tier(List.of("http://a", "http://b"))
            .tier(List.of())
            .tier(List.of("http://c"))
            .encode();
    assertThat(torrent)
        .asString(ISO_8859_1)
        .isEqualTo(
            "d8:announce8:http://a13:announce-listll8:http://a8:http://bel8:http://cee"
                + "4:infod5:filesld6:lengthi3e4:pathl1:beed6:lengthi2e4:pathl3:sub1:aeee"
                + "4:name3:top12:piece lengthi16384e6:pieces20:0123456789abcdefghijee");
  }

  @Test
  void nodesOfTheDhtAreWritten() throws MalformedMessage {
    byte[] torrent =
        MetainfoBuilder.ofFile("a", 5)
            .pieces(16384, HASHES)
            .node("router.example", 6881)
            .node("2001:db8::1", 7)
            .encode();
    assertThat(torrent)
        .asString(ISO_8859_1)
        .endsWith("5:nodesll14:router.examplei6881eel11:2001:db8::1i7eeee");
    assertThat(Metainfo.parse(torrent).nodes())
        .containsExactly("router.example:6881", "[2001:db8::1]:7");
  }

  @Test
  void encodingTwiceGivesTheSameBytes() {
    MetainfoBuilder builder =
        MetainfoBuilder.ofFolder("top").file(List.of("b"), 3).pieces(16384, HASHES);
    assertThat(builder.encode()).isEqualTo(builder.encode());
  }

  @Test
  void whatWeWouldRefuseToReadIsNotWritten() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MetainfoBuilder.ofFile("..", 5).pieces(16384, HASHES).encode())
        .withMessageContaining("only dots");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MetainfoBuilder.ofFile("a", 5).pieces(5, HASHES).encode())
        .withMessageContaining("piece length");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MetainfoBuilder.ofFile("a", 99999).pieces(16384, HASHES).encode())
        .withMessageContaining("needs 7 piece hashes and has 1");
    assertThatIllegalArgumentException().isThrownBy(() -> MetainfoBuilder.ofFile("a", 5).encode());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MetainfoBuilder.ofFolder("a").pieces(16384, HASHES).encode());
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                MetainfoBuilder.ofFile("a", 5).file(List.of("b"), 5).pieces(16384, HASHES).encode())
        .withMessageContaining("both a length and files");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 16384",
    "1, 16384",
    "32768000, 16384", // 2,000 pieces
    "32768001, 32768",
    "65536000, 32768",
    "1073741824, 1048576",
    "4294967296, 4194304",
    "33554432000, 16777216",
    "33554432001, 16777216",
    "9223372036854775807, 16777216",
  })
  void aDefaultPieceLengthMakesOneToTwoThousandPieces(long total, int length) {
    assertThat(MetainfoBuilder.defaultPieceLength(total)).isEqualTo(length);
  }

  @Seeds(50)
  void whatIsWrittenIsReadBack(long seed) throws MalformedMessage {
    var random = new SplittableRandom(seed);
    byte[] bytes =
        Torrents.random(random).tier(List.of("http://a", "udp://b")).comment("c").encode();
    Metainfo torrent = Metainfo.parse(bytes);
    assertThat(torrent.trackers()).containsExactly(List.of("http://a", "udp://b"));
    assertThat(torrent.comment()).contains("c");
    assertSound(torrent);
    var strict = BencodeReader.strict(BencodeLimits.TORRENT);
    assertThat(strict.read(ByteBuffer.wrap(bytes)).encode()).isEqualTo(bytes);
  }

  @Seeds(30)
  void hostileBytesAreASoundTorrentOrMalformed(long seed) {
    var random = new SplittableRandom(seed);
    List<byte[]> samples =
        Stream.generate(
                () -> Torrents.random(random).tier(List.of("http://a")).comment("c").encode())
            .limit(5)
            .toList();
    Hostile.mutations(random, samples, 200).forEach(MetainfoBuilderTest::survive);
  }

  private static void survive(byte[] bytes) {
    try {
      assertSound(Metainfo.parse(bytes));
    } catch (MalformedMessage e) {
      assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(600);
    }
  }

  /// Files and pieces cover the same bytes without a gap, and no path leads up.
  private static void assertSound(Metainfo torrent) {
    long offset = 0;
    for (TorrentFile file : torrent.files()) {
      assertThat(file.offset()).isEqualTo(offset);
      assertThat(file.path()).noneMatch(name -> name.isBlank() || name.equals(".."));
      assertThat(file.toString()).doesNotContain("\\", "\0", "//").doesNotStartWith("/");
      offset += file.length();
    }
    long pieces = 0;
    for (int i = 0; i < torrent.pieceCount(); i++) {
      assertThat(torrent.pieceLength(i)).isBetween(1, torrent.pieceLength());
      assertThat(torrent.pieceHash(i)).hasSize(20);
      pieces += torrent.pieceLength(i);
    }
    assertThat(torrent.totalLength()).isEqualTo(offset).isEqualTo(pieces);
  }
}
