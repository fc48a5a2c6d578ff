import com.google.googlejavaformat.java.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
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
    boolean good = commentsWhole(touched, fix);
    good &= touched.isEmpty() || formatted(touched, fix);
    good &= commentsWhole(touched, fix); // what was indented anew may be too long now
    if (!good) {
      System.err.println(HOW_TO_FIX);
      System.exit(1);
    }
    Files.writeString(stamp, "");
    Files.setLastModifiedTime(stamp, begun);
  }

  /// The formatter breaks a `///` line that is too long into one that is no doc comment any more:
  /// such lines are broken here first, and what it has broken is joined again.
  private static boolean commentsWhole(List<Path> files, boolean fix) throws IOException {
    boolean whole = true;
    for (Path file : files) {
      List<String> lines = Files.readAllLines(file);
      List<String> mended = mended(lines);
      if (!mended.equals(lines) && fix) {
        Files.write(file, mended);
      } else if (!mended.equals(lines)) {
        System.err.println(
            file + " (a /// line over 100 columns, or a // line that continues one)");
        whole = false;
      }
    }
    return whole;
  }

  private static List<String> mended(List<String> lines) {
    List<String> rest = new ArrayList<>(lines);
    List<String> mended = new ArrayList<>();
    boolean code = false;
    while (!rest.isEmpty()) {
      String line = joined(rest.removeFirst(), mended);
      code ^= line.strip().startsWith("/// ```");
      int end = line.length() > 100 && isComment(line) ? line.lastIndexOf(' ', 100) : -1;
      if (end <= line.indexOf("///") + 3) {
        mended.add(line); // short enough, or one word, an address for example
      } else {
        mended.add(line.substring(0, end));
        carry(line.substring(end + 1), line.substring(0, line.indexOf("///") + 4), rest, code);
      }
    }
    return mended;
  }

  private static boolean isComment(String line) {
    return line.stripLeading().startsWith("/// ");
  }

  /// The line, or what it was before the formatter made a plain comment of it.
  private static String joined(String line, List<String> before) {
    int slashes = line.indexOf("// ");
    return slashes >= 0
            && line.substring(0, slashes).isBlank()
            && !before.isEmpty()
            && before.getLast().startsWith(line.substring(0, slashes) + "/// ")
        ? line.substring(0, slashes) + "/" + line.substring(slashes)
        : line;
  }

  /// Puts the words that found no room before those of the next line, if that goes on with the same
  /// paragraph, or else on a line of their own.
  private static void carry(String words, String margin, List<String> rest, boolean code) {
    String next = rest.isEmpty() ? "" : rest.getFirst();
    String text = next.startsWith(margin) ? next.substring(margin.length()).strip() : "";
    boolean goesOn = !code && text.matches("(?!- |@|```|[0-9]+[.] |#|[|]).+");
    if (goesOn) {
      int at = next.length() - next.substring(margin.length()).stripLeading().length();
      rest.set(0, next.substring(0, at) + words + " " + next.substring(at));
    } else {
      rest.addFirst(margin + words);
    }
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
