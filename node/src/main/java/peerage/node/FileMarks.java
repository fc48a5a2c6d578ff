package peerage.node;

import java.nio.ByteBuffer;

/// What is written down about each file of a torrent: whether it is selected, and its [FileState].
/// Packed, because a torrent may have half a million files. Immutable.
final class FileMarks {
  /// For a snapshot that says nothing about files.
  static final FileMarks NONE = new FileMarks(ByteBuffer.allocate(0));

  private static final int SIZE = 1 + Long.BYTES + Long.BYTES;
  private static final int EXISTS = 1;
  private static final int SELECTED = 2;

  private final ByteBuffer packed;

  private FileMarks(ByteBuffer packed) {
    this.packed = packed;
  }

  /// Bytes of the marks of a torrent; the parts file has one too.
  static int bytes(int files) {
    return Math.multiplyExact(files + 1, SIZE);
  }

  /// Looks at the files of a torrent.
  static FileMarks of(Storage storage, int files) {
    ByteBuffer packed = ByteBuffer.allocate(bytes(files));
    for (int i = 0; i < files; i++) {
      put(packed, storage.state(i), storage.selection().includes(i));
    }
    put(packed, storage.partsState(), false);
    return new FileMarks(packed.flip());
  }

  private static void put(ByteBuffer packed, FileState state, boolean isSelected) {
    packed.put((byte) ((state.exists() ? EXISTS : 0) | (isSelected ? SELECTED : 0)));
    packed.putLong(state.size()).putLong(state.mtimeMillis());
  }

  /// Reads what [#putTo(ByteBuffer)] wrote; the caller has counted the bytes.
  static FileMarks readFrom(ByteBuffer in, int files) {
    byte[] packed = new byte[bytes(files)];
    in.get(packed);
    return new FileMarks(ByteBuffer.wrap(packed));
  }

  void putTo(ByteBuffer out) {
    out.put(packed.duplicate());
  }

  /// Bytes that [#putTo(ByteBuffer)] writes.
  int bytes() {
    return packed.remaining();
  }

  boolean isSelected(int file) {
    return (packed.get(file * SIZE) & SELECTED) != 0;
  }

  /// The state of a file, or of the parts file if the index is the number of files.
  FileState state(int file) {
    int at = file * SIZE;
    boolean exists = (packed.get(at) & EXISTS) != 0;
    return new FileState(exists, packed.getLong(at + 1), packed.getLong(at + 1 + Long.BYTES));
  }
}
