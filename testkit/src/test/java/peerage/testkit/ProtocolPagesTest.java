package peerage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The pages of `docs/protocols` say which code obeys a requirement and which test proves it; that
/// of threats says which test shows what stops them.
final class ProtocolPagesTest {
  private static final Path ROOT = Repository.root();
  private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+)#(\\w+)`");

  @Test
  void whatAPageNamesIsThere() throws IOException {
    Map<String, String> sources = sources();
    List<String> missing = new ArrayList<>();
    int found = 0;
    for (Path page : files(ROOT.resolve("docs"), ".md")) {
      Matcher named = NAMED.matcher(Files.readString(page));
      while (named.find()) {
        String source = sources.getOrDefault(named.group(1) + ".java", "");
        if (declares(source, named.group(2))) {
          found++;
        } else {
          missing.add(page.getFileName() + ": " + named.group());
        }
      }
    }
    assertThat(missing).isEmpty();
    assertThat(found).isGreaterThan(50);
  }

  /// A method, a constructor, a constant or a record's component: a name after a type or a
  /// modifier, before what may follow a name that is declared.
  private static boolean declares(String source, String member) {
    return Pattern.compile("[\\w>\\]] " + member + "( =|[(;,)]| \\{)").matcher(source).find();
  }

  private static Map<String, String> sources() throws IOException {
    Map<String, String> sources = new TreeMap<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module : modules.filter(m -> Files.exists(m.resolve("pom.xml"))).toList()) {
        for (Path file : files(module.resolve("src"), ".java")) {
          sources.merge(String.valueOf(file.getFileName()), Files.readString(file), String::concat);
        }
      }
    }
    return sources;
  }

  private static List<Path> files(Path folder, String end) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
    }
  }
}
