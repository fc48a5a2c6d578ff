package peerage.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import peerage.node.DownloadException.Reason;
import peerage.peers.InfoHash;
import peerage.pieces.PieceSet;
import peerage.wire.Block;
import peerage.wire.Metainfo;
import peerage.wire.TorrentFile;

/// The content of one torrent on disk: files, verification and kept progress behind one door, with
/// failures in users' words.
final class Disk {
  private final Storage storage;
  private final PieceStore store;
  private final ResumeLog log;
  private final PieceSet have;
  private final PieceSet wanted;
  private final long wantedBytes;
  private final ReentrantReadWriteLock writing = new ReentrantReadWriteLock();
  private volatile @Nullable Thread checkpointing;
  private boolean closed;

  private Disk(
      Storage storage,
      PieceStore store,
      ResumeLog log,
      PieceSet have,
      PieceSet wanted,
      long wantedBytes) {
    this.storage = storage;
    this.store = store;
    this.log = log;
    this.have = have;
    this.wanted = wanted;
    this.wantedBytes = wantedBytes;
  }

  /// Opens the files and finds out which pieces are there: what an earlier run wrote down is
  /// believed, what is doubtful is read.
  static Disk open(
      Metainfo torrent,
      DownloadOptions options,
      Path state,
      Recheck.Meter progress,
      BooleanSupplier cancelled)
      throws DownloadException {
    try {
      return tryOpen(torrent, options, state, progress, cancelled);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private static Disk tryOpen(
      Metainfo torrent,
      DownloadOptions options,
      Path state,
      Recheck.Meter progress,
      BooleanSupplier cancelled)
      throws IOException {
    boolean seeding = options.goal() == DownloadOptions.Goal.SEED;
    Selection selection = selection(torrent, options);
    Storage storage =
        Storage.open(
            torrent,
            options.directory(),
            selection,
            seeding ? Storage.Access.READ : Storage.Access.WRITE,
            state.resolve("parts").resolve(partsName(torrent.infoHash(), options.directory())));
    try {
      ResumeLog log = ResumeLog.open(state, torrent, storage);
      try {
        PieceSet wanted = selection.wanted(torrent);
        PieceSet have = find(torrent, options, storage, log, progress, cancelled);
        if (seeding) {
          requireAll(torrent, wanted, have, cancelled);
        } else {
          storage.prepare(have);
        }
        return new Disk(
            storage,
            new PieceStore(torrent, storage, have, log),
            log,
            have,
            wanted,
            bytes(torrent, wanted));
      } catch (IOException | RuntimeException e) {
        log.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      storage.close();
      throw e;
    }
  }

  private static long bytes(Metainfo torrent, PieceSet pieces) {
    long bytes = 0;
    for (int piece = 0; piece < pieces.size(); piece++) {
      bytes += pieces.get(piece) ? torrent.pieceLength(piece) : 0;
    }
    return bytes;
  }

  private static Selection selection(Metainfo torrent, DownloadOptions options)
      throws DownloadException {
    var files = new BitSet();
    Predicate<TorrentFile> wanted = chosen(torrent, options);
    for (int i = 0; i < torrent.files().size(); i++) {
      files.set(i, wanted.test(torrent.files().get(i)));
    }
    if (files.isEmpty()) {
      throw new DownloadException(
          Reason.NO_FILE_CHOSEN,
          "no file of " + torrent.name() + " is selected: see `peerage show`");
    }
    return files.cardinality() == torrent.files().size() ? Selection.all() : Selection.of(files);
  }

  private static Predicate<TorrentFile> chosen(Metainfo torrent, DownloadOptions options)
      throws DownloadException {
    try {
      return options.select().apply(torrent);
    } catch (IllegalArgumentException e) {
      throw new DownloadException(Reason.NO_FILE_CHOSEN, String.valueOf(e.getMessage()));
    }
  }

  private static String partsName(InfoHash infoHash, Path directory) {
    return infoHash + "-" + Integer.toHexString(directory.toAbsolutePath().hashCode());
  }

  private static PieceSet find(
      Metainfo torrent,
      DownloadOptions options,
      Storage storage,
      ResumeLog log,
      Recheck.Meter progress,
      BooleanSupplier cancelled)
      throws IOException {
    ResumeLog.Loaded loaded = log.loaded();
    PieceSet have = loaded.trusted().copy();
    PieceSet unsure = loaded.found() ? loaded.doubtful() : onDisk(torrent, storage);
    if (unsure.isEmpty()) {
      return have;
    }
    var recheck = new Recheck(torrent, storage);
    Recheck.Result result = recheck.run(unsure, progress, cancelled);
    boolean foreign = !loaded.found() && !result.foreign().isEmpty();
    if (foreign && options.existing() == DownloadOptions.Existing.KEEP) {
      throw recheck.exists(result.foreign().getFirst());
    }
    for (int piece = 0; piece < torrent.pieceCount(); piece++) {
      if (result.good().get(piece)) {
        have.add(piece);
        log.verified(piece);
      } else if (result.bad().get(piece)) {
        log.refuted(piece);
      }
    }
    return have;
  }

  /// Without a record of an earlier run every piece of a file that exists is worth a look.
  private static PieceSet onDisk(Metainfo torrent, Storage storage) {
    boolean anything = false;
    for (int i = 0; i < torrent.files().size(); i++) {
      anything |= storage.state(i).exists() && storage.state(i).size() > 0;
    }
    return anything ? PieceSet.full(torrent.pieceCount()) : new PieceSet(torrent.pieceCount());
  }

  private static void requireAll(
      Metainfo torrent, PieceSet wanted, PieceSet have, BooleanSupplier cancelled)
      throws DownloadException {
    int missing = 0;
    for (int piece = 0; piece < wanted.size(); piece++) {
      missing += wanted.get(piece) && !have.get(piece) ? 1 : 0;
    }
    if (missing > 0 && !cancelled.getAsBoolean()) {
      throw new DownloadException(
          Reason.VERIFY_FAILED,
          missing
              + " of "
              + wanted.count()
              + " pieces of "
              + torrent.name()
              + " are missing or damaged: fetch them with `peerage get` first");
    }
  }

  /// The pieces that were there when this was opened.
  PieceSet have() {
    return have;
  }

  /// The pieces that the selected files need.
  PieceSet wanted() {
    return wanted;
  }

  /// The size of the selected files.
  long wantedBytes() {
    return wantedBytes;
  }

  void write(Block block, ByteBuffer data) throws IOException {
    writing.readLock().lock();
    try {
      if (closed) {
        throw new IOException("the torrent was closed");
      }
      store.write(block, data);
    } finally {
      writing.readLock().unlock();
    }
  }

  void read(Block block, ByteBuffer target) throws IOException {
    store.read(block, target);
  }

  /// See [PieceStore#check(int)].
  Optional<Boolean> check(int piece) {
    return store.check(piece);
  }

  /// See [PieceStore#checkByReading(int)].
  boolean checkByReading(int piece) throws DownloadException {
    try {
      return store.checkByReading(piece);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /// A piece was checked: it is written down, or its blocks are free again.
  void settle(int piece, boolean good) throws DownloadException {
    if (!good) {
      store.reset(piece);
      return;
    }
    store.verified(piece);
    try {
      log.verified(piece);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /// Makes what is there durable, in the background; nothing happens if that is still going on.
  void checkpoint(PieceSet pieces) {
    Thread earlier = checkpointing;
    if (earlier != null && earlier.isAlive()) {
      return;
    }
    checkpointing =
        Thread.ofVirtual()
            .name("checkpoint")
            .start(
                () -> {
                  try {
                    log.checkpoint(pieces);
                  } catch (IOException _) {
                    // the next write meets the same disk, and is told of
                  }
                });
  }

  /// Makes everything durable and ends.
  ///
  /// @param pieces all good pieces
  void close(PieceSet pieces) {
    writing.writeLock().lock(); // blocks that are being written are waited for, later ones refused
    try {
      closed = true;
    } finally {
      writing.writeLock().unlock();
    }
    Thread earlier = checkpointing;
    try {
      if (earlier != null) {
        earlier.join();
      }
      log.clean(pieces);
    } catch (IOException _) {
      // as after kill -9: what the log says already is kept
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      log.close();
      storage.close();
    }
  }

  /// A failure of the storage in users' words.
  static DownloadException failure(IOException e) {
    if (e instanceof DownloadException known) {
      return known;
    }
    String sentence = String.valueOf(e.getMessage());
    if (!(e instanceof StorageException storage)) {
      return new DownloadException(Reason.OTHER, sentence);
    }
    return new DownloadException(
        switch (storage.reason()) {
          case DISK_FULL -> Reason.DISK_FULL;
          case NOT_FOUND -> Reason.NOT_FOUND;
          case DENIED -> Reason.DENIED;
          case EXISTS -> Reason.FILE_EXISTS;
          case UNSAFE, CHANGED, IO -> Reason.OTHER;
        },
        sentence);
  }
}
