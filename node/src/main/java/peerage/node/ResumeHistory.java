package peerage.node;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import peerage.bencode.MalformedMessage;
import peerage.node.ResumeRecord.Alive;
import peerage.node.ResumeRecord.Header;
import peerage.node.ResumeRecord.Piece;
import peerage.node.ResumeRecord.Snapshot;
import peerage.pieces.PieceSet;

/// What a log tells, from its first record to the last good one. Not thread-safe.
final class ResumeHistory {
  private final Header header;
  private PieceSet have;
  private PieceSet doubtful;
  private PieceSet durable;
  private FileMarks marks = FileMarks.NONE;
  private long lastMillis;
  private boolean isClean;

  private ResumeHistory(Header header) {
    this.header = header;
    this.have = new PieceSet(header.pieces());
    this.doubtful = new PieceSet(header.pieces());
    this.durable = new PieceSet(header.pieces());
  }

  /// Reads a log up to the first record that is torn or bad.
  ///
  /// @param expected the header that a log of ours would have; its boot id is ignored
  /// @param maxBytes more than that we never wrote
  /// @return empty if there is no log, or none of this torrent in this directory
  static Optional<ResumeHistory> read(Path log, Header expected, long maxBytes)
      throws StorageException {
    try {
      if (!Files.isRegularFile(log) || Files.size(log) > maxBytes) {
        return Optional.empty();
      }
      try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(log)))) {
        return read(in, expected);
      }
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw StorageException.of("read", log, e);
    }
  }

  private static Optional<ResumeHistory> read(DataInputStream in, Header expected)
      throws IOException {
    if (!(next(in, expected) instanceof Header header) || !isSameLog(header, expected)) {
      return Optional.empty();
    }
    var history = new ResumeHistory(header);
    for (ResumeRecord record = next(in, expected);
        record != null && !(record instanceof Header);
        record = next(in, expected)) {
      history.apply(record);
    }
    return history.marks == FileMarks.NONE ? Optional.empty() : Optional.of(history);
  }

  private static boolean isSameLog(Header found, Header expected) {
    return found.infoHash().equals(expected.infoHash())
        && found.pieces() == expected.pieces()
        && found.files() == expected.files()
        && found.directory().equals(expected.directory());
  }

  /// @return null at the end, which is also where the first bad record is
  private static @Nullable ResumeRecord next(DataInputStream in, Header expected)
      throws IOException {
    byte[] head = in.readNBytes(ResumeRecord.FRAME_HEAD);
    if (head.length < ResumeRecord.FRAME_HEAD) {
      return null;
    }
    int length = ByteBuffer.wrap(head).getInt();
    int crc = ByteBuffer.wrap(head).getInt(Integer.BYTES);
    if (length < 1 || length > ResumeRecord.maxFrame(expected.pieces(), expected.files())) {
      return null;
    }
    byte[] body = in.readNBytes(length);
    if (body.length < length || ResumeRecord.crc(ByteBuffer.wrap(body)) != crc) {
      return null;
    }
    try {
      return ResumeRecord.decode(ByteBuffer.wrap(body), expected.pieces(), expected.files());
    } catch (MalformedMessage _) {
      return null;
    }
  }

  private void apply(ResumeRecord record) {
    isClean = false;
    switch (record) {
      case Header _ -> throw new IllegalArgumentException("a header is the first record");
      case Snapshot snapshot -> apply(snapshot);
      case Piece piece -> {
        have.add(piece.index());
        doubtful.remove(piece.index());
        lastMillis = piece.wallMillis();
      }
      case Alive alive -> lastMillis = alive.wallMillis();
    }
  }

  private void apply(Snapshot snapshot) {
    lastMillis = snapshot.wallMillis();
    switch (snapshot.kind()) {
      case OPEN -> replaceBy(snapshot);
      case CHECKPOINT -> {
        durable = snapshot.have().copy();
        addAll(have, durable);
        removeAll(doubtful, durable);
      }
      case CLEAN -> {
        replaceBy(snapshot);
        durable = have.copy();
        isClean = true;
      }
    }
  }

  private void replaceBy(Snapshot snapshot) {
    have = snapshot.have().copy();
    doubtful = snapshot.doubtful().copy();
    marks = snapshot.marks();
  }

  static void addAll(PieceSet set, PieceSet more) {
    for (int piece = 0; piece < more.size(); piece++) {
      if (more.get(piece)) {
        set.add(piece);
      }
    }
  }

  static void removeAll(PieceSet set, PieceSet fewer) {
    for (int piece = 0; piece < fewer.size(); piece++) {
      if (fewer.get(piece)) {
        set.remove(piece);
      }
    }
  }

  /// All pieces that are said to be on disk.
  PieceSet have() {
    return have;
  }

  /// Pieces that may be on disk.
  PieceSet doubtful() {
    return doubtful;
  }

  /// Pieces that were on disk, and safe from a power failure, at the last snapshot that says so.
  PieceSet durable() {
    return durable;
  }

  /// What the files were at the last snapshot that says so.
  FileMarks marks() {
    return marks;
  }

  /// The wall time of the last record.
  long lastMillis() {
    return lastMillis;
  }

  /// Whether nothing was done after the last CLEAN.
  boolean isClean() {
    return isClean;
  }

  /// Of the system's run in which the log was written; empty if it is not known.
  String bootId() {
    return header.bootId();
  }
}
