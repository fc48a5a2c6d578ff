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
    line.getSubcommands().forEach((name, command) -> look(command, name, section(name), missing));
    assertThat(missing).isEmpty();
  }

  /// Commands of a command are described in its section.
  private static void look(CommandLine command, String name, String section, List<String> missing) {
    if (name.endsWith("help")) {
      return;
    }
    if (section.isEmpty()) {
      missing.add(name);
    }
    for (OptionSpec option : command.getCommandSpec().options()) {
      String shown = option.longestName();
      if (!List.of("--help", "--version").contains(shown)
          && !section.contains("`" + shown)
          && !(section.contains("network options") && shared(shown))) {
        missing.add(name + " " + shown);
      }
    }
    command
        .getSubcommands()
        .forEach(
            (inner, each) -> {
              if (!inner.equals("help") && !isNamed(section, name + " " + inner)) {
                missing.add(name + " " + inner);
              }
              look(each, name + " " + inner, section, missing);
            });
  }

  /// With or without what it takes behind it.
  private static boolean isNamed(String section, String command) {
    return section.contains("`" + command + "`") || section.contains("`" + command + " ");
  }

  private static boolean shared(String option) {
    return section("Network and output options").contains("`" + option);
  }

  private static String section(String title) {
    try {
      var matcher =
          Pattern.compile("(?s)\n## `?" + title + "`?(?![\\w-])[^\n]*\n(.*?)(?=\n## |$)")
              .matcher(page());
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
            "end",
            "relay_begun",
            "relay_ended",
            "candidates",
            "candidate_failed",
            "asker_refused",
            "rule_broken",
            "handler_failed",
            "stream_given_up",
            "unavailable",
            "new_peer",
            "line")) {
      assertThat(page()).contains("| `" + event + "` |");
    }
  }
}
