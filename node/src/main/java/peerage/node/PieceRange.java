package peerage.node;

import peerage.pieces.PieceSet;
import peerage.wire.TorrentFile;

/// The pieces that hold bytes of a file.
///
/// @param first index of the first one
/// @param end index behind the last one; equal to `first` if the file is empty
record PieceRange(int first, int end) {
  static PieceRange of(TorrentFile file, int pieceLength) {
    int first = (int) (file.offset() / pieceLength);
    long behind = file.offset() + file.length();
    int end = file.length() == 0 ? first : (int) ((behind - 1) / pieceLength) + 1;
    return new PieceRange(first, end);
  }

  void addTo(PieceSet set) {
    for (int piece = first; piece < end; piece++) {
      set.add(piece);
    }
  }

  /// How many of the pieces are in a set.
  int countIn(PieceSet set) {
    int count = 0;
    for (int piece = first; piece < end; piece++) {
      count += set.get(piece) ? 1 : 0;
    }
    return count;
  }
}
