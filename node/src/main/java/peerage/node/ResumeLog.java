package peerage.node;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import peerage.node.ResumeRecord.Alive;
import peerage.node.ResumeRecord.Header;
import peerage.node.ResumeRecord.Piece;
import peerage.node.ResumeRecord.Snapshot;
import peerage.node.ResumeRecord.Snapshot.Kind;
import peerage.pieces.PieceSet;
import peerage.wire.Metainfo;

/// What of a torrent is on disk, written down so that `kill -9` loses at most the pieces in flight.
/// Thread-safe; its threads must never be interrupted, see [Storage].
///
/// The log is begun by the first record. So a start that finds somebody else's file, and gives up,
/// leaves nothing behind that would make the next start believe that the file is ours.
final class ResumeLog implements AutoCloseable {
  /// How long we write without a record, in milliseconds; see [ResumeTrust].
  private static final long ALIVE_MILLIS = 1_000;

  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private final ResumeFile file;
  private final Storage storage;
  private final Header header;
  private final InstantSource clock;
  private final Loaded loaded;
  private final Optional<FileMarks> earlierMarks;
  private final FileMarks marks;

  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by the lock; what the log says if it is begun.
  private PieceSet have;
  private final PieceSet doubtful;
  private PieceSet durable;
  private volatile long lastMillis;

  /// What an earlier run left.
  ///
  /// @param trusted pieces that are on disk
  /// @param doubtful pieces that may be on disk: hash them, then call [#verified(int)] or
  ///     [#refuted(int)] for each. If nothing was found, these are all pieces of the files that
  ///     exist.
  /// @param found whether there was a record of an earlier run
  record Loaded(PieceSet trusted, PieceSet doubtful, boolean found) {}

  private ResumeLog(
      ResumeFile file,
      Metainfo torrent,
      Storage storage,
      Header header,
      InstantSource clock,
      Optional<ResumeHistory> history) {
    this.file = file;
    this.storage = storage;
    this.header = header;
    this.clock = clock;
    this.earlierMarks = history.map(ResumeHistory::marks);
    this.loaded = ResumeTrust.judge(torrent, storage, history, header.bootId());
    this.marks = FileMarks.of(storage, header.files());
    this.have = loaded.trusted.copy();
    this.doubtful = loaded.doubtful.copy();
    this.durable = history.map(told -> told.durable().copy()).orElse(new PieceSet(header.pieces()));
    intersect(durable, have);
  }

  private static void intersect(PieceSet set, PieceSet other) {
    for (int piece = 0; piece < set.size(); piece++) {
      if (!other.get(piece)) {
        set.remove(piece);
      }
    }
  }

  /// Reads what an earlier run left, and locks out other processes.
  ///
  /// @param stateDir where the program keeps what it knows; created if missing
  /// @throws StorageException EXISTS if another process downloads this torrent into this directory
  static ResumeLog open(Path stateDir, Metainfo torrent, Storage storage) throws StorageException {
    return open(stateDir, torrent, storage, InstantSource.system(), bootId());
  }

  private static String bootId() {
    try {
      String id = Files.readString(BOOT_ID).strip();
      return id.length() <= ResumeRecord.MAX_BOOT_ID ? id : "";
    } catch (IOException _) {
      return ""; // not Linux: then any restart may have been one of the system
    }
  }

  /// The same in a world of its own.
  static ResumeLog open(
      Path stateDir, Metainfo torrent, Storage storage, InstantSource clock, String bootId)
      throws StorageException {
    String directory = storage.directory().toString();
    var header =
        new Header(
            torrent.infoHash(), torrent.pieceCount(), torrent.files().size(), directory, bootId);
    ResumeFile file = ResumeFile.lock(stateDir, header);
    boolean isOpen = false;
    try {
      Optional<ResumeHistory> history = file.read(header);
      var log = new ResumeLog(file, torrent, storage, header, clock, history);
      if (history.isPresent()) {
        log.rewrite();
      }
      isOpen = true;
      return log;
    } finally {
      if (!isOpen) {
        file.close();
      }
    }
  }

  /// What an earlier run left.
  Loaded loaded() {
    return loaded;
  }

  /// Whether an earlier run had this file selected: then what is in it is ours, or was.
  boolean isOurs(int fileIndex) {
    return earlierMarks.map(then -> then.isSelected(fileIndex)).orElse(false);
  }

  /// Must be called before every write to the storage; cheap.
  void beforeWrite() throws StorageException {
    if (file.isBegun() && isFresh(clock.millis())) {
      return;
    }
    lock.lock();
    try {
      long now = clock.millis();
      if (!file.isBegun() || !isFresh(now)) {
        append(new Alive(now), now);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isFresh(long now) {
    return Math.abs(now - lastMillis) < ALIVE_MILLIS;
  }

  /// Writes down that a piece is on disk, and good.
  void verified(int piece) throws StorageException {
    lock.lock();
    try {
      if (!have.get(piece)) {
        long now = clock.millis();
        append(new Piece(piece, now), now);
        have.add(piece);
        doubtful.remove(piece);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Writes down that a piece is not on disk, though an earlier record said so.
  void refuted(int piece) throws StorageException {
    lock.lock();
    try {
      doubtful.remove(piece);
      durable.remove(piece);
      if (have.remove(piece) && file.isBegun()) {
        rewrite(); // no record takes a piece back, because it happens to broken disks only
      }
    } finally {
      lock.unlock();
    }
  }

  /// Makes the pieces durable, then writes down that they are. To be called every 30 s, by a thread
  /// that may wait for the disk; other calls go on meanwhile.
  ///
  /// @param good all good pieces; a set of its own that nobody changes any more
  void checkpoint(PieceSet good) throws StorageException {
    storage.force();
    FileChannel channel;
    lock.lock();
    try {
      if (durable.equals(good)) {
        return;
      }
      long now = clock.millis();
      append(new Snapshot(Kind.CHECKPOINT, now, good, noPieces(), FileMarks.NONE), now);
      durable = good.copy();
      ResumeHistory.addAll(have, good);
      ResumeHistory.removeAll(doubtful, good);
      channel = file.channel();
    } finally {
      lock.unlock();
    }
    file.force(channel);
  }

  /// Makes the pieces durable and writes down that nothing was left half done. To be called when
  /// nobody writes any more, before [#close()] and before the storage is closed. Doubtful pieces
  /// stay doubtful.
  ///
  /// @param good all good pieces
  void clean(PieceSet good) throws StorageException {
    storage.force();
    lock.lock();
    try {
      if (!file.isBegun() && good.isEmpty()) {
        return;
      }
      ResumeHistory.removeAll(doubtful, good);
      long now = clock.millis();
      FileMarks left = FileMarks.of(storage, header.files());
      append(new Snapshot(Kind.CLEAN, now, good, doubtful, left), now);
      have = good.copy();
      durable = good.copy();
      file.force(file.channel());
    } finally {
      lock.unlock();
    }
  }

  private void append(ResumeRecord record, long now) throws StorageException {
    if (!file.isBegun() || !file.hasRoom()) {
      rewrite();
    }
    file.append(record);
    lastMillis = now;
  }

  /// Writes down the same in a new file, which takes the place of the old one at once.
  private void rewrite() throws StorageException {
    long now = clock.millis();
    file.replace(
        header,
        new Snapshot(Kind.CHECKPOINT, now, durable, noPieces(), FileMarks.NONE),
        new Snapshot(Kind.OPEN, now, have, doubtful, marks));
    lastMillis = now;
  }

  private PieceSet noPieces() {
    return new PieceSet(header.pieces());
  }

  /// Lets other processes in. Without [#clean(PieceSet)] before, this is like `kill -9`.
  @Override
  public void close() {
    lock.lock();
    try {
      file.close();
    } finally {
      lock.unlock();
    }
  }
}
