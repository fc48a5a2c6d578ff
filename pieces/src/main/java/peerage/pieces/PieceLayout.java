package peerage.pieces;

import peerage.wire.Block;
import peerage.wire.Metainfo;

/// How a torrent is cut: into pieces of one length, the last one shorter, and each piece into
/// blocks of [Block#SIZE], its last one shorter.
///
/// @param pieceLength of every piece but the last, in bytes; at least 1
/// @param totalLength of the torrent, in bytes; at least 0
public record PieceLayout(int pieceLength, long totalLength) {
  /// @throws IllegalArgumentException if a length is out of bounds or there are 2^31 pieces or more
  public PieceLayout {
    if (pieceLength < 1 || totalLength < 0) {
      throw new IllegalArgumentException(
          totalLength + " bytes in pieces of " + pieceLength + " bytes");
    }
    if ((totalLength - 1) / pieceLength >= Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "too many pieces: " + totalLength + " bytes in pieces of " + pieceLength + " bytes");
    }
  }

  /// The layout of a torrent.
  public static PieceLayout of(Metainfo torrent) {
    return new PieceLayout(torrent.pieceLength(), torrent.totalLength());
  }

  /// How many pieces there are.
  public int pieceCount() {
    return (int) (totalLength / pieceLength) + (totalLength % pieceLength == 0 ? 0 : 1);
  }

  /// Length of a piece, in bytes.
  ///
  /// @throws IndexOutOfBoundsException if there is no such piece
  public int length(int piece) {
    check(piece, pieceCount(), "piece");
    return (int) Math.min(pieceLength, totalLength - (long) piece * pieceLength);
  }

  /// How many blocks a piece has.
  ///
  /// @throws IndexOutOfBoundsException if there is no such piece
  public int blockCount(int piece) {
    return (length(piece) - 1) / Block.SIZE + 1;
  }

  /// The block number `index` of a piece.
  ///
  /// @throws IndexOutOfBoundsException if there is no such block
  public Block block(int piece, int index) {
    check(index, blockCount(piece), "block");
    int begin = index * Block.SIZE;
    return new Block(piece, begin, Math.min(Block.SIZE, length(piece) - begin));
  }

  /// Whether this is exactly one of the blocks of [#block(int, int)].
  public boolean isBlock(Block block) {
    return covers(block)
        && block.begin() % Block.SIZE == 0
        && block.equals(block(block.piece(), block.begin() / Block.SIZE));
  }

  /// Whether these bytes are there: some of one piece, at least one, wherever they begin.
  boolean covers(Block block) {
    return block.piece() >= 0
        && block.piece() < pieceCount()
        && block.begin() >= 0
        && block.length() > 0
        && (long) block.begin() + block.length() <= length(block.piece());
  }

  private static void check(int index, int count, String what) {
    if (index < 0 || index >= count) {
      throw new IndexOutOfBoundsException(what + " " + index + " of " + count);
    }
  }
}
