package peerage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import peerage.testkit.Repository;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/// `docs/commands.md` keeps up with the commands.
final class DocumentationTest {
  private static String page() throws IOException {
    return Files.readString(Repository.root().resolve("docs/commands.md"));
  }

  @Test
  void everyOptionOfEveryCommandIsDescribed() throws IOException {
    List<String> missing = new ArrayList<>();
    CommandLine line = Main.commandLine(new Recorded().terminal());
    line.getSubcommands()
        .forEach(
            (name, command) -> {
              String section = section(name);
              if (!name.equals("help") && section.isEmpty()) {
                missing.add(name);
              }
              for (OptionSpec option : command.getCommandSpec().options()) {
                String shown = option.longestName();
                if (!name.equals("help")
                    && !List.of("--help", "--version").contains(shown)
                    && !section.contains("`" + shown)
                    && !(section.contains("network options") && shared(shown))) {
                  missing.add(name + " " + shown);
                }
              }
            });
    assertThat(missing).isEmpty();
  }

  private static boolean shared(String option) {
    return section("Network and output options").contains("`" + option);
  }

  private static String section(String title) {
    try {
      var matcher =
          Pattern.compile("(?s)\n## `?" + title + "`?[^\n]*\n(.*?)(?=\n## |$)").matcher(page());
      return matcher.find() ? matcher.group(1) : "";
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void everyExitCodeIsListed() throws IOException {
    for (ExitCode code : ExitCode.values()) {
      assertThat(page()).contains("| " + code.number() + " | " + code.meaning() + " |");
    }
  }

  @Test
  void everyEventOfJsonLinesIsListed() throws IOException {
    for (String event :
        List.of(
            "listening",
            "added",
            "checking",
            "joined",
            "heard",
            "refused",
            "dial_failed",
            "connected",
            "introduced",
            "told",
            "odd",
            "disconnected",
            "tracker",
            "piece",
            "progress",
            "finished",
            "failed",
            "complete",
            "lost",
            "peer",
            "end")) {
      assertThat(page()).contains("| `" + event + "` |");
    }
  }
}
