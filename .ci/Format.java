import com.google.googlejavaformat.java.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Checks the format of every Java file of the modules, or puts it right: `Format check|fix ROOT`.
/// A stamp remembers when all was well, so that only files touched since then are read again.
final class Format {
  private static final String HOW_TO_FIX =
      "These files are not formatted. To put them right:  mvn -q -Pformat";

  public static void main(String[] arguments) throws Exception {
    boolean fix = arguments[0].equals("fix");
    Path root = Path.of(arguments[1]);
    Path stamp = Files.createDirectories(root.resolve("target")).resolve("format.stamp");
    FileTime begun = FileTime.from(Instant.now());
    List<Path> touched = touchedSince(root, stamp);
    List<Path> fit = touched.stream().filter(Format::commentsFit).toList();
    boolean good = fit.isEmpty() || formatted(fit, fix);
    if (!good || fit.size() < touched.size()) {
      System.exit(1);
    }
    Files.writeString(stamp, "");
    Files.setLastModifiedTime(stamp, begun);
  }

  /// The formatter would break a `///` line that is too long into one that is no doc comment.
  private static boolean commentsFit(Path file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    boolean fit = true;
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).length() > 100 && lines.get(i).stripLeading().startsWith("//")) {
        System.err.println(file + ":" + (i + 1) + ": comment over 100 columns; break it by hand");
        fit = false;
      }
    }
    return fit;
  }

  private static boolean formatted(List<Path> files, boolean fix) throws Exception {
    List<String> command = new ArrayList<>();
    command.addAll(fix ? List.of("--replace") : List.of("--dry-run", "--set-exit-if-changed"));
    files.forEach(file -> command.add(file.toString()));
    StringWriter unformatted = new StringWriter();
    PrintWriter errors = new PrintWriter(System.err, true);
    int result =
        new Main(new PrintWriter(unformatted, true), errors, System.in)
            .format(command.toArray(String[]::new));
    if (result != 0 && !fix) {
      System.err.print(unformatted);
      System.err.println(HOW_TO_FIX);
    }
    return result == 0;
  }

  private static List<Path> touchedSince(Path root, Path stamp) throws IOException {
    FileTime last = FileTime.fromMillis(0);
    if (Files.exists(stamp)
        && !isNewer(root.resolve("pom.xml"), Files.getLastModifiedTime(stamp))) {
      last = Files.getLastModifiedTime(stamp);
    }
    List<Path> touched = new ArrayList<>();
    for (Path folder : sourceFolders(root)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
          if (isNewer(file, last)) {
            touched.add(file);
          }
        }
      }
    }
    return touched;
  }

  private static List<Path> sourceFolders(Path root) throws IOException {
    try (Stream<Path> folders = Files.list(root)) {
      return Stream.concat(
              Stream.of(root.resolve(".ci")), folders.map(module -> module.resolve("src")))
          .filter(Files::isDirectory)
          .toList();
    }
  }

  private static boolean isNewer(Path file, FileTime than) throws IOException {
    return Files.getLastModifiedTime(file).compareTo(than) >= 0;
  }
}
