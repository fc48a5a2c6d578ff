package peerage.node;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import peerage.node.StorageException.Reason;
import peerage.pieces.PieceSet;
import peerage.wire.Metainfo;
import peerage.wire.TorrentFile;

/// Hashes pieces that are on disk. Used by one thread at a time.
final class Recheck {
  /// Most threads that hash. A guess: one alone waits for the disk half of the time, and more of
  /// them would only make a disk seek.
  private static final int MAX_THREADS = 2;

  private final Metainfo torrent;
  private final Storage storage;
  private final PieceReader reader;

  /// What was found.
  ///
  /// @param good pieces that have their hash
  /// @param bad pieces that do not, or are not all there
  /// @param foreign indices of selected files on disk that cannot be ours: longer than the torrent
  ///     says, or not empty while none of their pieces is good. Before a first download into them,
  ///     refuse with [#exists(int)]; see [ResumeLog#isOurs(int)].
  /// @param cancelled whether it ended early; then some pieces are neither good nor bad, and
  ///     `foreign` is empty
  record Result(PieceSet good, PieceSet bad, List<Integer> foreign, boolean cancelled) {}

  /// Is told how far it is, by any thread, one call at a time.
  interface Meter {
    /// Some pieces were hashed.
    ///
    /// @param done pieces hashed so far
    /// @param total pieces to hash
    void pieces(int done, int total);
  }

  Recheck(Metainfo torrent, Storage storage) {
    this.torrent = torrent;
    this.storage = storage;
    this.reader = new PieceReader(torrent, storage);
  }

  /// Hashes some pieces; waits until it is done. The hashing is done by threads of the platform,
  /// because it would keep virtual ones from their turn. An interrupt cancels it.
  ///
  /// @param pieces those to hash; a file of which some are left out is not called foreign
  /// @param cancelled asked between two pieces
  Result run(PieceSet pieces, Meter meter, BooleanSupplier cancelled) throws IOException {
    var work = new Work(pieces.copy(), meter, cancelled);
    int count = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MAX_THREADS);
    List<Thread> threads =
        IntStream.range(0, count)
            .mapToObj(i -> Thread.ofPlatform().daemon().name("recheck-" + i).start(work::hash))
            .toList();
    threads.forEach(work::await);
    return work.result();
  }

  /// The refusal to overwrite a file that cannot be ours.
  StorageException exists(int fileIndex) {
    return new StorageException(
        Reason.EXISTS,
        "will not overwrite "
            + StorageException.shown(storage.path(fileIndex))
            + ": what is in it is not of this torrent; move it away or choose another directory");
  }

  /// One run; guarded by itself.
  private final class Work {
    private final PieceSet pieces;
    private final Meter meter;
    private final BooleanSupplier cancelled;
    private final PieceSet good = new PieceSet(torrent.pieceCount());
    private final PieceSet bad = new PieceSet(torrent.pieceCount());
    private int next;
    private boolean isCancelled;
    private @Nullable Throwable failure;

    Work(PieceSet pieces, Meter meter, BooleanSupplier cancelled) {
      this.pieces = pieces;
      this.meter = meter;
      this.cancelled = cancelled;
    }

    void hash() {
      try {
        for (int piece = take(); piece >= 0; piece = take()) {
          done(piece, reader.verify(piece));
        }
      } catch (IOException | RuntimeException | Error e) {
        fail(e);
      }
    }

    /// @return the next piece to hash, or -1
    private synchronized int take() {
      while (next < pieces.size() && !pieces.get(next)) {
        next++;
      }
      if (next == pieces.size() || failure != null) {
        return -1;
      }
      isCancelled |= cancelled.getAsBoolean();
      return isCancelled ? -1 : next++;
    }

    private synchronized void done(int piece, boolean isGood) {
      (isGood ? good : bad).add(piece);
      meter.pieces(good.count() + bad.count(), pieces.count());
    }

    private synchronized void fail(Throwable e) {
      failure = failure == null ? e : failure;
    }

    private synchronized void cancel() {
      isCancelled = true;
    }

    void await(Thread thread) {
      boolean wasInterrupted = false;
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException _) {
          wasInterrupted = true;
          cancel();
        }
      }
      if (wasInterrupted) {
        Thread.currentThread().interrupt();
      }
    }

    synchronized Result result() throws IOException {
      switch (failure) {
        case null -> {}
        case IOException e -> throw e;
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable e -> throw new AssertionError("no such exception is caught", e);
      }
      boolean isCut = isCancelled && good.count() + bad.count() < pieces.count();
      return new Result(good, bad, isCut ? List.of() : foreign(), isCut);
    }

    private List<Integer> foreign() {
      List<Integer> foreign = new ArrayList<>();
      for (int i = 0; i < torrent.files().size(); i++) {
        FileState state = storage.state(i);
        if (state.exists() && isForeign(torrent.files().get(i), state)) {
          foreign.add(i);
        }
      }
      return foreign;
    }

    private boolean isForeign(TorrentFile file, FileState state) {
      PieceRange range = PieceRange.of(file, torrent.pieceLength());
      boolean allBad = range.countIn(bad) == range.end() - range.first();
      return state.size() > file.length() || (state.size() > 0 && allBad);
    }
  }
}
