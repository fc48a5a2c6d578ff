package peerage.node;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import peerage.wire.Metainfo;

/// A storage in which a test stands in the way of reads, writes and syncs.
final class HookedStorage extends Storage {
  Hook beforeWrite = () -> {};
  Hook beforeRead = () -> {};
  Hook beforeForce = () -> {};
  final AtomicLong bytesRead = new AtomicLong();

  interface Hook {
    void run() throws StorageException;
  }

  HookedStorage(Metainfo torrent, Path directory, Selection selection, Path partsFile)
      throws StorageException {
    super(torrent, directory, selection, Access.WRITE, partsFile);
  }

  @Override
  void read(long offset, ByteBuffer target) throws StorageException {
    beforeRead.run();
    bytesRead.addAndGet(target.remaining());
    super.read(offset, target);
  }

  @Override
  void write(long offset, ByteBuffer source) throws StorageException {
    beforeWrite.run();
    super.write(offset, source);
  }

  @Override
  void force() throws StorageException {
    beforeForce.run();
    super.force();
  }
}
