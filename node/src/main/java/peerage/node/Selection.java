package peerage.node;

import java.util.BitSet;
import java.util.Objects;
import java.util.Optional;
import peerage.pieces.PieceSet;
import peerage.wire.Metainfo;
import peerage.wire.TorrentFile;

/// Which files of a torrent to download. Immutable.
public final class Selection {
  private static final Selection ALL = new Selection(Optional.empty());

  private final Optional<BitSet> files;

  private Selection(Optional<BitSet> files) {
    this.files = files;
  }

  /// Every file.
  public static Selection all() {
    return ALL;
  }

  /// Some files.
  ///
  /// @param files their indices in [Metainfo#files()], at least one; copied
  /// @throws IllegalArgumentException if there is none
  public static Selection of(BitSet files) {
    if (files.isEmpty()) {
      throw new IllegalArgumentException("a selection needs at least one file");
    }
    return new Selection(Optional.of((BitSet) files.clone()));
  }

  /// Whether a file is among them.
  ///
  /// @param fileIndex in [Metainfo#files()]
  public boolean includes(int fileIndex) {
    return files.map(some -> some.get(fileIndex)).orElse(true);
  }

  /// The pieces to download: those that hold at least one byte of a selected file, padding apart.
  ///
  /// @throws IllegalArgumentException if the torrent has fewer files than the selection says
  public PieceSet wanted(Metainfo torrent) {
    check(torrent);
    var wanted = new PieceSet(torrent.pieceCount());
    for (int i = 0; i < torrent.files().size(); i++) {
      TorrentFile file = torrent.files().get(i);
      if (includes(i) && file.kind() == TorrentFile.Kind.DATA) {
        PieceRange.of(file, torrent.pieceLength()).addTo(wanted);
      }
    }
    return wanted;
  }

  /// Refuses a selection that was made for another torrent.
  ///
  /// @throws IllegalArgumentException if the torrent has fewer files than the selection says
  void check(Metainfo torrent) {
    int count = torrent.files().size();
    int end = files.map(BitSet::length).orElse(0);
    if (end > count) {
      throw new IllegalArgumentException(
          "file " + (end - 1) + " is selected, and the torrent has " + count + " files");
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Selection that && files.equals(that.files);
  }

  @Override
  public int hashCode() {
    return Objects.hash(files);
  }

  @Override
  public String toString() {
    return files.map(some -> "files " + some).orElse("all files");
  }
}
