package peerage.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import peerage.node.DownloadException.Reason;
import peerage.pieces.PieceSet;
import peerage.wire.Metainfo;
import peerage.wire.TorrentFile;

/// Compares files on disk with a torrent, changing nothing.
public final class Verifier {
  private Verifier() {}

  /// How much of a torrent is on disk.
  ///
  /// @param good pieces that have their hash
  /// @param pieces all of them
  /// @param files those that hold content, in the torrent's order
  public record Report(int good, int pieces, List<FileReport> files) {
    /// Copies the list.
    public Report {
      files = List.copyOf(files);
    }

    /// Whether everything is there as it should be.
    public boolean isComplete() {
      return good == pieces && files.stream().allMatch(FileReport::isComplete);
    }
  }

  /// How much of one file is on disk.
  ///
  /// @param exists whether there is a file at its place
  /// @param size of what is there, in bytes
  /// @param good its pieces that have their hash; a piece may be shared with its neighbours
  /// @param pieces all of its pieces; none if it is empty
  public record FileReport(TorrentFile file, boolean exists, long size, int good, int pieces) {
    /// Whether it is there as it should be.
    public boolean isComplete() {
      return exists && size == file.length() && good == pieces;
    }
  }

  /// Hashes everything that is there.
  ///
  /// @param directory that the torrent's file or folder is in
  /// @param progress called with the number of pieces hashed so far, from one thread at a time
  /// @throws DownloadException if there is no such directory, or a file cannot be read
  public static Report verify(Metainfo torrent, Path directory, IntConsumer progress)
      throws DownloadException {
    if (!Files.isDirectory(directory)) {
      throw new DownloadException(Reason.NOT_FOUND, "there is no directory " + directory);
    }
    // Nothing is kept apart when every file is wanted; the name is never used.
    Path parts = directory.resolve(torrent.infoHash() + ".parts");
    try (Storage storage =
        Storage.open(torrent, directory, Selection.all(), Storage.Access.READ, parts)) {
      Recheck.Result result =
          new Recheck(torrent, storage)
              .run(
                  PieceSet.full(torrent.pieceCount()),
                  (done, _) -> progress.accept(done),
                  () -> false);
      return report(torrent, storage, result.good());
    } catch (IOException e) {
      throw new DownloadException(
          e instanceof StorageException s && s.reason() == StorageException.Reason.DENIED
              ? Reason.DENIED
              : Reason.OTHER,
          String.valueOf(e.getMessage()));
    }
  }

  private static Report report(Metainfo torrent, Storage storage, PieceSet good) {
    List<FileReport> files = new ArrayList<>();
    for (int i = 0; i < torrent.files().size(); i++) {
      TorrentFile file = torrent.files().get(i);
      if (file.kind() == TorrentFile.Kind.DATA) {
        files.add(report(torrent, file, storage.state(i), good));
      }
    }
    return new Report(good.count(), torrent.pieceCount(), files);
  }

  private static FileReport report(
      Metainfo torrent, TorrentFile file, FileState state, PieceSet good) {
    int verified = 0;
    int pieces = 0;
    long end = file.offset() + file.length();
    long length = torrent.pieceLength();
    for (long piece = file.offset() / length; piece * length < end; piece++) {
      if (file.length() > 0) {
        pieces++;
        verified += good.get((int) piece) ? 1 : 0;
      }
    }
    return new FileReport(file, state.exists(), state.size(), verified, pieces);
  }
}
