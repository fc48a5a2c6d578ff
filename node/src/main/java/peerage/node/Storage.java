package peerage.node;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicIntegerArray;
import peerage.node.OpenFiles.OpenFile;
import peerage.node.OpenFiles.Use;
import peerage.node.StorageException.Reason;
import peerage.pieces.PieceSet;
import peerage.wire.Metainfo;
import peerage.wire.TorrentFile;
import peerage.wire.TorrentFile.Kind;

/// The bytes of a torrent, in files below a directory. Thread-safe: reads and writes of any threads
/// go straight between their buffer and the file.
///
/// A thread must never be interrupted while it is in here: an interrupt inside of a [FileChannel]
/// closes the channel for everybody. If it happens all the same, the others open the file again,
/// once; the interrupted thread fails.
class Storage implements AutoCloseable {
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(64 * 1024).asReadOnlyBuffer();

  private final Metainfo torrent;
  private final TorrentPaths paths;
  private final Selection selection;
  private final Access access;
  private final Path partsFile;
  private final TorrentSpans spans;
  private final boolean needsParts;
  private final OpenFiles openFiles;
  // 1 for a file written since it was last forced; the parts file is behind the torrent's files.
  private final AtomicIntegerArray dirty;
  // 1 for a file that was open before: it is not created a second time.
  private final AtomicIntegerArray opened;

  /// What may be done to the files.
  enum Access {
    /// They are never changed, and may be symbolic links.
    READ,
    /// They are created and written; symbolic links are refused.
    WRITE
  }

  /// For [#open] and for tests that stand in between.
  Storage(Metainfo torrent, Path directory, Selection selection, Access access, Path partsFile)
      throws StorageException {
    selection.check(torrent);
    this.torrent = torrent;
    this.paths = TorrentPaths.below(directory, access);
    this.selection = selection;
    this.access = access;
    this.partsFile = partsFile.toAbsolutePath();
    this.spans = new TorrentSpans(torrent);
    this.needsParts = spans.needParts(selection);
    this.openFiles = new OpenFiles(new Opener());
    this.dirty = new AtomicIntegerArray(partsIndex() + 1);
    this.opened = new AtomicIntegerArray(partsIndex() + 1);
    for (TorrentFile file : torrent.files()) {
      if (file.kind() == Kind.DATA) {
        paths.of(file);
      }
    }
  }

  /// Opens the storage; no file is opened or created yet, but the directory is if it is missing.
  ///
  /// @param partsFile where bytes go that belong to pieces of selected files, but to other files; a
  ///     sparse file with the torrent's offsets
  /// @throws IllegalArgumentException if the selection was made for another torrent
  static Storage open(
      Metainfo torrent, Path directory, Selection selection, Access access, Path partsFile)
      throws StorageException {
    return new Storage(torrent, directory, selection, access, partsFile);
  }

  /// Creates the folders and the files of length 0, and looks whether there is space for the rest.
  ///
  /// @param have pieces that are on disk already
  void prepare(PieceSet have) throws StorageException {
    requireWritable();
    for (int i = 0; i < torrent.files().size(); i++) {
      if (isOnDisk(i)) {
        prepare(torrent.files().get(i));
      }
    }
    requireSpace(spans.bytesToWrite(selection, have));
  }

  private void prepare(TorrentFile file) throws StorageException {
    Path path = paths.of(file);
    if (file.length() > 0) {
      paths.createParents(path);
      return;
    }
    try (FileChannel empty = paths.create(path)) {
      requireNotLonger(path, empty.size(), 0);
    } catch (IOException e) {
      throw StorageException.of("create", path, e);
    }
  }

  private void requireSpace(long needed) throws StorageException {
    long usable;
    try {
      usable = Files.getFileStore(paths.directory()).getUsableSpace();
    } catch (IOException e) {
      throw StorageException.of("ask for the space left in", paths.directory(), e);
    }
    if (usable < needed) {
      throw new StorageException(
          Reason.DISK_FULL,
          "cannot download into "
              + StorageException.shown(paths.directory())
              + ": "
              + needed
              + " bytes are to come and "
              + usable
              + " are free; free some space or choose another directory");
    }
  }

  /// Fills the rest of the target with the bytes from `offset` on.
  ///
  /// @throws StorageException NOT_FOUND or CHANGED if a file is missing or too short
  void read(long offset, ByteBuffer target) throws StorageException {
    transfer(offset, target, Use.READ);
  }

  /// Writes the rest of the source at `offset`.
  void write(long offset, ByteBuffer source) throws StorageException {
    requireWritable();
    transfer(offset, source, Use.WRITE);
  }

  private void transfer(long offset, ByteBuffer buffer, Use use) throws StorageException {
    int end = buffer.limit();
    if (offset < 0 || offset > torrent.totalLength() - buffer.remaining()) {
      throw new IndexOutOfBoundsException(buffer.remaining() + " bytes at " + offset);
    }
    try {
      long at = offset;
      for (int span = spans.at(offset); buffer.position() < end; span++) {
        int index = spans.file(span);
        TorrentFile file = torrent.files().get(index);
        long left = file.offset() + file.length() - at;
        int length = (int) Math.min(end - buffer.position(), left);
        buffer.limit(buffer.position() + length);
        transferWithin(index, at, buffer, use);
        at += length;
        buffer.limit(end);
      }
    } finally {
      buffer.limit(end);
    }
  }

  private void transferWithin(int index, long offset, ByteBuffer buffer, Use use)
      throws StorageException {
    TorrentFile file = torrent.files().get(index);
    if (file.kind() == Kind.PADDING) {
      pad(buffer, use);
    } else if (selection.includes(index)) {
      transferToFile(index, offset - file.offset(), buffer, use);
    } else {
      transferToFile(partsIndex(), offset, buffer, use);
    }
  }

  private static void pad(ByteBuffer buffer, Use use) {
    while (use == Use.READ && buffer.hasRemaining()) {
      int length = Math.min(buffer.remaining(), ZEROS.capacity());
      buffer.put(buffer.position(), ZEROS, 0, length);
      buffer.position(buffer.position() + length);
    }
    buffer.position(buffer.limit());
  }

  private void transferToFile(int index, long position, ByteBuffer buffer, Use use)
      throws StorageException {
    try (OpenFile file = openFiles.borrow(index)) {
      FileChannel channel = file.channel(use);
      int start = buffer.position();
      try {
        transferAll(channel, position, buffer, use);
      } catch (ClosedByInterruptException e) {
        throw e;
      } catch (ClosedChannelException _) {
        buffer.position(start);
        transferAll(file.reopened(channel, use), position, buffer, use);
      }
    } catch (EOFException _) {
      throw new StorageException(
          Reason.CHANGED,
          "cannot read "
              + StorageException.shown(path(index))
              + ": it is shorter than the torrent says; let the torrent be checked again");
    } catch (IOException e) {
      throw StorageException.of(use == Use.READ ? "read" : "write", path(index), e);
    } finally {
      // Behind the write: a force() that came before it did not cover it.
      if (use == Use.WRITE && dirty.get(index) == 0) {
        dirty.set(index, 1);
      }
    }
  }

  private static void transferAll(FileChannel channel, long position, ByteBuffer buffer, Use use)
      throws IOException {
    long at = position;
    while (buffer.hasRemaining()) {
      int moved = use == Use.READ ? channel.read(buffer, at) : channel.write(buffer, at);
      if (moved < 0) {
        throw new EOFException();
      }
      at += moved;
    }
  }

  /// Makes durable what was written before the call.
  void force() throws StorageException {
    for (int i = 0; i < dirty.length(); i++) {
      if (dirty.get(i) == 1) {
        force(i);
      }
    }
  }

  private void force(int index) throws StorageException {
    dirty.set(index, 0);
    boolean forced = false;
    try (OpenFile file = openFiles.borrow(index)) {
      FileChannel channel = file.channel(Use.READ);
      try {
        channel.force(false);
      } catch (ClosedByInterruptException e) {
        throw e;
      } catch (ClosedChannelException _) {
        file.reopened(channel, Use.READ).force(false);
      }
      forced = true;
    } catch (IOException e) {
      throw StorageException.of("write", path(index), e);
    } finally {
      if (!forced) {
        dirty.set(index, 1);
      }
    }
  }

  /// What the disk says about a file of the torrent. One that is not selected, padding or a link is
  /// as if it were missing.
  FileState state(int fileIndex) {
    try {
      return isOnDisk(fileIndex)
          ? paths.state(paths.of(torrent.files().get(fileIndex)))
          : FileState.MISSING;
    } catch (StorageException e) {
      throw new AssertionError("the path was good when the storage was opened", e);
    }
  }

  /// What the disk says about the parts file.
  FileState partsState() {
    try {
      return Files.isDirectory(partsFolder())
          ? TorrentPaths.below(partsFolder(), Access.READ).state(partsFile)
          : FileState.MISSING;
    } catch (StorageException _) {
      return FileState.MISSING; // to open it will tell why
    }
  }

  /// Whether bytes are in this range that are never written and read as zeros.
  boolean hasPadding(long offset, int length) {
    return spans.hasPadding(offset, length);
  }

  /// The directory, free of symbolic links.
  Path directory() {
    return paths.directory();
  }

  Selection selection() {
    return selection;
  }

  Access access() {
    return access;
  }

  /// The place of a file on disk, for messages.
  Path path(int index) {
    try {
      return index == partsIndex() ? partsFile : paths.of(torrent.files().get(index));
    } catch (StorageException e) {
      throw new AssertionError("the path was good when the storage was opened", e);
    }
  }

  private boolean isOnDisk(int index) {
    return torrent.files().get(index).kind() == Kind.DATA && selection.includes(index);
  }

  private int partsIndex() {
    return torrent.files().size();
  }

  private Path partsFolder() {
    Path folder = partsFile.getParent();
    if (folder == null) {
      throw new IllegalArgumentException("no file for parts: " + partsFile);
    }
    return folder;
  }

  private void requireWritable() {
    if (access != Access.WRITE) {
      throw new IllegalStateException("the storage was opened for reading");
    }
  }

  private static void requireNotLonger(Path path, long size, long length) throws StorageException {
    if (size > length) {
      throw new StorageException(
          Reason.EXISTS,
          "will not overwrite "
              + StorageException.shown(path)
              + ": it is longer than the torrent's file; move it away or choose another directory");
    }
  }

  /// Closes all files. The parts file is deleted if it is empty or of no use to the selection.
  @Override
  public void close() {
    openFiles.close();
    FileState parts = partsState();
    if (access == Access.WRITE && parts.exists() && (!needsParts || parts.size() == 0)) {
      try {
        Files.deleteIfExists(partsFile);
      } catch (IOException _) {
        // It is of no use, and the next close tries again.
      }
    }
  }

  /// Opens the torrent's files and the parts file.
  private final class Opener implements OpenFiles.Opener {
    @Override
    public FileChannel open(int index, Use use) throws StorageException {
      boolean isParts = index == partsIndex();
      TorrentPaths folder = isParts ? TorrentPaths.below(partsFolder(), access) : paths;
      Path path = isParts ? folder.directory().resolve(partsFile.getFileName()) : path(index);
      // Departure from "open or create": one that vanished while we run is not silently replaced by
      // an empty one, because its pieces would be served as zeros.
      boolean creates = use == Use.WRITE && opened.get(index) == 0;
      FileChannel channel = creates ? folder.create(path) : folder.open(path);
      opened.set(index, 1);
      return channel;
    }

    @Override
    public void readyToWrite(int index, FileChannel channel) throws StorageException {
      if (index == partsIndex()) {
        return;
      }
      long length = torrent.files().get(index).length();
      Path path = path(index);
      try {
        long size = channel.size();
        requireNotLonger(path, size, length);
        if (size < length) {
          // Java cannot lengthen a file but by writing its last byte; the rest becomes a hole.
          channel.write(ByteBuffer.allocate(1), length - 1);
        }
      } catch (IOException e) {
        throw StorageException.of("write", path, e);
      }
    }
  }
}
