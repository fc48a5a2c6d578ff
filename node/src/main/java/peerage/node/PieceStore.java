package peerage.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import peerage.pieces.PieceSet;
import peerage.wire.Block;
import peerage.wire.Metainfo;

/// Writes the blocks of a torrent, hashing them on the way. Thread-safe.
final class PieceStore {
  /// A store that writes nothing down about its progress.
  ///
  /// @param verified the pieces that are known to be good; copied
  PieceStore(Metainfo torrent, Storage storage, PieceSet verified) {
    throw new UnsupportedOperationException();
  }

  /// A store that tells `log` before it writes.
  PieceStore(Metainfo torrent, Storage storage, PieceSet verified, ResumeLog log) {
    throw new UnsupportedOperationException();
  }

  /// Writes a block, unless another copy of it is written or being written. The data is consumed
  /// either way.
  ///
  /// @return whether it was written: then, and only then, the block is there now
  boolean write(Block block, ByteBuffer data) throws IOException {
    throw new UnsupportedOperationException();
  }

  /// Whether a piece, all of whose blocks are written, has its hash; empty if only reading can tell
  /// ([#checkByReading(int)]).
  Optional<Boolean> check(int piece) {
    throw new UnsupportedOperationException();
  }

  /// Whether a piece, all of whose blocks are written, has its hash; reads what was not hashed.
  boolean checkByReading(int piece) throws IOException {
    throw new UnsupportedOperationException();
  }

  /// Remembers that a piece is good; nothing is ever written to it again.
  void verified(int piece) {
    throw new UnsupportedOperationException();
  }

  /// Forgets all blocks of a piece: they are all to be written again.
  void reset(int piece) {
    throw new UnsupportedOperationException();
  }

  /// Whether the piece on disk has its hash; a missing or short file means no.
  boolean verify(int piece) throws IOException {
    throw new UnsupportedOperationException();
  }

  /// Reads a part of a verified piece.
  void read(Block block, ByteBuffer target) throws IOException {
    throw new UnsupportedOperationException();
  }
}
