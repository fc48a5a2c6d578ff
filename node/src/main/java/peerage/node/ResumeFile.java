package peerage.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import peerage.node.ResumeRecord.Header;
import peerage.node.StorageException.Reason;

/// The file of a [ResumeLog], and beside it one whose lock keeps other processes out. Guarded by
/// the lock of the log, but for what says otherwise.
final class ResumeFile implements AutoCloseable {
  /// Room for records until the log is written anew, in bytes: a day of downloading without pause
  /// has about 2 MB of them. A guess.
  private static final long MIN_ROOM = 4L * 1024 * 1024;

  /// The same in snapshots, for torrents whose snapshots are long. A guess.
  private static final int MIN_SNAPSHOTS = 8;

  private final Path log;
  private final FileChannel locked;
  private final int maxFrame;
  private volatile @Nullable FileChannel channel;
  private long end;

  private ResumeFile(Path log, FileChannel locked, int maxFrame) {
    this.log = log;
    this.locked = locked;
    this.maxFrame = maxFrame;
  }

  /// Takes the lock of a torrent in a directory.
  static ResumeFile lock(Path stateDir, Header header) throws StorageException {
    Path folder = stateDir.toAbsolutePath().resolve("resume");
    String name = header.infoHash().hex() + "-" + directoryName(header.directory());
    Path log = folder.resolve(name + ".log");
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw StorageException.of("create the directory", folder, e);
    }
    int maxFrame = ResumeRecord.maxFrame(header.pieces(), header.files());
    return new ResumeFile(log, lockFile(folder.resolve(name + ".lock"), header), maxFrame);
  }

  private static String directoryName(String directory) {
    byte[] hash = PieceReader.sha1().digest(directory.getBytes(UTF_8));
    return HexFormat.of().formatHex(hash, 0, 4);
  }

  /// The lock's file stays for ever: to delete it would let in one who has it open and one who
  /// creates it anew.
  private static FileChannel lockFile(Path file, Header header) throws StorageException {
    FileChannel channel = null;
    boolean isLocked = false;
    try {
      channel = FileChannel.open(file, CREATE, WRITE);
      isLocked = isFree(channel);
      if (isLocked) {
        return channel;
      }
      throw new StorageException(
          Reason.EXISTS,
          "cannot use "
              + StorageException.shown(Path.of(header.directory()))
              + ": another process is at work on this torrent there; stop it or choose another"
              + " directory");
    } catch (IOException e) {
      throw StorageException.of("lock", file, e);
    } finally {
      if (!isLocked) {
        close(channel);
      }
    }
  }

  private static boolean isFree(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException _) {
      return false; // somebody else in this process has it
    }
  }

  /// Reads the log of an earlier run.
  Optional<ResumeHistory> read(Header header) throws StorageException {
    return ResumeHistory.read(log, header, maxBytes() + maxFrame);
  }

  private long maxBytes() {
    return MIN_ROOM + (long) MIN_SNAPSHOTS * maxFrame;
  }

  /// Whether this run has written to it. Thread-safe.
  boolean isBegun() {
    return channel != null;
  }

  /// Whether a record can be appended; if not, the log is to be written anew.
  boolean hasRoom() {
    return end < maxBytes();
  }

  /// For [#force(FileChannel)].
  FileChannel channel() {
    FileChannel open = channel;
    if (open == null) {
      throw new IllegalStateException("the log is not begun, or closed");
    }
    return open;
  }

  /// Appends a record by one write. If that fails, the next one takes its place.
  void append(ResumeRecord record) throws StorageException {
    try {
      end = write(channel(), record.toFrame(), end);
    } catch (IOException e) {
      throw StorageException.of("write", log, e);
    }
  }

  private static long write(FileChannel channel, ByteBuffer frame, long position)
      throws IOException {
    long at = position;
    while (frame.hasRemaining()) {
      at += channel.write(frame, at);
    }
    return at;
  }

  /// Makes the log durable. Thread-safe.
  ///
  /// @param from the channel that had the records
  void force(FileChannel from) throws StorageException {
    try {
      from.force(false);
    } catch (ClosedByInterruptException e) {
      throw StorageException.of("write", log, e);
    } catch (ClosedChannelException e) {
      if (channel == null || from.equals(channel)) {
        throw StorageException.of("write", log, e);
      }
      // Otherwise the log was written anew since, and that made it durable.
    } catch (IOException e) {
      throw StorageException.of("write", log, e);
    }
  }

  /// Puts a log of these records, durably, in the place of the old one: after a crash there is the
  /// one or the other.
  void replace(ResumeRecord... records) throws StorageException {
    Path fresh = log.resolveSibling(log.getFileName() + ".new");
    FileChannel opened = null;
    boolean isReplaced = false;
    try {
      opened = FileChannel.open(fresh, CREATE, TRUNCATE_EXISTING, WRITE);
      long written = 0;
      for (ResumeRecord record : records) {
        written = write(opened, record.toFrame(), written);
      }
      opened.force(true);
      Files.move(fresh, log, StandardCopyOption.ATOMIC_MOVE);
      forceFolder();
      close(channel);
      channel = opened;
      end = written;
      isReplaced = true;
    } catch (IOException e) {
      throw StorageException.of("write", log, e);
    } finally {
      if (!isReplaced) {
        close(opened);
      }
    }
  }

  private void forceFolder() throws IOException {
    Path folder = log.getParent();
    if (folder != null) {
      try (FileChannel directory = FileChannel.open(folder, READ)) {
        directory.force(true);
      }
    }
  }

  private static void close(@Nullable FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException _) {
        // What is to last was forced.
      }
    }
  }

  /// Gives the lock back.
  @Override
  public void close() {
    close(channel);
    channel = null;
    close(locked);
  }
}
