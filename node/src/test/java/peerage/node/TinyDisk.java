package peerage.node;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/// A file system of one megabyte, because only a real one is really full. Needs root.
final class TinyDisk implements AutoCloseable {
  private final Path place;

  private TinyDisk(Path place) {
    this.place = place;
  }

  /// Mounts one on an empty directory, or skips the test.
  static TinyDisk mount(Path place) throws IOException, InterruptedException {
    int exit = run("mount", "-t", "tmpfs", "-o", "size=1m", "none", place.toString());
    if (exit != 0) {
      skip("a full disk cannot be had: only root can mount a tmpfs");
    }
    return new TinyDisk(place);
  }

  /// Skips the test, and says so where everybody sees it.
  static void skip(String reason) {
    System.err.println("SKIPPED: " + reason);
    Assumptions.abort(reason);
  }

  void makeReadOnly() throws IOException, InterruptedException {
    if (run("mount", "-o", "remount,ro", place.toString()) != 0) {
      skip("a read-only disk cannot be had");
    }
  }

  /// The exit code of a command, 127 if there is no such command.
  static int run(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(List.of(command))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException _) {
      return 127;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      run("umount", "-l", place.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
