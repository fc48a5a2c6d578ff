package peerage.node;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import peerage.node.DownloadException.Reason;
import peerage.wire.Metainfo;
import peerage.wire.MetainfoBuilder;

/// Makes a torrent of a file or a folder.
///
/// The same files, names and options give the same info-hash on every machine: files are ordered by
/// the bytes of their names. Not thread-safe.
public final class TorrentMaker {
  private final SourceFiles files;
  private final List<List<String>> tiers = new ArrayList<>();
  private final List<Consumer<MetainfoBuilder>> nodes = new ArrayList<>();
  private OptionalInt pieceLength = OptionalInt.empty();
  private Optional<String> comment = Optional.empty();
  private Optional<String> source = Optional.empty();
  private Optional<String> createdBy = Optional.empty();
  private Optional<Instant> created = Optional.empty();
  private boolean isPrivate;

  private TorrentMaker(SourceFiles files) {
    this.files = files;
  }

  /// Looks at what there is to hash.
  ///
  /// A symbolic link to a file below `source` counts as that file. Everything else that is no
  /// regular file is left out and named by [#leftOut()].
  ///
  /// @param source a file or a folder
  /// @throws DownloadException if it cannot be read, or holds nothing to share
  public static TorrentMaker of(Path source) throws DownloadException {
    return new TorrentMaker(SourceFiles.below(source));
  }

  /// What is below the source and will not be in the torrent: one sentence each.
  public List<String> leftOut() {
    return files.leftOut();
  }

  /// The name that the torrent will have: that of the file or folder.
  public String name() {
    return files.name();
  }

  /// Bytes of all files together.
  public long totalLength() {
    return files.totalLength();
  }

  /// Sets the length of the pieces, in bytes; without it,
  /// [MetainfoBuilder#defaultPieceLength(long)] says.
  public TorrentMaker pieceLength(int bytes) {
    pieceLength = OptionalInt.of(bytes);
    return this;
  }

  /// Adds a tier of trackers behind those added before (BEP 12).
  public TorrentMaker tier(List<String> urls) {
    tiers.add(List.copyOf(urls));
    return this;
  }

  /// Adds a node by which to enter the DHT (BEP 5).
  ///
  /// @param host a name or an address, an IPv6 one without brackets
  /// @param port of UDP, 1 to 65535
  public TorrentMaker node(String host, int port) {
    nodes.add(builder -> builder.node(host, port));
    return this;
  }

  /// Allows peers from the trackers only (BEP 27).
  public TorrentMaker markPrivate() {
    isPrivate = true;
    return this;
  }

  /// Sets what its author says about it.
  public TorrentMaker comment(String text) {
    comment = Optional.of(text);
    return this;
  }

  /// Sets a name that trackers ask for; it changes the info-hash.
  public TorrentMaker source(String name) {
    source = Optional.of(name);
    return this;
  }

  /// Sets the program that makes it, and when.
  public TorrentMaker createdBy(String program, Instant when) {
    createdBy = Optional.of(program);
    created = Optional.of(when);
    return this;
  }

  /// Hashes everything, on two threads, with little memory whatever the size.
  ///
  /// @param progress called with the bytes hashed so far, from one thread at a time
  /// @return the bytes of the `.torrent` file
  /// @throws DownloadException if a file cannot be read, has changed meanwhile, or cannot be in a
  ///     torrent
  /// @throws InterruptedException if interrupted
  public byte[] make(LongConsumer progress) throws DownloadException, InterruptedException {
    int length =
        pieceLength.orElseGet(() -> MetainfoBuilder.defaultPieceLength(files.totalLength()));
    checkPieceLength(length);
    int pieces = Math.toIntExact(Math.ceilDiv(files.totalLength(), length));
    // Bad names and numbers are found before an hour of hashing, not after.
    encode(length, new byte[pieces * Metainfo.HASH_SIZE]);
    try {
      return encode(length, new PieceHasher(files, length, progress).hashes());
    } catch (DownloadException e) {
      throw e;
    } catch (IOException e) {
      throw new DownloadException(Reason.OTHER, "cannot read the files: " + e.getMessage());
    }
  }

  private void checkPieceLength(int length) throws DownloadException {
    if (length < Metainfo.MIN_PIECE_LENGTH || length > Metainfo.MAX_PIECE_LENGTH) {
      throw new DownloadException(
          Reason.BAD_TORRENT,
          "a piece has "
              + Metainfo.MIN_PIECE_LENGTH / 1024
              + " KiB to "
              + Metainfo.MAX_PIECE_LENGTH / 1024
              + " KiB, not "
              + length / 1024);
    }
    if (Math.ceilDiv(files.totalLength(), length) > Metainfo.MAX_PIECES) {
      throw new DownloadException(
          Reason.BAD_TORRENT,
          "that would be more than "
              + Metainfo.MAX_PIECES
              + " pieces: take longer ones than "
              + length / 1024
              + " KiB");
    }
  }

  private byte[] encode(int length, byte[] hashes) throws DownloadException {
    MetainfoBuilder builder = files.describe().pieces(length, hashes);
    tiers.forEach(builder::tier);
    nodes.forEach(node -> node.accept(builder));
    comment.ifPresent(builder::comment);
    source.ifPresent(builder::source);
    createdBy.ifPresent(builder::createdBy);
    created.ifPresent(when -> builder.creationDate(when.getEpochSecond()));
    if (isPrivate) {
      builder.markPrivate();
    }
    try {
      return builder.encode();
    } catch (IllegalArgumentException e) {
      throw new DownloadException(Reason.BAD_TORRENT, String.valueOf(e.getMessage()));
    }
  }
}
