package peerage.testkit;

import java.nio.file.Files;
import java.nio.file.Path;

/// Where the tests run: the folder of the module under test, and the root of all modules.
public final class Repository {
  private Repository() {}

  /// The folder of the module whose tests run: Maven says, or else it is the working directory.
  public static Path module() {
    return Path.of(System.getProperty("basedir", "")).toAbsolutePath();
  }

  /// The folder of the whole project: the nearest one above that holds `.ci`.
  public static Path root() {
    for (Path folder = module(); folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve(".ci"))) {
        return folder;
      }
    }
    throw new IllegalStateException("no folder above " + module() + " holds .ci");
  }
}
