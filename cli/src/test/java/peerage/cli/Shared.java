package peerage.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/// Files to share, in a folder of a test's own.
final class Shared {
  private Shared() {}

  /// Writes a folder `album` of three files, 300,000 bytes in all.
  static Path album(Path home) throws IOException {
    Path album = home.resolve("album");
    write(album.resolve("b.bin"), 200_000, 1);
    write(album.resolve("a").resolve("deep.txt"), 100_000, 2);
    write(album.resolve("empty"), 0, 3);
    return album;
  }

  static Path write(Path file, int length, long seed) throws IOException {
    byte[] bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    Files.createDirectories(file.getParent());
    return Files.write(file, bytes);
  }

  /// Makes a torrent next to what it shares.
  static Path torrent(Path shared, String... more) {
    Path torrent = shared.resolveSibling(shared.getFileName() + ".torrent");
    Object[] arguments = new Object[more.length + 4];
    arguments[0] = "create";
    arguments[1] = "-o";
    arguments[2] = torrent;
    arguments[3] = shared;
    System.arraycopy(more, 0, arguments, 4, more.length);
    var shell = new Recorded();
    if (shell.run(arguments) != ExitCode.OK) {
      throw new AssertionError(shell.err());
    }
    return torrent;
  }
}
