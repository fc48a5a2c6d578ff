package peerage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The house rules that a reader of the files alone can check, over all modules.
final class TidyTest {
  private static final Path ROOT = Repository.root();
  private static final List<String> PURE =
      List.of("peers", "bencode", "wire", "pex", "swarm", "pieces", "announce", "dht", "pxp");

  /// When a machine passes this many lines, nest.
  private static final int LONGEST = 400;

  /// Files of pure modules that may be longer, each with the reason why.
  private static final List<String> LONGER = List.of();

  @Test
  void noTestSleeps() throws IOException {
    assertThat(lines("src/test", Pattern.compile("Thread[.]sleep|TimeUnit[.][A-Z]+[.]sleep")))
        .isEmpty();
  }

  @Test
  void noTestIsSwitchedOff() throws IOException {
    assertThat(lines("src", Pattern.compile("^ *@(Disabled|Ignore)\\b"))).isEmpty();
  }

  @Test
  void whatIsLeftToDoIsAnIssueAndNotAComment() throws IOException {
    assertThat(lines("src", Pattern.compile("\\b(TO[D]O|FIX[M]E|X[X]X)\\b"))).isEmpty();
  }

  @Test
  void aWarningIsSuppressedForAReason() throws IOException {
    assertThat(lines("src", Pattern.compile("@SuppressWarnings\\((?!.*\\) *// ).*"))).isEmpty();
  }

  @Test
  void noFileOfAPureModuleOutgrowsItsReader() throws IOException {
    List<String> found = new ArrayList<>();
    for (String module : PURE) {
      for (Path file : files(ROOT.resolve(module).resolve("src/main/java"))) {
        int lines = Files.readAllLines(file).size();
        if (lines > LONGEST && !LONGER.contains(name(file))) {
          found.add(name(file) + ": " + lines + " lines");
        }
      }
    }
    assertThat(found).isEmpty();
  }

  @Test
  void everyModuleIsDescribedAndIsOneFlatPackageWithoutNulls() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path module : modules()) {
      Path sources = module.resolve("src/main/java");
      if (Files.isDirectory(sources) && !module.endsWith("bench")) {
        Path flat = sources.resolve("peerage").resolve(module.getFileName());
        Path info = flat.resolve("package-info.java");
        if (!Files.exists(sources.resolve("module-info.java"))) {
          found.add(name(sources) + " has no module-info.java");
        }
        if (!Files.exists(info) || !Files.readString(info).contains("@NullMarked")) {
          found.add(name(flat) + " has no package-info.java with @NullMarked");
        }
        files(sources).stream()
            .filter(file -> !file.endsWith("module-info.java") && !flat.equals(file.getParent()))
            .filter(file -> !flat.resolve("spi").equals(file.getParent())) // what others provide
            .forEach(file -> found.add(name(file) + " is outside of the package of its module"));
      }
    }
    assertThat(found).isEmpty();
  }

  @Test
  void everyPureModuleIsTestedForPurity() throws IOException {
    for (String module : PURE) {
      assertThat(ROOT.resolve(module + "/src/test/java/peerage/" + module + "/PurityTest.java"))
          .content()
          .contains("extends PurityContract");
    }
  }

  private static List<String> lines(String folder, Pattern pattern) throws IOException {
    List<String> found = new ArrayList<>();
    for (Path module : modules()) {
      for (Path file : files(module.resolve(folder))) {
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
          if (pattern.matcher(lines.get(i)).find()) {
            found.add(name(file) + ":" + (i + 1) + ": " + lines.get(i).strip());
          }
        }
      }
    }
    return found;
  }

  private static List<Path> modules() throws IOException {
    try (Stream<Path> folders = Files.list(ROOT)) {
      return folders.filter(folder -> Files.exists(folder.resolve("pom.xml"))).sorted().toList();
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }

  private static String name(Path file) {
    return ROOT.relativize(file).toString();
  }
}
