package peerage.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static peerage.wire.Torrents.file;
import static peerage.wire.Torrents.folder;
import static peerage.wire.Torrents.parse;
import static peerage.wire.Torrents.single;

import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import peerage.bencode.Bencoded;
import peerage.bencode.MalformedMessage;
import peerage.wire.TorrentFile.Kind;

final class MetainfoTest {
  private static final String HASHES = "0123456789abcdefghij".repeat(3);
  private static final String INFO =
      "d6:lengthi2049e4:name5:a.txt12:piece lengthi1024e6:pieces60:" + HASHES + "e";

  /// By `sha1sum` over [#INFO].
  private static final String INFO_HASH = "b4cf0d6cd6ba59a33d850432d4d2632a9f29a58b";

  @Test
  void aSingleFileIsOneFileWithoutAFolder() throws MalformedMessage {
    Metainfo torrent = read("d4:info" + INFO + "e");
    assertThat(torrent.name()).isEqualTo("a.txt");
    assertThat(torrent.isSingleFile()).isTrue();
    assertThat(torrent.totalLength()).isEqualTo(2049);
    assertThat(torrent.pieceCount()).isEqualTo(3);
    assertThat(torrent.pieceLength()).isEqualTo(1024);
    assertThat(torrent.files())
        .containsExactly(new TorrentFile(List.of("a.txt"), 0, 2049, Kind.DATA));
    assertThat(torrent.isPrivate()).isFalse();
    assertThat(torrent.trackers()).isEmpty();
    assertThat(torrent.comment()).isEmpty();
    assertThat(torrent.createdBy()).isEmpty();
    assertThat(torrent.creationDate()).isEmpty();
    assertThat(torrent).hasToString("a.txt (" + INFO_HASH + ")");
  }

  @Test
  void theLastPieceMayBeShorter() throws MalformedMessage {
    Metainfo torrent = read("d4:info" + INFO + "e");
    assertThat(torrent.pieceLength(0)).isEqualTo(1024);
    assertThat(torrent.pieceLength(1)).isEqualTo(1024);
    assertThat(torrent.pieceLength(2)).isEqualTo(1);
    assertThat(parse(single().put("length", 3072)).pieceLength(2)).isEqualTo(1024);
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> torrent.pieceLength(3));
  }

  @Test
  void everyPieceHasItsHash() throws MalformedMessage {
    byte[] hashes = new byte[60];
    hashes[20] = 7;
    hashes[39] = 8;
    Metainfo torrent = parse(single().put("pieces", hashes));
    assertThat(torrent.pieceHash(0)).isEqualTo(new byte[20]);
    assertThat(torrent.pieceHash(1)).hasSize(20).startsWith(7).endsWith(8);
    torrent.pieceHash(1)[0] = 0;
    assertThat(torrent.pieceHash(1)).startsWith(7);
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> torrent.pieceHash(3));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> torrent.pieceHash(-1));
  }

  @Test
  void theInfoHashIsOverTheBytesAsTheyStand() throws MalformedMessage {
    String unsorted =
        "d4:name5:a.txt6:lengthi02049e12:piece lengthi1024e6:pieces60:" + HASHES + "e";
    Metainfo torrent = read("d4:info" + unsorted + "8:announce6:http:xe");
    assertThat(torrent.infoHash().bytes())
        .isEqualTo(AllowedFast.sha1(unsorted.getBytes(ISO_8859_1)));
    assertThat(torrent.trackers()).containsExactly(List.of("http:x"));
  }

  @Test
  void filesLieOneBehindTheOther() throws MalformedMessage {
    Metainfo torrent =
        parse(
            folder(
                file(1000, "a").build(),
                file(0, "empty").build(),
                file(24, ".pad", "24").put("attr", "p").build(),
                file(99, "link").put("attr", "lx").build(),
                file(2048, "sub", "b").put("attr", "xh").build()));
    assertThat(torrent.isSingleFile()).isFalse();
    assertThat(torrent.files())
        .containsExactly(
            new TorrentFile(List.of("top", "a"), 0, 1000, Kind.DATA),
            new TorrentFile(List.of("top", "empty"), 1000, 0, Kind.DATA),
            new TorrentFile(List.of("top", ".pad", "24"), 1000, 24, Kind.PADDING),
            new TorrentFile(List.of("top", "link"), 1024, 0, Kind.SYMLINK),
            new TorrentFile(List.of("top", "sub", "b"), 1024, 2048, Kind.DATA));
    assertThat(torrent.totalLength()).isEqualTo(3072);
    assertThat(torrent.files().getLast()).hasToString("top/sub/b");
  }

  @Test
  void paddingMayHaveTheNameOfOtherPadding() throws MalformedMessage {
    Bencoded padding = file(24, ".pad", "24").put("attr", "p").build();
    assertThat(parse(folder(padding, file(3000, "a").build(), padding)).files()).hasSize(3);
  }

  @Test
  void aSymlinkNeedsNoLength() throws MalformedMessage {
    Bencoded link =
        Bencoded.Dict.builder()
            .put("attr", "l")
            .put("path", Bencoded.items(List.of(Bencoded.Bytes.of("link"))))
            .build();
    assertThat(parse(folder(link, file(3000, "a").build())).files().getFirst())
        .isEqualTo(new TorrentFile(List.of("top", "link"), 0, 0, Kind.SYMLINK));
  }

  @ParameterizedTest
  @CsvSource({"1, true", "0, false", "2, true", "-1, true"})
  void anyNumberButZeroIsPrivate(long value, boolean expected) throws MalformedMessage {
    assertThat(parse(single().put("private", value)).isPrivate()).isEqualTo(expected);
  }

  @Test
  void aNameThatIsNoUtf8IsTakenFromItsUtf8Twin() throws MalformedMessage {
    byte[] gbk = "中文.txt".getBytes(Charset.forName("GBK"));
    Metainfo twin = parse(single().put("name", gbk).put("name.utf-8", "中文.txt"));
    assertThat(twin.name()).isEqualTo("中文.txt");
    assertThat(twin.files().getFirst().path()).containsExactly("中文.txt");
    assertThat(parse(single().put("name.utf-8", "other")).name()).isEqualTo("a.txt");
    byte[] latin = {'a', (byte) 0xFF, 'b'};
    assertThat(parse(single().put("name", latin)).name()).isEqualTo("a\uFFFDb");
  }

  @Test
  void aPathThatIsNoUtf8IsTakenFromItsUtf8Twin() throws MalformedMessage {
    Bencoded bad = Bencoded.items(List.of(new Bencoded.Bytes(new byte[] {'x', (byte) 0xFF})));
    Bencoded twin = Bencoded.items(List.of(Bencoded.Bytes.of("é")));
    Bencoded.Dict.Builder file = Bencoded.Dict.builder().put("length", 3000).put("path", bad);
    assertThat(parse(folder(file.build())).files().getFirst().path())
        .containsExactly("top", "x\uFFFD");
    assertThat(parse(folder(file.put("path.utf-8", twin).build())).files().getFirst().path())
        .containsExactly("top", "é");
  }

  @Test
  void ofAHybridTheFirstVersionCounts() throws MalformedMessage {
    Metainfo hybrid = parse(single().put("meta version", 2).put("file tree", Bencoded.Dict.EMPTY));
    assertThat(hybrid.pieceCount()).isEqualTo(3);
  }

  @Test
  void aTorrentOfVersion2OnlyIsRefusedWithThatSentence() {
    Bencoded.Dict.Builder info =
        Bencoded.Dict.builder()
            .put("file tree", Bencoded.Dict.EMPTY)
            .put("meta version", 2)
            .put("name", "a")
            .put("piece length", 16384);
    assertRefused(info, "it is of version 2 only (BEP 52), and this client speaks version 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "le", "d", "i1e", "garbage", "<html>", "d4:infod"})
  void otherBytesAreNoTorrent(String bytes) {
    assertThatExceptionOfType(MalformedMessage.class).isThrownBy(() -> read(bytes));
  }

  @Test
  void whatIsMissingIsNamed() {
    assertThatExceptionOfType(MalformedMessage.class)
        .isThrownBy(() -> read("de"))
        .withMessage("the torrent cannot be used: it has no info dictionary");
    assertThatExceptionOfType(MalformedMessage.class)
        .isThrownBy(() -> read("d4:info4:texte"))
        .withMessage("the torrent cannot be used: it has no info dictionary");
    assertRefused(without("name"), "it has no name");
    assertRefused(without("piece length"), "it has no piece length");
    assertRefused(without("length"), "it has no files");
    assertRefused(without("pieces"), "its piece hashes have 0 bytes, which is no multiple of 20");
    assertRefused(folder(), "it has no files");
    assertRefused(single().put("files", 1), "it has both a length and files");
  }

  @ParameterizedTest
  @CsvSource({
    "3072, 1024, 61, 'its piece hashes have 61 bytes, which is no multiple of 20'",
    "3072, 1024, 80, it needs 3 piece hashes and has 4",
    "3073, 1024, 60, it needs 4 piece hashes and has 3",
    "2048, 1024, 60, it needs 2 piece hashes and has 3",
    "9223372036854775807, 1024, 60, its files are longer than any number of pieces",
    "0, 1024, 20, all its files are empty",
    "-1, 1024, 20, 'its file \"a.txt\" has no length'",
    "3000, 1023, 60, its piece length is 1023 bytes",
    "3000, 0, 60, its piece length is 0 bytes",
    "3000, -1024, 60, its piece length is -1024 bytes",
    "3000, 1073741825, 60, its piece length is 1073741825 bytes",
    "3000, 4294968320, 60, its piece length is 4294968320 bytes",
  })
  void numbersThatDisagreeAreRefused(long length, long pieceLength, int hashBytes, String reason) {
    Bencoded.Dict.Builder info =
        single()
            .put("length", length)
            .put("piece length", pieceLength)
            .put("pieces", new byte[hashBytes]);
    assertRefused(info, reason);
  }

  @Test
  void pieceLengthsNeedNoPowerOfTwo() throws MalformedMessage {
    assertThat(parse(single().put("piece length", 1400)).pieceLength(2)).isEqualTo(200);
    Bencoded.Dict.Builder huge = single().put("piece length", 1 << 30).put("length", 3L << 30);
    assertThat(parse(huge).pieceLength(2)).isEqualTo(1 << 30);
  }

  @Test
  void piecesAndFilesAreLimited() throws MalformedMessage {
    Bencoded.Dict.Builder most =
        single()
            .put("length", Metainfo.MAX_PIECES * 1024L)
            .put("pieces", new byte[Metainfo.MAX_PIECES * 20]);
    assertThat(parse(most).pieceCount()).isEqualTo(Metainfo.MAX_PIECES);
    assertRefused(
        single().put("pieces", new byte[(Metainfo.MAX_PIECES + 1) * 20]),
        "it has more than 2097152 pieces");
    Bencoded[] files = new Bencoded[Metainfo.MAX_FILES + 1];
    Arrays.fill(files, new Bencoded.Int(1));
    assertRefused(folder(files), "it has more than 500000 files");
  }

  @Test
  void manyFilesWhoseLengthsOverflowAreRefused() {
    Bencoded huge = file(Long.MAX_VALUE / 2, "a").build();
    Bencoded more = file(Long.MAX_VALUE / 2, "b").build();
    Bencoded last = file(3074, "c").build(); // the sum is 3072 when it overflows
    assertRefused(folder(huge, more, last), "its files are longer than any number of pieces");
  }

  @Test
  void filesOfTheWrongTypeAreRefused() {
    assertRefused(folder(new Bencoded.Int(1)), "one of its files is no dictionary");
    assertRefused(folder(file(1).build()), "one of its files has no path");
    assertRefused(
        folder(Bencoded.Dict.builder().put("length", 1).build()), "one of its files has no path");
    assertRefused(
        folder(file(1).put("path", Bencoded.items(List.of(new Bencoded.Int(1)))).build()),
        "one of its files has a path that is no list of names");
    assertRefused(folder(file(1, "a").put("length", "1").build()), "its file \"a\" has no length");
  }

  private static Bencoded.Dict.Builder without(String key) {
    Bencoded.Dict.Builder rest = Bencoded.Dict.builder();
    single()
        .build()
        .entries()
        .forEach(
            (name, value) -> {
              if (!name.equals(key)) {
                rest.put(name, value);
              }
            });
    return rest;
  }

  private static void assertRefused(Bencoded.Dict.Builder info, String reason) {
    assertThatExceptionOfType(MalformedMessage.class)
        .isThrownBy(() -> parse(info))
        .withMessage("the torrent cannot be used: " + reason);
  }

  private static Metainfo read(String bytes) throws MalformedMessage {
    return Metainfo.parse(bytes.getBytes(ISO_8859_1));
  }
}
