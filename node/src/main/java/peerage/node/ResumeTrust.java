package peerage.node;

import java.util.Optional;
import peerage.node.ResumeLog.Loaded;
import peerage.pieces.PieceSet;
import peerage.wire.Metainfo;
import peerage.wire.TorrentFile;

/// Judges which pieces of an earlier run are still on disk, by what the disk says about the files.
/// What is wrongly doubted costs a little reading; what is wrongly trusted would be served.
final class ResumeTrust {
  /// How much later than our last record we can have written: a record comes before the first write
  /// after a second without one. A guess for the slowest write.
  private static final long SLACK_MILLIS = 3_000;

  /// The same after a power failure, which also takes the records since the last checkpoint: two
  /// intervals between checkpoints.
  private static final long LOST_MILLIS = 60_000;

  private final Metainfo torrent;
  private final Storage storage;
  private final PieceSet trusted;
  private final PieceSet doubtful;

  private enum Verdict {
    TRUSTED,
    DOUBTFUL,
    GONE
  }

  private ResumeTrust(Metainfo torrent, Storage storage, PieceSet trusted, PieceSet doubtful) {
    this.torrent = torrent;
    this.storage = storage;
    this.trusted = trusted;
    this.doubtful = doubtful;
  }

  static Loaded judge(
      Metainfo torrent, Storage storage, Optional<ResumeHistory> history, String bootId) {
    var none = new PieceSet(torrent.pieceCount());
    PieceSet trusted = history.map(told -> told.have().copy()).orElse(none);
    PieceSet doubtful = history.map(told -> told.doubtful().copy()).orElse(none.copy());
    var trust = new ResumeTrust(torrent, storage, trusted, doubtful);
    if (history.isPresent()) {
      trust.judge(history.get(), isSameBoot(history.get(), bootId));
    } else {
      trust.doubtWhatExists();
    }
    trust.dropUnwanted();
    return new Loaded(trusted, doubtful, history.isPresent());
  }

  private static boolean isSameBoot(ResumeHistory history, String bootId) {
    return !bootId.isEmpty() && bootId.equals(history.bootId());
  }

  private void judge(ResumeHistory history, boolean isSameBoot) {
    if (!isSameBoot && !history.isClean()) {
      PieceSet volatiles = trusted.copy();
      ResumeHistory.removeAll(volatiles, history.durable());
      ResumeHistory.removeAll(trusted, volatiles);
      ResumeHistory.addAll(doubtful, volatiles);
    }
    long latest = history.lastMillis() + SLACK_MILLIS + (isSameBoot ? 0 : LOST_MILLIS);
    for (int i = 0; i < torrent.files().size(); i++) {
      TorrentFile file = torrent.files().get(i);
      if (file.kind() == TorrentFile.Kind.DATA && file.length() > 0) {
        judgeFile(i, history, latest);
      }
    }
  }

  private void judgeFile(int index, ResumeHistory history, long latest) {
    TorrentFile file = torrent.files().get(index);
    PieceRange range = PieceRange.of(file, torrent.pieceLength());
    boolean was = history.marks().isSelected(index);
    boolean is = storage.selection().includes(index);
    if (was && is) {
      apply(verdict(storage.state(index), index, history, latest, file.length()), range);
    } else if (is) {
      // Its pieces may have been in the parts file; the file itself may be of an earlier selection.
      apply(Verdict.GONE, range);
      doubtIfExists(index);
    } else if (was) {
      apply(Verdict.GONE, range);
    } else {
      int parts = torrent.files().size();
      apply(verdict(storage.partsState(), parts, history, latest, 0), range);
    }
  }

  private static Verdict verdict(
      FileState state, int mark, ResumeHistory history, long latest, long length) {
    if (!state.exists()) {
      return Verdict.GONE;
    }
    boolean isAsLeft =
        history.isClean()
            ? state.equals(history.marks().state(mark))
            : state.mtimeMillis() <= latest && state.size() >= length;
    return isAsLeft ? Verdict.TRUSTED : Verdict.DOUBTFUL;
  }

  private void apply(Verdict verdict, PieceRange range) {
    for (int piece = range.first(); piece < range.end(); piece++) {
      switch (verdict) {
        case TRUSTED -> {}
        case DOUBTFUL -> {
          if (trusted.remove(piece)) {
            doubtful.add(piece);
          }
        }
        case GONE -> {
          trusted.remove(piece);
          doubtful.remove(piece);
        }
      }
    }
  }

  private void doubtWhatExists() {
    for (int i = 0; i < torrent.files().size(); i++) {
      doubtIfExists(i);
    }
  }

  private void doubtIfExists(int index) {
    FileState state = storage.state(index);
    if (state.exists() && state.size() > 0) {
      PieceRange.of(torrent.files().get(index), torrent.pieceLength()).addTo(doubtful);
    }
  }

  /// A piece of which no file is selected any more cannot be read, wherever its bytes are.
  private void dropUnwanted() {
    PieceSet wanted = storage.selection().wanted(torrent);
    for (int piece = 0; piece < torrent.pieceCount(); piece++) {
      if (!wanted.get(piece)) {
        trusted.remove(piece);
        doubtful.remove(piece);
      }
    }
  }
}
