package peerage.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import org.junit.jupiter.api.Test;
import peerage.node.SmallTorrent.Entry;
import peerage.pieces.PieceSet;

final class SelectionTest {
  private final SmallTorrent torrent =
      SmallTorrent.of(
          1024,
          Entry.data("a", 1000),
          Entry.padding(1072),
          Entry.data("b", 0),
          Entry.data("c", 1100),
          Entry.data("d", 3000));

  @Test
  void allFilesWantAllPiecesButThoseOfPaddingAlone() {
    PieceSet wanted = Selection.all().wanted(torrent.metainfo());
    // The padding reaches from byte 1000 to 2072: it has piece 1 to itself.
    PieceSet expected = PieceSet.full(torrent.pieces());
    expected.remove(1);
    assertThat(wanted).isEqualTo(expected);
  }

  @Test
  void aFileWantsThePiecesItSharesWithOthers() {
    assertThat(select(3).wanted(torrent.metainfo())).isEqualTo(torrent.set(2, 3));
  }

  @Test
  void anEmptyFileWantsNoPiece() {
    assertThat(select(2).wanted(torrent.metainfo()).isEmpty()).isTrue();
  }

  @Test
  void aSelectionDoesNotChangeWithTheSetItWasMadeFrom() {
    var files = new BitSet();
    files.set(0);
    Selection selection = Selection.of(files);
    files.set(1);
    assertThat(selection.includes(0)).isTrue();
    assertThat(selection.includes(1)).isFalse();
  }

  @Test
  void noFileAtAllIsNoSelection() {
    assertThatThrownBy(() -> Selection.of(new BitSet()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aFileThatTheTorrentDoesNotHaveIsRefused() {
    assertThatThrownBy(() -> select(5).wanted(torrent.metainfo()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  static Selection select(int... files) {
    var set = new BitSet();
    for (int file : files) {
      set.set(file);
    }
    return Selection.of(set);
  }
}
