package peerage.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import peerage.node.ResumeLog.Loaded;
import peerage.node.SmallTorrent.Entry;
import peerage.node.StorageException.Reason;
import peerage.pieces.PieceSet;

/// What is believed of an earlier run, and what is not. The files are all there from the start;
/// their times are set by hand, relative to a clock that stands still.
final class ResumeLogTest {
  private static final long NOW = 1_700_000_000_000L;

  @TempDir Path folder;

  // Pieces of 1024: a has 0 to 2, b has 2 to 4, c has 4 to 5.
  private final SmallTorrent torrent =
      SmallTorrent.of(1024, Entry.data("a", 2500), Entry.data("b", 2000), Entry.data("c", 1500));
  private final List<AutoCloseable> open = new ArrayList<>();
  private Path directory;
  private Path state;
  private long now = NOW;
  private String boot = "boot-1";
  private HookedStorage storage;

  @BeforeEach
  void putFiles() throws IOException {
    directory = Files.createDirectory(folder.resolve("d"));
    state = folder.resolve("state");
    torrent.putInto(directory);
    for (int i = 0; i < 3; i++) {
      touch(i, NOW);
    }
    storage = storage(Selection.all());
  }

  private HookedStorage storage(Selection selection) throws IOException {
    var made = new HookedStorage(torrent.metainfo(), directory, selection, folder.resolve("parts"));
    open.add(made);
    return made;
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  @Test
  void aCleanStopIsBelieved() throws IOException {
    stopCleanly(torrent.set(0, 1, 5));
    now += 1_000_000;
    boot = "boot-2";
    isLoaded(torrent.set(0, 1, 5), torrent.set());
  }

  @Test
  void afterACleanStopAChangedFileIsDoubted() throws IOException {
    stopCleanly(PieceSet.full(6));
    touch(1, NOW - 1000); // even an older one: somebody put it there
    isLoaded(torrent.set(0, 1, 5), torrent.set(2, 3, 4));
  }

  @Test
  void afterACleanStopAFileOfAnotherSizeIsDoubted() throws IOException {
    stopCleanly(PieceSet.full(6));
    Files.write(torrent.place(0, directory), new byte[2499]);
    touch(0, NOW);
    isLoaded(torrent.set(3, 4, 5), torrent.set(0, 1, 2));
  }

  @Test
  void aKilledRunIsBelievedUpToItsLastRecord() throws IOException {
    ResumeLog log = first();
    for (int piece : new int[] {3, 0, 5}) {
      now += 100;
      log.verified(piece);
    }
    kill(log);
    isLoaded(torrent.set(0, 3, 5), torrent.set());
  }

  @Test
  void afterAKillAFileChangedLaterThanWeCanHaveIsDoubted() throws IOException {
    stopBeforeKill(PieceSet.full(6));
    touch(0, now + 3_000);
    touch(1, now + 3_001);
    isLoaded(torrent.set(0, 1, 5), torrent.set(2, 3, 4));
  }

  @Test
  void afterAKillAShorterFileIsDoubted() throws IOException {
    stopBeforeKill(PieceSet.full(6));
    Files.write(torrent.place(2, directory), new byte[100]);
    touch(2, NOW);
    isLoaded(torrent.set(0, 1, 2, 3), torrent.set(4, 5));
  }

  @Test
  void thePiecesOfAMissingFileAreGone() throws IOException {
    stopBeforeKill(PieceSet.full(6));
    Files.delete(torrent.place(0, directory));
    isLoaded(torrent.set(3, 4, 5), torrent.set());
  }

  @Test
  void aPowerFailureLeavesOnlyWhatWasMadeDurable() throws IOException {
    ResumeLog log = first();
    log.verified(0);
    log.verified(1);
    log.checkpoint(torrent.set(0, 1));
    log.verified(4);
    kill(log);
    boot = "boot-2";
    touch(0, now + 60_000); // the last records were lost with the power, the data were not
    isLoaded(torrent.set(0, 1), torrent.set(4));
  }

  @Test
  void aPowerFailureDoesNotExcuseALateChange() throws IOException {
    ResumeLog log = first();
    log.checkpoint(torrent.set(0, 1));
    kill(log);
    boot = "boot-2";
    touch(0, now + 63_001);
    isLoaded(torrent.set(), torrent.set(0, 1));
  }

  @Test
  void whereTheSystemDoesNotTellItsRunsEveryKillMayHaveBeenAPowerFailure() throws IOException {
    boot = "";
    stopBeforeKill(torrent.set(0));
    isLoaded(torrent.set(), torrent.set(0));
  }

  @Test
  void whatWasDurableStaysSoOverManyRuns() throws IOException {
    stopCleanly(torrent.set(0, 1));
    kill(log());
    kill(log());
    boot = "boot-2";
    kill(log());
    boot = "boot-3";
    isLoaded(torrent.set(0, 1), torrent.set());
  }

  @Test
  void doubtOutlivesAKillInTheMiddleOfTheRecheck() throws IOException {
    stopCleanly(PieceSet.full(6));
    touch(0, NOW + 1);
    ResumeLog log = log(); // doubts 0, 1, 2
    log.verified(1);
    log.refuted(0);
    kill(log);
    // 0 was not written down, and is hashed a second time.
    isLoaded(torrent.set(1, 3, 4, 5), torrent.set(0, 2));
  }

  @Test
  void doubtOutlivesACleanStop() throws IOException {
    stopCleanly(PieceSet.full(6));
    touch(0, NOW + 1);
    ResumeLog log = log();
    log.refuted(0);
    log.clean(torrent.set(3, 4, 5));
    kill(log);
    isLoaded(torrent.set(3, 4, 5), torrent.set(1, 2));
  }

  @Test
  void aPieceCanBeTakenBack() throws IOException {
    ResumeLog log = first();
    log.checkpoint(torrent.set(0, 1));
    log.refuted(1);
    kill(log);
    isLoaded(torrent.set(0), torrent.set());
  }

  @Test
  void aPieceVerifiedDuringACheckpointIsNotLost() throws IOException {
    ResumeLog log = first();
    storage.beforeForce = () -> log.verified(5);
    log.checkpoint(torrent.set(0));
    kill(log);
    isLoaded(torrent.set(0, 5), torrent.set());
  }

  @Test
  void aCheckpointThatFailedMakesNothingDurable() throws IOException {
    ResumeLog log = first();
    log.verified(0);
    storage.beforeForce =
        () -> {
          throw new StorageException(Reason.IO, "cannot sync x; check the disk");
        };
    StorageTest.refused(Reason.IO, () -> log.checkpoint(torrent.set(0)), "x");
    kill(log);
    boot = "boot-2";
    isLoaded(torrent.set(), torrent.set(0));
  }

  @Test
  void withoutARecordEveryFileThatExistsIsDoubted() throws IOException {
    Files.delete(torrent.place(1, directory));
    Files.write(torrent.place(2, directory), new byte[0]);
    ResumeLog log = log();
    assertThat(log.loaded().found()).isFalse();
    assertThat(log.loaded().doubtful()).isEqualTo(torrent.set(0, 1, 2));
    assertThat(log.isOurs(0)).isFalse();
  }

  @Test
  void aStartThatGivesUpLeavesNoRecord() throws IOException {
    ResumeLog log = log();
    log.refuted(0);
    log.clean(torrent.set());
    kill(log);
    assertThat(log().loaded().found()).isFalse();
  }

  @Test
  void aFileSelectedLaterIsDoubtedIfItExists() throws IOException {
    storage = storage(SelectionTest.select(0));
    Files.write(folder.resolve("parts"), new byte[3000]);
    Files.setLastModifiedTime(folder.resolve("parts"), FileTime.fromMillis(NOW));
    stopCleanly(torrent.set(0, 1, 2));
    Files.delete(torrent.place(2, directory));
    storage = storage(Selection.all());
    // Piece 4 has bytes of the file that does not exist.
    ResumeLog log = isLoaded(torrent.set(0, 1), torrent.set(2, 3));
    assertThat(log.isOurs(0)).isTrue();
    assertThat(log.isOurs(1)).isFalse();
  }

  @Test
  void aFileSelectedNoLongerTakesItsPiecesAndTheBorderWithIt() throws IOException {
    stopCleanly(PieceSet.full(6));
    storage = storage(SelectionTest.select(0, 2));
    isLoaded(torrent.set(0, 1, 5), torrent.set());
  }

  @Test
  void aBorderPieceNeedsThePartsFile() throws IOException {
    Path parts = Files.write(folder.resolve("parts"), new byte[3000]);
    Files.setLastModifiedTime(parts, FileTime.fromMillis(NOW));
    storage = storage(SelectionTest.select(0));
    stopCleanly(torrent.set(0, 1, 2));
    kill(isLoaded(torrent.set(0, 1, 2), torrent.set()));
    Files.setLastModifiedTime(parts, FileTime.fromMillis(NOW + 10_000));
    kill(isLoaded(torrent.set(0, 1), torrent.set(2)));
    Files.delete(parts);
    isLoaded(torrent.set(0, 1), torrent.set());
  }

  @Test
  void aPieceOfFilesNotSelectedIsNotBelievedWhateverTheRecordSays() throws IOException {
    Path parts = Files.write(folder.resolve("parts"), new byte[6000]);
    Files.setLastModifiedTime(parts, FileTime.fromMillis(NOW));
    storage = storage(SelectionTest.select(0));
    stopCleanly(PieceSet.full(6));
    isLoaded(torrent.set(0, 1, 2), torrent.set());
  }

  @Test
  void everyWriteIsNotMuchLaterThanARecord() throws IOException {
    ResumeLog log = first();
    log.beforeWrite(); // begins the log
    long begun = size();
    now += 999;
    log.beforeWrite();
    assertThat(size()).isEqualTo(begun);
    now += 1;
    log.beforeWrite();
    assertThat(size()).isEqualTo(begun + 17);
    log.beforeWrite();
    assertThat(size()).isEqualTo(begun + 17);
    touch(0, now + 2_999);
    kill(log);
    assertThat(log().loaded().doubtful()).isEqualTo(torrent.set());
  }

  @Test
  void aClockThatWasSetBackStopsNoRecord() throws IOException {
    ResumeLog log = log();
    log.beforeWrite();
    long begun = size();
    now -= 100_000;
    log.beforeWrite();
    assertThat(size()).isGreaterThan(begun);
  }

  @Test
  void theStoreTellsTheLogBeforeItsFirstWrite() throws IOException {
    for (int i = 0; i < 3; i++) {
      Files.delete(torrent.place(i, directory));
    }
    ResumeLog log = log();
    var store = new PieceStore(torrent.metainfo(), storage, torrent.set(), log);
    storage.beforeWrite =
        () -> assertThat(state.resolve("resume").toFile().list()).anyMatch(n -> n.endsWith(".log"));
    var block = torrent.layout().block(0, 0);
    assertThat(store.write(block, torrent.bytes(block))).isTrue();
  }

  @Test
  void theLogIsWrittenAnewBeforeItGrowsWithoutBound() throws IOException {
    ResumeLog log = first();
    log.checkpoint(torrent.set(1));
    log.verified(3);
    long largest = 0;
    for (int i = 0; i < 300_000; i++) {
      now += 1000;
      log.beforeWrite();
      if (i % 10_000 == 0) {
        largest = Math.max(largest, size());
      }
    }
    assertThat(largest).isLessThan(5L * 1024 * 1024);
    assertThat(size()).isLessThan(2L * 1024 * 1024);
    kill(log);
    kill(isLoaded(torrent.set(1, 3), torrent.set()));
    boot = "boot-2";
    isLoaded(torrent.set(1), torrent.set(3));
  }

  @Test
  void openingWritesTheLogAnew() throws IOException {
    ResumeLog log = log();
    for (int i = 0; i < 100; i++) {
      now += 1000;
      log.beforeWrite();
    }
    kill(log);
    long before = size();
    kill(log());
    assertThat(size()).isLessThan(before);
  }

  @Test
  void anotherDirectoryHasAnotherLog() throws IOException {
    stopCleanly(PieceSet.full(6));
    directory = Files.createDirectory(folder.resolve("other"));
    storage = storage(Selection.all());
    assertThat(log().loaded().found()).isFalse();
  }

  @Test
  void aStateDirectoryThatCannotBeWrittenIsToldInASentence() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    state = file;
    StorageTest.refused(Reason.EXISTS, this::log, "file");
    state = Files.createDirectory(folder.resolve("tiny"));
    try (TinyDisk disk = TinyDisk.mount(state)) {
      disk.makeReadOnly();
      StorageTest.refused(Reason.DENIED, this::log, "tiny");
    }
  }

  @Test
  void aFullStateDirectoryIsToldAndTheLogStaysWhole() throws Exception {
    state = Files.createDirectory(folder.resolve("tiny"));
    try (TinyDisk _ = TinyDisk.mount(state)) {
      ResumeLog log = first();
      log.verified(0);
      Path hog = state.resolve("hog");
      fill(hog);
      StorageTest.refused(
          Reason.DISK_FULL,
          () -> {
            for (int i = 0; i < 1000; i++) { // until its last block is full
              now += 1000;
              log.beforeWrite();
            }
          },
          ".log");
      Files.delete(hog);
      now += 1000;
      log.verified(1);
      kill(log);
      kill(isLoaded(torrent.set(0, 1), torrent.set()));
    }
  }

  private static void fill(Path hog) throws IOException {
    try (var out = Files.newOutputStream(hog)) {
      for (int i = 0; i < 1024; i++) {
        out.write(new byte[1024]);
      }
    } catch (IOException _) {
      // full
    }
  }

  private void stopCleanly(PieceSet have) throws IOException {
    ResumeLog log = first();
    log.clean(have);
    kill(log);
  }

  private void stopBeforeKill(PieceSet have) throws IOException {
    ResumeLog log = first();
    for (int piece = 0; piece < have.size(); piece++) {
      if (have.get(piece)) {
        log.verified(piece);
      }
    }
    kill(log);
  }

  private ResumeLog isLoaded(PieceSet trusted, PieceSet doubtful) throws IOException {
    ResumeLog log = log();
    Loaded loaded = log.loaded();
    assertThat(shown(loaded.trusted())).as("trusted").isEqualTo(shown(trusted));
    assertThat(shown(loaded.doubtful())).as("doubtful").isEqualTo(shown(doubtful));
    assertThat(loaded.found()).isTrue();
    return log;
  }

  static List<Integer> shown(PieceSet set) {
    return Stream.iterate(0, i -> i < set.size(), i -> i + 1).filter(set::get).toList();
  }

  /// A first run that has looked at the files and knows that nothing in them is good.
  private ResumeLog first() throws StorageException {
    ResumeLog log = log();
    assertThat(log.loaded().found()).isFalse();
    for (int piece = 0; piece < torrent.pieces(); piece++) {
      log.refuted(piece);
    }
    return log;
  }

  private ResumeLog log() throws StorageException {
    ResumeLog log =
        ResumeLog.open(state, torrent.metainfo(), storage, () -> Instant.ofEpochMilli(now), boot);
    open.add(log);
    return log;
  }

  /// Only the lock is given back: what is on disk is what `kill -9` would leave.
  private static void kill(ResumeLog log) {
    log.close();
  }

  private long size() throws IOException {
    try (Stream<Path> files = Files.list(state.resolve("resume"))) {
      return Files.size(files.filter(f -> f.toString().endsWith(".log")).findFirst().orElseThrow());
    }
  }

  private void touch(int file, long millis) throws IOException {
    Files.setLastModifiedTime(torrent.place(file, directory), FileTime.fromMillis(millis));
  }
}
