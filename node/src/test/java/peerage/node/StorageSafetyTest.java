package peerage.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import peerage.node.SmallTorrent.Entry;
import peerage.node.Storage.Access;
import peerage.node.StorageException.Reason;
import peerage.pieces.PieceSet;
import peerage.wire.TorrentFile;

/// Whatever lies on the disk, nothing outside of the directory is written, and nothing hangs.
final class StorageSafetyTest {
  private static final byte[] PRECIOUS = {1, 2, 3};

  @TempDir Path folder;
  private Path directory;
  private Path outside;

  private final SmallTorrent torrent =
      SmallTorrent.of(1024, Entry.data("sub/a", 1500), Entry.data("b", 600));

  @BeforeEach
  void makeFolders() throws IOException {
    directory = Files.createDirectories(folder.resolve("d"));
    outside = Files.createDirectories(folder.resolve("outside"));
    Files.write(outside.resolve("a"), PRECIOUS);
  }

  @Test
  void aLinkInPlaceOfAFileIsNotWritten() throws IOException {
    Files.createDirectories(directory.resolve("t/sub"));
    Files.createSymbolicLink(directory.resolve("t/sub/a"), outside.resolve("a"));
    refusesToWrite("t/sub/a");
    assertThat(outside.resolve("a")).hasBinaryContent(PRECIOUS);
  }

  @Test
  void aDanglingLinkInPlaceOfAFileIsNotFollowed() throws IOException {
    Files.createDirectories(directory.resolve("t/sub"));
    Files.createSymbolicLink(directory.resolve("t/sub/a"), outside.resolve("new"));
    refusesToWrite("t/sub/a");
    assertThat(outside.resolve("new")).doesNotExist();
  }

  @Test
  void aLinkInPlaceOfAFolderIsNotEntered() throws IOException {
    Files.createDirectories(directory.resolve("t"));
    Files.createSymbolicLink(directory.resolve("t/sub"), outside);
    refusesToWrite("t/sub");
    assertThat(outside.resolve("a")).hasBinaryContent(PRECIOUS);
    try (Storage storage = open(Access.WRITE)) {
      assertThat(storage.state(0)).isEqualTo(FileState.MISSING);
      StorageTest.refused(Reason.UNSAFE, () -> StorageTest.read(storage, 0, 2), "t/sub");
      StorageTest.refused(Reason.UNSAFE, () -> storage.prepare(new PieceSet(3)), "t/sub");
    }
  }

  @Test
  void aLinkInPlaceOfTheTorrentsFolderIsNotEntered() throws IOException {
    Files.createSymbolicLink(directory.resolve("t"), outside);
    refusesToWrite("d/t");
    assertThat(outside.resolve("sub")).doesNotExist();
  }

  @Test
  void aLinkInPlaceOfThePartsFileIsNotWritten() throws IOException {
    Path parts = Files.createDirectories(folder.resolve("state")).resolve("parts");
    Files.createSymbolicLink(parts, outside.resolve("a"));
    try (Storage storage =
        Storage.open(torrent.metainfo(), directory, SelectionTest.select(0), Access.WRITE, parts)) {
      StorageTest.refused(
          Reason.UNSAFE, () -> storage.write(1490, torrent.bytes(1490, 20)), "parts");
    }
    assertThat(outside.resolve("a")).hasBinaryContent(PRECIOUS);
  }

  @Test
  void theDirectoryItselfMayBeALink() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), directory);
    try (Storage storage =
        Storage.open(
            torrent.metainfo(), link, Selection.all(), Access.WRITE, folder.resolve("parts"))) {
      storage.write(0, torrent.bytes(0, 2100));
      assertThat(storage.directory()).isEqualTo(directory.toRealPath());
    }
    assertThat(directory.resolve("t/sub/a"))
        .hasBinaryContent(torrent.contentOf(torrent.metainfo().files().getFirst()));
  }

  @Test
  void aReaderFollowsLinks() throws IOException {
    Path real = Files.createDirectories(folder.resolve("real"));
    torrent.putInto(real);
    Files.createDirectories(directory.resolve("t/sub"));
    Files.createSymbolicLink(directory.resolve("t/sub/a"), real.resolve("t/sub/a"));
    Files.createSymbolicLink(directory.resolve("t/b"), real.resolve("t/b"));
    try (Storage storage = open(Access.READ)) {
      assertThat(StorageTest.read(storage, 0, 2100)).isEqualTo(torrent.content());
      assertThat(storage.state(0).size()).isEqualTo(1500);
    }
  }

  @Test
  void aFifoIsRefusedAndNotWaitedFor() throws Exception {
    Files.createDirectories(directory.resolve("t/sub"));
    if (TinyDisk.run("mkfifo", directory.resolve("t/sub/a").toString()) != 0) {
      TinyDisk.skip("this system has no mkfifo");
    }
    refusesToWrite("t/sub/a");
    try (Storage storage = open(Access.READ)) {
      StorageTest.refused(Reason.UNSAFE, () -> StorageTest.read(storage, 0, 2), "t/sub/a");
      assertThat(storage.state(0)).isEqualTo(FileState.MISSING);
    }
  }

  @Test
  void aFolderInPlaceOfAFileIsRefused() throws IOException {
    Files.createDirectories(directory.resolve("t/sub/a"));
    refusesToWrite("t/sub/a");
  }

  @Test
  void aFileInPlaceOfAFolderIsRefused() throws IOException {
    Files.createDirectories(directory.resolve("t"));
    Files.write(directory.resolve("t/sub"), PRECIOUS);
    try (Storage storage = open(Access.WRITE)) {
      StorageTest.refused(Reason.EXISTS, () -> storage.write(0, torrent.bytes(0, 2)), "t/sub");
    }
    assertThat(directory.resolve("t/sub")).hasBinaryContent(PRECIOUS);
  }

  @Test
  void aPathThatLeadsElsewhereIsRefusedThoughTheTorrentWasNot() throws IOException {
    TorrentPaths paths = TorrentPaths.below(directory, Access.WRITE);
    for (List<String> path :
        List.of(
            List.of(".."),
            List.of("t", "..", "..", "a"),
            List.of("."),
            List.of("t", ".", "a"),
            List.of("t/../../a"),
            List.of("/etc/passwd"),
            List.of("t", ""))) {
      StorageTest.refused(
          Reason.UNSAFE,
          () -> paths.of(new TorrentFile(path, 0, 1, TorrentFile.Kind.DATA)),
          "elsewhere");
    }
  }

  @Test
  void anAbsoluteNameIsRefusedBelowADirectoryOfOneName() throws IOException {
    Path shallow = folder.getRoot().resolve(folder.getName(0));
    TorrentPaths paths = TorrentPaths.below(shallow, Access.READ);
    String elsewhere = folder.getRoot().resolve("etc/passwd").toString();
    var file = new TorrentFile(List.of(elsewhere), 0, 1, TorrentFile.Kind.DATA);
    StorageTest.refused(Reason.UNSAFE, () -> paths.of(file), "elsewhere");
  }

  @Test
  void aNameThatTheSystemCannotWriteIsRefused() throws IOException {
    TorrentPaths paths = TorrentPaths.below(directory, Access.WRITE);
    var file = new TorrentFile(List.of("t", "a\0b"), 0, 1, TorrentFile.Kind.DATA);
    StorageTest.refused(Reason.UNSAFE, () -> paths.of(file), "LANG");
  }

  @Test
  void aMessageIsOneHarmlessLineWhateverTheName() {
    Path path = Path.of("a\u001b[31m\u202eb\nc");
    assertThat(StorageException.shown(path)).isEqualTo("a?[31m?b?c");
  }

  @Test
  void aDiskThatIsFullOrTooSmallIsToldAsSuch() throws Exception {
    SmallTorrent big = SmallTorrent.of(64 * 1024, Entry.data("big", 2 * 1024 * 1024));
    try (TinyDisk _ = TinyDisk.mount(directory);
        Storage storage =
            Storage.open(
                big.metainfo(),
                directory,
                Selection.all(),
                Access.WRITE,
                folder.resolve("parts"))) {
      StorageTest.refused(
          Reason.DISK_FULL, () -> storage.prepare(new PieceSet(big.pieces())), "/d");
      storage.prepare(PieceSet.full(big.pieces())); // nothing is to come
      StorageTest.refused(
          Reason.DISK_FULL, () -> storage.write(0, big.bytes(0, 2 * 1024 * 1024)), "t/big");
    }
  }

  @Test
  void aDiskThatMayNotBeWrittenIsToldAsSuch() throws Exception {
    try (TinyDisk disk = TinyDisk.mount(directory);
        Storage storage = open(Access.WRITE)) {
      disk.makeReadOnly();
      StorageTest.refused(Reason.DENIED, () -> storage.write(0, torrent.bytes(0, 10)), "d/t");
    }
  }

  private void refusesToWrite(String names) throws StorageException {
    try (Storage storage = open(Access.WRITE)) {
      StorageTest.refused(Reason.UNSAFE, () -> storage.write(0, torrent.bytes(0, 1024)), names);
    }
  }

  private Storage open(Access access) throws StorageException {
    return Storage.open(
        torrent.metainfo(), directory, Selection.all(), access, folder.resolve("parts"));
  }
}
