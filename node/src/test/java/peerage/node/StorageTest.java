package peerage.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import peerage.node.SmallTorrent.Entry;
import peerage.node.Storage.Access;
import peerage.node.StorageException.Reason;
import peerage.pieces.PieceSet;
import peerage.testkit.Seeds;
import peerage.wire.TorrentFile;
import peerage.wire.TorrentFile.Kind;

final class StorageTest {
  @TempDir Path folder;

  private final SmallTorrent torrent =
      SmallTorrent.of(
          1024,
          Entry.data("a", 1500),
          Entry.data("deep/er/b", 3000),
          Entry.data("deep/empty", 0),
          Entry.data("c", 2000));

  @Seeds(40)
  void whatIsWrittenComesBackWhateverTheFiles(long seed) throws IOException {
    RandomGenerator random = SmallTorrent.random(seed);
    SmallTorrent world = SmallTorrent.of(1024, entries(random));
    Selection selection = selection(random, world);
    Path directory = folder.resolve("d" + seed);
    try (Storage storage = open(world, directory, selection)) {
      int total = world.content().length;
      for (int at = 0; at < total; ) {
        int length = Math.min(1 + random.nextInt(5000), total - at);
        storage.write(at, world.bytes(at, length));
        at += length;
      }
      for (int i = 0; i < 50; i++) {
        int at = random.nextInt(total);
        int length = random.nextInt(total - at + 1);
        assertThat(read(storage, at, length))
            .isEqualTo(Arrays.copyOfRange(world.content(), at, at + length));
      }
    }
    for (int i = 0; i < world.metainfo().files().size(); i++) {
      TorrentFile file = world.metainfo().files().get(i);
      boolean isThere = file.kind() == Kind.DATA && selection.includes(i) && file.length() > 0;
      Path path = SmallTorrent.place(file, directory);
      assertThat(Files.exists(path)).isEqualTo(isThere);
      if (isThere) {
        assertThat(path).hasBinaryContent(world.contentOf(file));
      }
    }
  }

  private static Entry[] entries(RandomGenerator random) {
    List<Entry> entries = new ArrayList<>(List.of(Entry.data("first", 1 + random.nextInt(3000))));
    for (int i = random.nextInt(12); i > 0; i--) {
      entries.add(
          switch (random.nextInt(5)) {
            case 0 -> Entry.padding(random.nextInt(4000));
            case 1 -> Entry.data("empty" + i, 0);
            case 2 -> new Entry("link" + i, 0, "l");
            default -> Entry.data("in/" + i, random.nextInt(5000));
          });
    }
    return entries.toArray(Entry[]::new);
  }

  private static Selection selection(RandomGenerator random, SmallTorrent torrent) {
    var files = new BitSet();
    files.set(random.nextInt(torrent.metainfo().files().size()));
    for (int i = 0; i < torrent.metainfo().files().size(); i++) {
      files.set(i, files.get(i) || random.nextBoolean());
    }
    return random.nextInt(3) == 0 ? Selection.all() : Selection.of(files);
  }

  @Test
  void aFileIsOfFullLengthFromItsFirstWriteOn() throws IOException {
    try (Storage storage = open(Selection.all())) {
      storage.write(1700, torrent.bytes(1700, 10));
      assertThat(storage.state(1).size()).isEqualTo(3000);
      assertThat(storage.state(0).exists()).isFalse();
      assertThat(storage.state(3)).isEqualTo(FileState.MISSING);
    }
  }

  @Test
  void preparingCreatesFoldersAndEmptyFilesAndNothingElse() throws IOException {
    SmallTorrent odd =
        SmallTorrent.of(
            1024,
            Entry.data("a/b", 10),
            Entry.data("empty", 0),
            Entry.data("unwanted", 0),
            Entry.padding(14),
            new Entry("link", 0, "l"));
    try (Storage storage = open(odd, folder.resolve("d"), SelectionTest.select(0, 1, 4))) {
      storage.prepare(new PieceSet(1));
    }
    try (Stream<Path> made = Files.walk(folder.resolve("d/t"))) {
      assertThat(made.map(path -> folder.resolve("d/t").relativize(path).toString()))
          .containsExactlyInAnyOrder("", "a", "empty");
    }
  }

  @Test
  void bytesOfFilesNotSelectedGoToThePartsFile() throws IOException {
    Path parts = folder.resolve("state/parts");
    try (Storage storage = open(torrent, folder.resolve("d"), SelectionTest.select(1))) {
      storage.write(1024, torrent.bytes(1024, 1024));
      assertThat(read(storage, 1024, 1024)).isEqualTo(bytes(1024, 2048));
      assertThat(storage.partsState().size()).isEqualTo(1500);
    }
    assertThat(torrent.place(0, folder.resolve("d"))).doesNotExist();
    assertThat(parts).exists(); // the piece at the border still needs it
    open(torrent, folder.resolve("d"), Selection.all()).close();
    assertThat(parts).doesNotExist();
  }

  @Test
  void anEmptyPartsFileIsDeleted() throws IOException {
    Path parts =
        Files.createFile(Files.createDirectories(folder.resolve("state")).resolve("parts"));
    open(torrent, folder.resolve("d"), SelectionTest.select(1)).close();
    assertThat(parts).doesNotExist();
  }

  @Test
  void aReaderNeverDeletesThePartsFile() throws IOException {
    Path parts =
        Files.createFile(Files.createDirectories(folder.resolve("state")).resolve("parts"));
    torrent.putInto(folder.resolve("d"));
    openToRead(folder.resolve("d")).close();
    assertThat(parts).exists();
  }

  @Test
  void atMost128FilesAreOpenHoweverManyThreadsRead() throws Exception {
    SmallTorrent many =
        SmallTorrent.of(
            1024,
            IntStream.range(0, 150).mapToObj(i -> Entry.data("f" + i, 50)).toArray(Entry[]::new));
    many.putInto(folder.resolve("d"));
    try (Storage storage = open(many, folder.resolve("d"), Selection.all());
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<byte[]>> reads = new ArrayList<>();
      for (int i = 0; i < 3000; i++) {
        int at = i * 7919 % (many.content().length - 120);
        reads.add(threads.submit(() -> read(storage, at, 120)));
      }
      for (int i = 0; i < 3000; i++) {
        int at = i * 7919 % (many.content().length - 120);
        assertThat(reads.get(i).get()).isEqualTo(Arrays.copyOfRange(many.content(), at, at + 120));
      }
      assertThat(descriptorsBelow(folder)).isBetween(1L, 128L);
      storage.write(0, many.bytes(0, many.content().length));
      storage.force(); // some of them were closed meanwhile
    }
    assertThat(descriptorsBelow(folder)).isZero();
  }

  private static long descriptorsBelow(Path folder) throws IOException {
    Path own = Path.of("/proc/self/fd");
    if (!Files.isDirectory(own)) {
      TinyDisk.skip("this system does not list the open files of a process");
    }
    try (Stream<Path> open = Files.list(own)) {
      return open.filter(link -> leadsBelow(link, folder)).count();
    }
  }

  private static boolean leadsBelow(Path link, Path folder) {
    try {
      return Files.readSymbolicLink(link).startsWith(folder.toRealPath());
    } catch (IOException _) {
      return false; // closed meanwhile
    }
  }

  @Test
  void anInterruptedThreadFailsAlone() throws Exception {
    torrent.putInto(folder.resolve("d"));
    try (Storage storage = open(Selection.all())) {
      assertThat(read(storage, 0, 10)).isEqualTo(bytes(0, 10));
      Callable<byte[]> interrupted =
          () -> {
            Thread.currentThread().interrupt();
            return read(storage, 0, 10);
          };
      try (var thread = Executors.newSingleThreadExecutor()) {
        assertThatThrownBy(() -> thread.submit(interrupted).get())
            .hasCauseInstanceOf(StorageException.class);
      }
      assertThat(read(storage, 0, 10)).isEqualTo(bytes(0, 10));
      storage.write(0, torrent.bytes(0, 10));
    }
  }

  @Test
  void aFileThatVanishedWhileWeRunIsNotReplacedByAnEmptyOne() throws IOException {
    SmallTorrent many =
        SmallTorrent.of(
            1024,
            IntStream.range(0, 140).mapToObj(i -> Entry.data("f" + i, 50)).toArray(Entry[]::new));
    try (Storage storage = open(many, folder.resolve("d"), Selection.all())) {
      storage.write(0, many.bytes(0, many.content().length));
      Path first = many.place(0, folder.resolve("d"));
      Files.delete(first);
      refused(Reason.NOT_FOUND, () -> storage.write(0, many.bytes(0, 20)), "f0");
      assertThat(first).doesNotExist();
    }
  }

  @Test
  void readingTellsAMissingFileFromAShortOne() throws IOException {
    torrent.putInto(folder.resolve("d"));
    try (Storage storage = openToRead(folder.resolve("d"))) {
      Files.write(torrent.place(0, folder.resolve("d")), new byte[100]);
      Files.delete(torrent.place(3, folder.resolve("d")));
      refused(Reason.CHANGED, () -> read(storage, 90, 20), "t/a");
      refused(Reason.NOT_FOUND, () -> read(storage, 4500, 20), "t/c");
    }
  }

  @Test
  void aLongerFileIsNotOverwritten() throws IOException {
    Path file = torrent.place(0, folder.resolve("d"));
    Files.createDirectories(file.getParent());
    Files.write(file, new byte[1501]);
    try (Storage storage = open(Selection.all())) {
      refused(Reason.EXISTS, () -> storage.write(0, torrent.bytes(0, 100)), "t/a");
      assertThat(file).hasBinaryContent(new byte[1501]);
    }
  }

  @Test
  void aReaderMayNotWrite() throws IOException {
    torrent.putInto(folder.resolve("d"));
    try (Storage storage = openToRead(folder.resolve("d"))) {
      assertThatThrownBy(() -> storage.write(0, torrent.bytes(0, 1)))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aDirectoryToReadFromMustBeThere() throws IOException {
    refused(Reason.NOT_FOUND, () -> openToRead(folder.resolve("nowhere")), "nowhere");
    Path file = Files.createFile(folder.resolve("file"));
    refused(Reason.EXISTS, () -> openToRead(file), "file");
    refused(Reason.EXISTS, () -> open(torrent, file, Selection.all()), "file");
    open(torrent, folder.resolve("new/deep"), Selection.all()).close();
    assertThat(folder.resolve("new/deep")).isDirectory();
  }

  @Test
  void bytesOutsideOfTheTorrentAreRefused() throws IOException {
    try (Storage storage = open(Selection.all())) {
      assertThatThrownBy(() -> storage.write(6499, ByteBuffer.allocate(2)))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> read(storage, -1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  private byte[] bytes(int from, int to) {
    return Arrays.copyOfRange(torrent.content(), from, to);
  }

  private Storage open(Selection selection) throws StorageException {
    return open(torrent, folder.resolve("d"), selection);
  }

  private Storage open(SmallTorrent torrent, Path directory, Selection selection)
      throws StorageException {
    return Storage.open(
        torrent.metainfo(), directory, selection, Access.WRITE, folder.resolve("state/parts"));
  }

  private Storage openToRead(Path directory) throws StorageException {
    return Storage.open(
        torrent.metainfo(), directory, Selection.all(), Access.READ, folder.resolve("state/parts"));
  }

  static byte[] read(Storage storage, long offset, int length) throws StorageException {
    ByteBuffer target = ByteBuffer.allocateDirect(length);
    storage.read(offset, target);
    byte[] bytes = new byte[length];
    target.flip().get(bytes);
    return bytes;
  }

  interface Deed {
    void run() throws IOException;
  }

  static void refused(Reason reason, Deed deed, String names) {
    assertThatThrownBy(deed::run)
        .isInstanceOfSatisfying(
            StorageException.class,
            e -> {
              assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason);
              assertThat(e).hasMessageContaining(names).hasMessageContaining(";");
              assertThat(e.getMessage()).doesNotContain("\n").doesNotEndWith(".");
            });
  }
}
