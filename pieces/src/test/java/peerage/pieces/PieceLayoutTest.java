package peerage.pieces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import peerage.testkit.Seeds;
import peerage.wire.Block;

/// Pieces and blocks cover a torrent exactly.
final class PieceLayoutTest {
  @Seeds(100)
  void theBlocksOfAllPiecesFollowEachOtherToTheEnd(long seed) {
    var random = new SplittableRandom(seed);
    var layout = new PieceLayout(1 + random.nextInt(100_000), random.nextInt(3_000_000));
    long end = 0;
    for (int piece = 0; piece < layout.pieceCount(); piece++) {
      int endInPiece = 0;
      for (int i = 0; i < layout.blockCount(piece); i++) {
        Block block = layout.block(piece, i);
        assertThat(block.piece()).isEqualTo(piece);
        assertThat(block.begin()).isEqualTo(endInPiece);
        assertThat(block.length()).isBetween(1, Block.SIZE);
        assertThat(layout.isBlock(block)).isTrue();
        endInPiece += block.length();
      }
      assertThat(endInPiece).isEqualTo(layout.length(piece));
      end += endInPiece;
    }
    assertThat(end).isEqualTo(layout.totalLength());
  }

  @Test
  void onlyExactBlocksAreBlocks() {
    var layout = new PieceLayout(40_000, 100_000);
    assertThat(layout.isBlock(new Block(0, 32_768, 7_232))).isTrue();
    for (Block other :
        new Block[] {
          new Block(0, 32_768, Block.SIZE),
          new Block(0, 0, 1),
          new Block(0, 1, Block.SIZE),
          new Block(3, 0, Block.SIZE),
          new Block(-1, 0, Block.SIZE),
          new Block(0, -Block.SIZE, Block.SIZE),
          new Block(0, 49_152, 0),
          new Block(2, 16_384, Block.SIZE)
        }) {
      assertThat(layout.isBlock(other)).as("%s", other).isFalse();
    }
  }

  @Test
  void nonsenseIsRefused() {
    assertThatThrownBy(() -> new PieceLayout(0, 1)).hasMessageContaining("pieces of 0 bytes");
    assertThatThrownBy(() -> new PieceLayout(1, -1)).hasMessageContaining("-1 bytes");
    assertThatThrownBy(() -> new PieceLayout(1, 1L << 31)).hasMessageContaining("too many pieces");
    assertThat(new PieceLayout(1, (1L << 31) - 1).pieceCount()).isEqualTo(Integer.MAX_VALUE);
    assertThat(new PieceLayout(5, 0).pieceCount()).isZero();
    var layout = new PieceLayout(5, 7);
    assertThatThrownBy(() -> layout.length(2)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> layout.block(1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> new TransferOptions(0)).hasMessageContaining("uploadSlots");
  }
}
