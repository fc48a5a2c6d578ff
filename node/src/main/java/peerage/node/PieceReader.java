package peerage.node;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import peerage.wire.Metainfo;

/// Hashes pieces as they are on disk. Thread-safe.
final class PieceReader {
  /// Bytes of one read. A guess: a disk that turns delivers them in the time of one seek.
  static final int READ_SIZE = 1024 * 1024;

  private static final int BUFFERS_KEPT = 2;

  private final Metainfo torrent;
  private final Storage storage;
  private final ArrayBlockingQueue<ByteBuffer> buffers = new ArrayBlockingQueue<>(BUFFERS_KEPT);

  PieceReader(Metainfo torrent, Storage storage) {
    this.torrent = torrent;
    this.storage = storage;
  }

  static MessageDigest sha1() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-1", e);
    }
  }

  /// Whether the piece on disk has its hash. A file that is missing or too short means no.
  boolean verify(int piece) throws StorageException {
    MessageDigest digest = sha1();
    try {
      update(digest, piece, 0);
    } catch (StorageException e) {
      return switch (e.reason()) {
        case NOT_FOUND, CHANGED -> false;
        case DISK_FULL, DENIED, EXISTS, UNSAFE, IO -> throw e;
      };
    }
    return isHash(piece, digest);
  }

  /// Whether what a digest was fed is the piece; ends the digest.
  boolean isHash(int piece, MessageDigest digest) {
    return Arrays.equals(digest.digest(), torrent.pieceHash(piece));
  }

  /// Feeds a digest with a piece's bytes from `begin` to its end.
  void update(MessageDigest digest, int piece, int begin) throws StorageException {
    ByteBuffer kept = buffers.poll();
    ByteBuffer buffer = kept != null ? kept : ByteBuffer.allocateDirect(READ_SIZE);
    long offset = (long) piece * torrent.pieceLength();
    int length = torrent.pieceLength(piece);
    for (int at = begin; at < length; at += buffer.limit()) {
      buffer.clear().limit(Math.min(READ_SIZE, length - at));
      storage.read(offset + at, buffer);
      digest.update(buffer.flip());
    }
    buffers.offer(buffer);
  }
}
