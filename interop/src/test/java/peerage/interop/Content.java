package peerage.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import peerage.node.DownloadException;
import peerage.node.TorrentMaker;

/// What the swarm of a test shares: random bytes, and torrents of them.
final class Content {
  private static final int PIECE = 64 << 10;

  /// One file, or several.
  enum Shape {
    /// A file without a folder.
    FILE,
    /// A folder with files of odd sizes, one of them empty.
    FOLDER
  }

  /// The file or folder.
  private final Path source;

  private Content(Path source) {
    this.source = source;
  }

  /// Makes content below a folder.
  ///
  /// @param size in bytes
  static Content make(Path folder, Shape shape, int size) throws IOException {
    var random = new Random(size);
    Path source = folder.resolve("content");
    if (shape == Shape.FILE) {
      write(source, size, random);
      return new Content(source);
    }
    int first = size / 3 + 1;
    int second = size / 5 - 1;
    write(source.resolve("a first file.bin"), first, random);
    write(source.resolve("empty"), 0, random);
    write(source.resolve("tiny.txt"), 17, random);
    write(source.resolve("below/second.bin"), second, random);
    write(source.resolve("below/deeper/last.bin"), size - first - second - 17, random);
    return new Content(source);
  }

  private static void write(Path file, int size, Random random) throws IOException {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  /// The file or folder itself.
  Path file() {
    return source;
  }

  /// A torrent of it.
  ///
  /// @param trackers announce URLs; the info-hash is the same whatever they are
  Path torrent(String... trackers) {
    return write(maker(trackers), "public" + trackers.length);
  }

  /// A private torrent of it, which has another info-hash.
  Path privateTorrent(String tracker) {
    return write(maker(tracker).markPrivate(), "private");
  }

  private TorrentMaker maker(String... trackers) {
    try {
      TorrentMaker maker = TorrentMaker.of(source).pieceLength(PIECE);
      Stream.of(trackers).forEach(url -> maker.tier(List.of(url)));
      return maker;
    } catch (DownloadException e) {
      throw new AssertionError(e);
    }
  }

  private Path write(TorrentMaker maker, String name) {
    try {
      return Files.write(source.resolveSibling(name + ".torrent"), maker.make(_ -> {}));
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  long size() {
    try (Stream<Path> files = Files.walk(source)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Copies it into a folder, for a seed.
  void copyTo(Path folder) {
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(source.getParent().relativize(file)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Says what of it is not in a folder, byte by byte.
  ///
  /// @return nothing if all is there
  List<String> missingIn(Path folder) {
    try (Stream<Path> files = Files.walk(source)) {
      return files.filter(Files::isRegularFile).flatMap(file -> difference(file, folder)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Stream<String> difference(Path file, Path folder) {
    Path copy = folder.resolve(source.getParent().relativize(file));
    try {
      if (!Files.exists(copy)) {
        return Stream.of(copy + " is missing");
      }
      long position = Files.mismatch(file, copy);
      return position < 0 ? Stream.of() : Stream.of(copy + " differs from byte " + position);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
