package peerage.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import peerage.bencode.MalformedMessage;
import peerage.node.ResumeRecord.Header;
import peerage.node.SmallTorrent.Entry;
import peerage.node.Storage.Access;
import peerage.node.StorageException.Reason;
import peerage.pieces.PieceSet;
import peerage.testkit.Hostile;
import peerage.testkit.Seeds;
import peerage.wire.Block;

/// Crashes at every moment, broken logs, and second processes.
final class ResumeCrashTest {
  private static final String BOOT = "boot-1";

  @TempDir Path folder;

  private final SmallTorrent torrent =
      SmallTorrent.of(2 * Block.SIZE, Entry.data("a", 100_000), Entry.data("b", 200_000));
  private final InstantSource clock = InstantSource.system();
  private Path directory;
  private Path state;
  private Storage storage;

  @BeforeEach
  void open() throws IOException {
    directory = folder.resolve("d");
    state = folder.resolve("state");
    storage = storage(directory);
  }

  private Storage storage(Path directory) throws IOException {
    return Storage.open(
        torrent.metainfo(), directory, Selection.all(), Access.WRITE, folder.resolve("parts"));
  }

  @AfterEach
  void close() {
    storage.close();
  }

  @Test
  void aLogCutAtAnyByteIsBelievedUpToTheCut() throws IOException {
    byte[] whole = logOfADownload();
    Path log = logFile();
    int believed = 0;
    for (int length = 0; length <= whole.length; length++) {
      Files.write(log, Arrays.copyOf(whole, length));
      int told = told(log);
      assertThat(told).isGreaterThanOrEqualTo(believed);
      believed = told;
    }
    assertThat(believed).isEqualTo(torrent.pieces());
  }

  @Test
  void aLogCutAtAnyByteIsContinuedFromThere() throws IOException {
    byte[] whole = logOfADownload();
    for (int length = 0; length <= whole.length; length += 29) {
      Files.write(logFile(), Arrays.copyOf(whole, length));
      PieceSet before;
      try (ResumeLog log = log()) {
        before = log.loaded().trusted().copy();
        log.verified(7);
      }
      before.add(7);
      assertThat(trusted()).isEqualTo(before);
    }
  }

  @Test
  void aFlippedBitEndsTheLogThere() throws IOException {
    byte[] whole = logOfADownload();
    Path log = logFile();
    for (int i = 0; i < whole.length; i++) {
      byte[] flipped = whole.clone();
      flipped[i] ^= (byte) (1 << (i % 8));
      Files.write(log, flipped);
      assertThat(told(log)).isLessThan(torrent.pieces());
    }
  }

  @Seeds(20)
  void aHostileLogWithRightChecksumsHarmsNobody(long seed) throws IOException {
    byte[] whole = logOfADownload();
    RandomGenerator random = SmallTorrent.random(seed);
    List<byte[]> bodies = bodies(whole);
    ByteBuffer log = ByteBuffer.allocate(whole.length + 4_000_000);
    log.put(whole, 0, 8 + bodies.getFirst().length); // the header
    Hostile.mutations(random, bodies, 50).forEach(body -> putFrame(log, body));
    Files.write(logFile(), Arrays.copyOf(log.array(), log.position()));
    try (ResumeLog loaded = log()) {
      loaded.verified(3);
    }
    assertThat(trusted().get(3)).isTrue();
  }

  private static void putFrame(ByteBuffer log, byte[] body) {
    if (log.remaining() > body.length + 8) {
      log.putInt(body.length).putInt(ResumeRecord.crc(ByteBuffer.wrap(body))).put(body);
    }
  }

  private static List<byte[]> bodies(byte[] whole) {
    List<byte[]> bodies = new ArrayList<>();
    for (ByteBuffer in = ByteBuffer.wrap(whole); in.hasRemaining(); ) {
      byte[] body = new byte[in.getInt()];
      in.getInt();
      in.get(body);
      bodies.add(body);
    }
    return bodies;
  }

  @Seeds(20)
  void aLogOfNoiseIsNoLog(long seed) throws IOException {
    logOfADownload();
    byte[] noise = new byte[(int) seed * 50];
    SmallTorrent.random(seed).nextBytes(noise);
    Files.write(logFile(), noise);
    try (ResumeLog log = log()) {
      assertThat(log.loaded().found()).isFalse();
    }
  }

  @Test
  void aLogOfAnotherTorrentIsNoLog() throws IOException {
    byte[] whole = logOfADownload();
    whole[8 + 10] ^= 1; // its info-hash
    ByteBuffer header = ByteBuffer.wrap(whole);
    header.putInt(4, ResumeRecord.crc(header.slice(8, header.getInt(0))));
    Files.write(logFile(), whole);
    try (ResumeLog log = log()) {
      assertThat(log.loaded().found()).isFalse();
    }
  }

  @Test
  void anEndlessLogIsNotRead() throws IOException {
    byte[] whole = logOfADownload();
    try (var channel = FileChannel.open(logFile(), StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(whole));
      channel.write(ByteBuffer.allocate(1), 1L << 32);
    }
    try (ResumeLog log = log()) {
      assertThat(log.loaded().found()).isFalse();
    }
  }

  @Test
  void whatIsOnDiskAtAnyMomentOfADownloadContinuesIt() throws IOException {
    int moment = 0;
    try (ResumeLog log = log()) {
      var store = new PieceStore(torrent.metainfo(), storage, torrent.set(), log);
      for (int piece = 0; piece < torrent.pieces(); piece++) {
        for (int i = 0; i < torrent.layout().blockCount(piece); i++) {
          Block block = torrent.layout().block(piece, i);
          store.write(block, torrent.bytes(block));
          continues(moment++, piece);
        }
        assertThat(store.check(piece)).contains(true);
        store.verified(piece);
        log.verified(piece);
        continues(moment++, piece + 1);
        if (piece % 3 == 0) {
          PieceSet have = new PieceSet(torrent.pieces());
          for (int i = 0; i <= piece; i++) {
            have.add(i);
          }
          log.checkpoint(have);
          continues(moment++, piece + 1);
        }
      }
    }
  }

  /// Starts again from a copy of what is on disk: all of the pieces so far are there, and good.
  private void continues(int moment, int pieces) throws IOException {
    Path copy = folder.resolve("copy" + moment);
    copyInto(directory, copy.resolve("d"));
    copyInto(state, copy.resolve("state"));
    // The log says for which directory it is: here it is for the copy.
    Files.move(logFile(copy.resolve("state")), copy.resolve("log"));
    try (Storage again = storage(copy.resolve("d"));
        ResumeLog log = moved(copy, again)) {
      var store = new PieceStore(torrent.metainfo(), again, log.loaded().trusted());
      assertThat(log.loaded().trusted().count()).isEqualTo(pieces);
      assertThat(log.loaded().doubtful().isEmpty()).isTrue();
      for (int piece = 0; piece < pieces; piece++) {
        assertThat(store.verify(piece)).isTrue();
      }
    }
  }

  private ResumeLog moved(Path copy, Storage again) throws IOException {
    ByteBuffer log = ByteBuffer.wrap(Files.readAllBytes(copy.resolve("log")));
    Header header;
    byte[] body = new byte[log.getInt()];
    log.getInt();
    log.get(body);
    try {
      header =
          (Header)
              ResumeRecord.decode(
                  ByteBuffer.wrap(body), torrent.pieces(), torrent.metainfo().files().size());
    } catch (MalformedMessage e) {
      throw new AssertionError(e);
    }
    var here =
        new Header(
            header.infoHash(),
            header.pieces(),
            header.files(),
            again.directory().toString(),
            header.bootId());
    ByteBuffer frame = here.toFrame();
    ByteBuffer whole = ByteBuffer.allocate(frame.remaining() + log.remaining());
    byte[] hash = PieceReader.sha1().digest(here.directory().getBytes(StandardCharsets.UTF_8));
    String name = header.infoHash().hex() + "-" + HexFormat.of().formatHex(hash, 0, 4) + ".log";
    Files.write(copy.resolve("state/resume").resolve(name), whole.put(frame).put(log).array());
    return ResumeLog.open(copy.resolve("state"), torrent.metainfo(), again, clock, BOOT);
  }

  private static void copyInto(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }

  @Test
  void aCrashWhileTheLogIsWrittenAnewLeavesTheOldOne() throws IOException {
    logOfADownload();
    Path half = Path.of(logFile() + ".new");
    Files.write(half, new byte[10]);
    assertThat(trusted().isFull()).isTrue();
    assertThat(half).doesNotExist();
  }

  @Test
  void aSecondStartInThisProcessIsRefused() throws IOException {
    try (ResumeLog _ = log()) {
      StorageTest.refused(Reason.EXISTS, this::log, "another process");
    }
    log().close();
  }

  @Test
  void aSecondStartInAnotherDirectoryIsNot() throws IOException {
    try (ResumeLog _ = log();
        Storage other = storage(folder.resolve("other"));
        ResumeLog second = ResumeLog.open(state, torrent.metainfo(), other, clock, BOOT)) {
      assertThat(second.loaded().found()).isFalse();
    }
  }

  @Test
  void aSecondProcessIsRefusedUntilTheFirstIsKilled() throws Exception {
    logOfADownload();
    Path lock = Path.of(logFile().toString().replaceAll("log$", "lock"));
    Process first =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LockHolder.class.getName(),
                lock.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var said =
        new BufferedReader(new InputStreamReader(first.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(said.readLine()).isEqualTo("locked");
      StorageTest.refused(Reason.EXISTS, this::log, "another process");
    } finally {
      first.destroyForcibly().waitFor();
    }
    assertThat(trusted().isFull()).isTrue();
  }

  /// The log of a run that was killed when all was there; the files are complete.
  private byte[] logOfADownload() throws IOException {
    torrent.putInto(directory);
    try (ResumeLog log = log()) {
      for (int piece = 0; piece < torrent.pieces(); piece++) {
        log.verified(piece);
        if (piece == 2) {
          log.checkpoint(torrent.set(0, 1, 2));
        }
      }
    }
    return Files.readAllBytes(logFile());
  }

  private ResumeLog log() throws StorageException {
    return ResumeLog.open(state, torrent.metainfo(), storage, clock, BOOT);
  }

  private PieceSet trusted() throws StorageException {
    try (ResumeLog log = log()) {
      return log.loaded().trusted();
    }
  }

  /// How many pieces a log says are there.
  private int told(Path log) throws StorageException {
    var header =
        new Header(
            torrent.metainfo().infoHash(),
            torrent.pieces(),
            torrent.metainfo().files().size(),
            storage.directory().toString(),
            "");
    return ResumeHistory.read(log, header, 1 << 20).map(h -> h.have().count()).orElse(0);
  }

  private Path logFile() throws IOException {
    return logFile(state);
  }

  private static Path logFile(Path state) throws IOException {
    try (Stream<Path> files = Files.list(state.resolve("resume"))) {
      return files.filter(file -> file.toString().endsWith(".log")).findFirst().orElseThrow();
    }
  }
}
