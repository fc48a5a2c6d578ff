package peerage.node;

import java.nio.file.Path;
import peerage.pieces.PieceSet;
import peerage.wire.Metainfo;

/// What of a torrent is on disk, written down so that `kill -9` loses at most the pieces in flight.
/// Thread-safe.
final class ResumeLog implements AutoCloseable {
  /// What an earlier run left.
  ///
  /// @param trusted pieces that are on disk
  /// @param doubtful pieces that may be on disk: hash them, then call [#verified(int)] or
  ///     [#refuted(int)] for each
  /// @param found whether there was a record of an earlier run
  record Loaded(PieceSet trusted, PieceSet doubtful, boolean found) {}

  /// Reads what an earlier run left, and locks out other processes.
  static ResumeLog open(Path stateDir, Metainfo torrent, Storage storage) throws StorageException {
    throw new UnsupportedOperationException();
  }

  /// What an earlier run left.
  Loaded loaded() {
    throw new UnsupportedOperationException();
  }

  /// Must be called before every write to the storage; cheap.
  void beforeWrite() throws StorageException {
    throw new UnsupportedOperationException();
  }

  /// Writes down that a piece is on disk, and good.
  void verified(int piece) throws StorageException {
    throw new UnsupportedOperationException();
  }

  /// Writes down that a piece is not on disk, though an earlier run said so.
  void refuted(int piece) throws StorageException {
    throw new UnsupportedOperationException();
  }

  /// Makes the pieces durable, then writes down that they are. To be called every 30 s, by a thread
  /// that may wait for the disk.
  ///
  /// @param have all good pieces; a set of its own that nobody changes any more
  void checkpoint(PieceSet have) throws StorageException {
    throw new UnsupportedOperationException();
  }

  /// Makes the pieces durable and writes down that nothing was left half done. To be called when
  /// nobody writes any more, before [#close()] and before the storage is closed.
  void clean(PieceSet have) throws StorageException {
    throw new UnsupportedOperationException();
  }

  /// Lets other processes in. Without [#clean(PieceSet)] before, this is like `kill -9`.
  @Override
  public void close() {}
}
