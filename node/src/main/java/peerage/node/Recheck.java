package peerage.node;

import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import peerage.pieces.PieceSet;
import peerage.wire.Metainfo;

/// Hashes pieces that are on disk.
final class Recheck {
  /// What was found.
  ///
  /// @param good pieces that have their hash
  /// @param bad pieces that do not, or are not all there
  /// @param foreign indices of selected files on disk that cannot be ours: longer than the torrent
  ///     says, or not empty and without any good piece. Before a first download into them, refuse
  ///     with [#exists(int)].
  /// @param cancelled whether it ended early; then some pieces are neither good nor bad, and
  ///     `foreign` is empty
  record Result(PieceSet good, PieceSet bad, List<Integer> foreign, boolean cancelled) {}

  /// Is told how far it is, by any thread, one call at a time.
  interface Progress {
    /// @param done pieces hashed so far
    /// @param total pieces to hash
    void pieces(int done, int total);
  }

  Recheck(Metainfo torrent, Storage storage) {
    throw new UnsupportedOperationException();
  }

  /// Hashes some pieces; waits until it is done.
  Result run(PieceSet pieces, Progress progress, BooleanSupplier cancelled) throws IOException {
    throw new UnsupportedOperationException();
  }

  /// The refusal to overwrite a file that cannot be ours.
  StorageException exists(int fileIndex) {
    throw new UnsupportedOperationException();
  }
}
