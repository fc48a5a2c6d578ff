package peerage.node;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import peerage.pieces.PieceSet;
import peerage.wire.Metainfo;
import peerage.wire.TorrentFile;
import peerage.wire.TorrentFile.Kind;

/// The files of a torrent that have bytes, found by the offset of a byte. Immutable.
final class TorrentSpans {
  private final Metainfo torrent;
  private final List<TorrentFile> all;
  private final int[] files;
  private final long[] offsets;

  TorrentSpans(Metainfo torrent) {
    this.torrent = torrent;
    this.all = torrent.files();
    this.files = IntStream.range(0, all.size()).filter(i -> all.get(i).length() > 0).toArray();
    this.offsets = Arrays.stream(files).mapToLong(i -> all.get(i).offset()).toArray();
  }

  /// The span with the byte at an offset; the next one has the next number.
  int at(long offset) {
    int found = Arrays.binarySearch(offsets, offset);
    return found >= 0 ? found : -found - 2;
  }

  /// The index of a span's file in [Metainfo#files()].
  int file(int span) {
    return files[span];
  }

  /// Whether bytes of padding are in a range.
  boolean hasPadding(long offset, int length) {
    for (int span = at(offset); span < files.length && offsets[span] < offset + length; span++) {
      if (all.get(files[span]).kind() == Kind.PADDING) {
        return true;
      }
    }
    return false;
  }

  /// Whether a wanted piece has bytes of a file that is not selected.
  boolean needParts(Selection selection) {
    PieceSet wanted = selection.wanted(torrent);
    return Arrays.stream(files)
        .filter(i -> all.get(i).kind() == Kind.DATA && !selection.includes(i))
        .anyMatch(i -> PieceRange.of(all.get(i), torrent.pieceLength()).countIn(wanted) > 0);
  }

  /// Bytes of the wanted pieces that are not there yet, padding apart.
  long bytesToWrite(Selection selection, PieceSet have) {
    PieceSet wanted = selection.wanted(torrent);
    long bytes = 0;
    for (int i : files) {
      if (all.get(i).kind() == Kind.DATA) {
        bytes += bytesToWrite(all.get(i), wanted, have);
      }
    }
    return bytes;
  }

  private long bytesToWrite(TorrentFile file, PieceSet wanted, PieceSet have) {
    PieceRange range = PieceRange.of(file, torrent.pieceLength());
    long bytes = 0;
    for (int piece = range.first(); piece < range.end(); piece++) {
      if (wanted.get(piece) && !have.get(piece)) {
        long begin = (long) piece * torrent.pieceLength();
        long end = begin + torrent.pieceLength();
        bytes += Math.min(end, file.offset() + file.length()) - Math.max(begin, file.offset());
      }
    }
    return bytes;
  }
}
