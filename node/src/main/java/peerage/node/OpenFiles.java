package peerage.node;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import peerage.node.StorageException.Reason;

/// The files that are open, lent to many threads at once; those not used for longest are closed
/// when there are too many. Thread-safe.
final class OpenFiles implements AutoCloseable {
  /// Most files open at once. A guess: an eighth of the usual limit of 1024 of a process, which has
  /// sockets too.
  static final int MAX_OPEN = 128;

  private final Opener opener;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition givenBack = lock.newCondition();
  // From the one not used for longest to the one used last.
  private final LinkedHashMap<Integer, OpenFile> files = new LinkedHashMap<>(16, 0.75f, true);
  private boolean closed;

  /// What a file is opened for.
  enum Use {
    READ,
    WRITE
  }

  /// Opens files; called by one thread at a time for the same file.
  interface Opener {
    /// Opens a file.
    FileChannel open(int file, Use use) throws StorageException;

    /// Makes an open file ready to be written.
    void readyToWrite(int file, FileChannel channel) throws StorageException;
  }

  OpenFiles(Opener opener) {
    this.opener = opener;
  }

  /// Lends a file, which is opened when its channel is asked for; waits if too many are lent. A
  /// thread borrows one at a time, so nobody waits for ever.
  OpenFile borrow(int file) throws StorageException {
    lock.lock();
    try {
      OpenFile lent = files.get(file);
      while (lent == null && !closed && files.size() >= MAX_OPEN && !closeEldestIdle()) {
        givenBack.awaitUninterruptibly();
        lent = files.get(file);
        if (lent != null) {
          givenBack.signal(); // the place that became free is for another one
        }
      }
      if (closed) {
        throw new StorageException(Reason.IO, "cannot use the torrent's files: they were closed");
      }
      if (lent == null) {
        lent = new OpenFile(file);
        files.put(file, lent);
      }
      lent.users++;
      return lent;
    } finally {
      lock.unlock();
    }
  }

  private boolean closeEldestIdle() {
    for (Iterator<OpenFile> eldest = files.values().iterator(); eldest.hasNext(); ) {
      OpenFile file = eldest.next();
      if (file.users == 0) {
        eldest.remove();
        file.closeChannel();
        return true;
      }
    }
    return false;
  }

  private void giveBack(OpenFile file) {
    lock.lock();
    try {
      file.users--;
      if (file.users == 0 && closed) {
        file.closeChannel();
      }
      if (file.users == 0) {
        givenBack.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Closes the files; those that are lent, when they are given back.
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      files.values().stream().filter(file -> file.users == 0).forEach(OpenFile::closeChannel);
      files.clear();
      givenBack.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// How many are open or about to be.
  int count() {
    lock.lock();
    try {
      return files.size();
    } finally {
      lock.unlock();
    }
  }

  /// A file on loan; closing gives it back.
  final class OpenFile implements AutoCloseable {
    private final int file;
    private final ReentrantLock opening = new ReentrantLock();
    private volatile @Nullable FileChannel channel;
    private volatile boolean isReadyToWrite;
    private int users;

    private OpenFile(int file) {
      this.file = file;
    }

    /// The channel, for positional reads and writes by any thread.
    FileChannel channel(Use use) throws StorageException {
      FileChannel open = channel;
      if (open != null && (use == Use.READ || isReadyToWrite)) {
        return open;
      }
      opening.lock();
      try {
        open = channel;
        if (open == null) {
          open = opener.open(file, use);
          channel = open;
        }
        if (use == Use.WRITE && !isReadyToWrite) {
          opener.readyToWrite(file, open);
          isReadyToWrite = true;
        }
        return open;
      } finally {
        opening.unlock();
      }
    }

    /// Another channel, if nobody has opened one since `dead` was closed.
    FileChannel reopened(FileChannel dead, Use use) throws StorageException {
      opening.lock();
      try {
        if (dead.equals(channel)) {
          isReadyToWrite = false;
          channel = null;
        }
        return channel(use);
      } finally {
        opening.unlock();
      }
    }

    private void closeChannel() {
      FileChannel open = channel;
      channel = null;
      if (open != null) {
        try {
          open.close();
        } catch (IOException _) {
          // What was written and is to last is forced, and that told of any failure.
        }
      }
    }

    @Override
    public void close() {
      giveBack(this);
    }
  }
}
