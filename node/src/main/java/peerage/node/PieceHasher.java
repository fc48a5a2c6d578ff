package peerage.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import peerage.node.DownloadException.Reason;
import peerage.node.SourceFiles.SourceFile;
import peerage.wire.Metainfo;

/// Hashes the pieces of files on disk: each thread takes the next piece, reads it in small parts
/// and keeps one file open.
final class PieceHasher {
  /// Two threads hash more than one disk reads; more would only make it seek.
  private static final int MAX_THREADS = 2;

  private static final int BUFFER_SIZE = 256 * 1024;

  private final SourceFiles source;
  private final int pieceLength;
  private final LongConsumer progress;
  private final byte[] hashes;
  private final int pieces;
  private final AtomicInteger next = new AtomicInteger();
  private long hashed;

  PieceHasher(SourceFiles source, int pieceLength, LongConsumer progress) {
    this.source = source;
    this.pieceLength = pieceLength;
    this.progress = progress;
    this.pieces = Math.toIntExact(Math.ceilDiv(source.totalLength(), pieceLength));
    this.hashes = new byte[pieces * Metainfo.HASH_SIZE];
  }

  byte[] hashes() throws IOException, InterruptedException {
    int threads = Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> workers = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        workers.add(executor.submit(new Worker()::run));
      }
      try {
        for (Future<?> worker : workers) {
          worker.get();
        }
      } catch (ExecutionException e) {
        throw failure(e);
      } finally {
        next.set(pieces);
      }
    }
    return hashes;
  }

  private static IOException failure(ExecutionException e) {
    return e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
  }

  private synchronized void report(int bytes) {
    hashed += bytes;
    progress.accept(hashed);
  }

  private final class Worker {
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_SIZE);
    private final MessageDigest digest = sha1();
    private int file;
    private @Nullable FileChannel open;

    @Nullable Void run() throws IOException {
      try {
        for (int piece = next.getAndIncrement(); piece < pieces; piece = next.getAndIncrement()) {
          hash(piece);
        }
        return null;
      } catch (IOException e) {
        next.set(pieces);
        throw e;
      } finally {
        closeFile();
      }
    }

    private void hash(int piece) throws IOException {
      long position = (long) piece * pieceLength;
      int length = (int) Math.min(pieceLength, source.totalLength() - position);
      for (int left = length; left > 0; ) {
        int read = readSome(position, left);
        digest.update(buffer.flip());
        position += read;
        left -= read;
      }
      byte[] hash = digest.digest();
      System.arraycopy(hash, 0, hashes, piece * Metainfo.HASH_SIZE, hash.length);
      report(length);
    }

    private int readSome(long position, int atMost) throws IOException {
      FileChannel channel = at(position);
      SourceFile current = source.files().get(file);
      long inFile = position - current.offset();
      buffer
          .clear()
          .limit((int) Math.min(Math.min(atMost, BUFFER_SIZE), current.length() - inFile));
      int read = channel.read(buffer, inFile);
      if (read <= 0 || channel.size() != current.length()) {
        throw changed(current.path());
      }
      return read;
    }

    private FileChannel at(long position) throws IOException {
      FileChannel channel = open;
      if (channel != null && ends(file) > position) {
        return channel;
      }
      closeFile();
      while (ends(file) <= position) {
        file++;
      }
      Path path = source.files().get(file).path();
      try {
        channel = FileChannel.open(path);
      } catch (java.nio.file.AccessDeniedException _) {
        throw new DownloadException(Reason.DENIED, "no permission to read " + path);
      } catch (java.nio.file.NoSuchFileException _) {
        throw changed(path);
      }
      open = channel;
      return channel;
    }

    private long ends(int index) {
      SourceFile candidate = source.files().get(index);
      return candidate.offset() + candidate.length();
    }

    private void closeFile() throws IOException {
      FileChannel channel = open;
      open = null;
      if (channel != null) {
        channel.close();
      }
    }
  }

  private static DownloadException changed(Path path) {
    return new DownloadException(
        Reason.OTHER, path + " changed while it was read: try again when nobody writes to it");
  }

  private static MessageDigest sha1() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-1", e);
    }
  }
}
