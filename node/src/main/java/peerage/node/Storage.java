package peerage.node;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import peerage.pieces.PieceSet;
import peerage.wire.Metainfo;

/// The bytes of a torrent, in files below a directory. Thread-safe.
///
/// Threads that use it must never be interrupted: an interrupt inside of a [FileChannel] closes the
/// channel for everybody.
class Storage implements AutoCloseable {
  /// What may be done to the files.
  enum Access {
    /// They are never changed, and may be symbolic links.
    READ,
    /// They are created and written; symbolic links are refused.
    WRITE
  }

  /// Opens the storage; no file is opened or created yet, but the directory is if it is missing.
  ///
  /// @param partsFile where bytes go that belong to pieces of selected files, but to other files
  /// @throws IllegalArgumentException if the selection was made for another torrent
  static Storage open(
      Metainfo torrent, Path directory, Selection selection, Access access, Path partsFile)
      throws StorageException {
    throw new UnsupportedOperationException();
  }

  /// Creates the directories and the files of length 0, and looks whether there is space.
  ///
  /// @param have pieces that are on disk already
  void prepare(PieceSet have) throws StorageException {
    throw new UnsupportedOperationException();
  }

  /// Fills the rest of the target with the bytes from `offset` on.
  void read(long offset, ByteBuffer target) throws StorageException {
    throw new UnsupportedOperationException();
  }

  /// Writes the rest of the source at `offset`.
  void write(long offset, ByteBuffer source) throws StorageException {
    throw new UnsupportedOperationException();
  }

  /// Makes durable what was written before.
  void force() throws StorageException {
    throw new UnsupportedOperationException();
  }

  /// What the disk says about a file of the torrent.
  FileState state(int fileIndex) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
