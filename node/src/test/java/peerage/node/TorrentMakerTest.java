package peerage.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import peerage.bencode.MalformedMessage;
import peerage.testkit.Seeds;
import peerage.wire.Metainfo;

/// Torrents of files on disk.
final class TorrentMakerTest {
  @TempDir Path home;

  private static Metainfo make(TorrentMaker maker)
      throws DownloadException, InterruptedException, MalformedMessage {
    return Metainfo.parse(maker.make(_ -> {}));
  }

  private Path write(String name, int length, long seed) throws IOException {
    byte[] bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    Path file = home.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, bytes);
  }

  @Seeds(20)
  void everyPieceHasTheHashOfItsBytesWhateverFilesItSpans(long seed) throws Exception {
    var random = new SplittableRandom(seed);
    int files = random.nextInt(1, 12);
    for (int i = 0; i < files; i++) {
      write("f/" + random.nextInt(4) + "/" + i, random.nextInt(0, 9_000), seed * 100 + i);
    }
    write("f/at least this", 1 + random.nextInt(5_000), seed);
    Metainfo torrent = make(TorrentMaker.of(home.resolve("f")).pieceLength(1024));

    byte[] all = new byte[(int) torrent.totalLength()];
    for (var file : torrent.files()) {
      byte[] bytes = Files.readAllBytes(home.resolve(file.toString()));
      assertThat(bytes.length).isEqualTo((int) file.length());
      System.arraycopy(bytes, 0, all, (int) file.offset(), bytes.length);
    }
    for (int piece = 0; piece < torrent.pieceCount(); piece++) {
      int begin = piece * 1024;
      byte[] bytes = Arrays.copyOfRange(all, begin, begin + torrent.pieceLength(piece));
      assertThat(torrent.pieceHash(piece)).as("piece %d", piece).isEqualTo(sha1(bytes));
    }
  }

  private static byte[] sha1(byte[] bytes) throws NoSuchAlgorithmException {
    return MessageDigest.getInstance("SHA-1").digest(bytes);
  }

  @Test
  void filesAreInTheOrderOfTheBytesOfTheirNames() throws Exception {
    for (String name : List.of("b", "a/z", "a.txt", "Z", "é", "\uD83C\uDFB5", "\uFF21")) {
      write("f/" + name, 1, 1);
    }
    assertThat(make(TorrentMaker.of(home.resolve("f"))).files())
        .extracting(Object::toString)
        .containsExactly("f/Z", "f/a/z", "f/a.txt", "f/b", "f/é", "f/\uFF21", "f/\uD83C\uDFB5");
  }

  @Test
  void itSaysWhatItWasToldToSay() throws Exception {
    Path file = write("one.iso", 100_000, 1);
    Metainfo torrent =
        make(
            TorrentMaker.of(file)
                .tier(List.of("http://a.example/1", "http://b.example/1"))
                .tier(List.of("http://c.example/1"))
                .comment("for you")
                .createdBy("me", Instant.ofEpochSecond(12_345))
                .source("here")
                .markPrivate());
    assertThat(torrent.isSingleFile()).isTrue();
    assertThat(torrent.name()).isEqualTo("one.iso");
    assertThat(torrent.trackers())
        .containsExactly(
            List.of("http://a.example/1", "http://b.example/1"), List.of("http://c.example/1"));
    assertThat(torrent.comment()).hasValue("for you");
    assertThat(torrent.createdBy()).hasValue("me");
    assertThat(torrent.creationDate()).hasValue(12_345);
    assertThat(torrent.isPrivate()).isTrue();
    assertThat(torrent.infoHash())
        .isNotEqualTo(make(TorrentMaker.of(file).markPrivate()).infoHash());
  }

  @Test
  void progressGrowsToTheWholeLength() throws Exception {
    Path file = write("one.iso", 100_000, 1);
    List<Long> steps = new ArrayList<>();
    assertThat(TorrentMaker.of(file).make(steps::add)).isNotEmpty();
    assertThat(steps).isSorted().hasSize(7).last().isEqualTo(100_000L);
  }

  @Test
  void aLinkToAFileInsideCountsAsTheFile() throws Exception {
    write("f/a/file", 1000, 1);
    Files.createSymbolicLink(home.resolve("f/link"), Path.of("a/file"));
    var maker = TorrentMaker.of(home.resolve("f"));
    assertThat(maker.leftOut()).isEmpty();
    assertThat(make(maker).files())
        .extracting(Object::toString)
        .containsExactly("f/a/file", "f/link");
  }

  @Test
  void whatIsLeftOutIsNamedWithTheReason() throws Exception {
    write("f/file", 1000, 1);
    write("secret", 10, 1);
    Files.createDirectory(home.resolve("f/empty"));
    Files.createSymbolicLink(home.resolve("f/out"), Path.of("../secret"));
    Files.createSymbolicLink(home.resolve("f/up"), Path.of(".."));
    Files.createSymbolicLink(home.resolve("f/loop"), Path.of("."));
    Files.createSymbolicLink(home.resolve("f/dangling"), Path.of("nowhere"));
    var maker = TorrentMaker.of(home.resolve("f"));
    assertThat(maker.leftOut())
        .containsExactlyInAnyOrder(
            "left out empty: it is an empty folder",
            "left out out: it is a link that leads outside",
            "left out up: it is a link that leads outside",
            "left out loop: it is a link to something that is no file",
            "left out dangling: it is a link to nothing");
    assertThat(make(maker).files()).extracting(Object::toString).containsExactly("f/file");
  }

  @Test
  void aLinkToTheSourceItselfIsFollowedAndGivesTheName() throws Exception {
    write("f/file", 1000, 1);
    Path link = Files.createSymbolicLink(home.resolve("other name"), home.resolve("f"));
    assertThat(make(TorrentMaker.of(link)).name()).isEqualTo("other name");
  }

  @Test
  void aFileThatChangesWhileItIsReadIsNoticed() throws Exception {
    Path file = write("growing", 100_000, 1);
    var maker = TorrentMaker.of(file);
    Files.write(file, new byte[] {1}, StandardOpenOption.APPEND);
    assertThatThrownBy(() -> maker.make(_ -> {}))
        .isInstanceOf(DownloadException.class)
        .hasMessageContaining("growing changed while it was read");
    Path gone = write("gone", 100_000, 1);
    var other = TorrentMaker.of(gone);
    Files.delete(gone);
    assertThatThrownBy(() -> other.make(_ -> {})).hasMessageContaining("gone changed");
  }

  @Test
  void nothingIsNoTorrent() throws IOException {
    assertThatThrownBy(() -> TorrentMaker.of(home.resolve("none")))
        .hasMessage("there is no file or folder " + home.resolve("none"));
    Path empty = Files.createDirectory(home.resolve("empty"));
    assertThatThrownBy(() -> TorrentMaker.of(empty)).hasMessageContaining("it has no bytes");
  }

  @Test
  void aNameThatNoTorrentMayHaveIsFoundBeforeAnythingIsRead() throws Exception {
    write("f/back\\slash", 1000, 1);
    var maker = TorrentMaker.of(home.resolve("f"));
    assertThatThrownBy(
            () ->
                maker.make(
                    _ -> {
                      throw new AssertionError("read");
                    }))
        .isInstanceOf(DownloadException.class)
        .hasMessageContaining("slash or backslash");
  }

  @Test
  void aPieceLengthOutOfBoundsIsRefused() throws Exception {
    Path file = write("one.iso", 100_000, 1);
    assertThatThrownBy(() -> TorrentMaker.of(file).pieceLength(512).make(_ -> {}))
        .hasMessageContaining("a piece has 1 KiB to 1048576 KiB");
  }
}
