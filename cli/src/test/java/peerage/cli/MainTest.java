package peerage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import peerage.node.DownloadException;

/// The command line as a whole.
final class MainTest {
  private final Recorded shell = new Recorded();

  @Test
  void itSaysItsVersion() {
    assertThat(shell.run("--version")).isEqualTo(ExitCode.OK);
    assertThat(shell.out()).isEqualTo("peerage 0.1.0\n");
  }

  @Test
  void aloneItShowsTheCommandsAndTheExitCodes() {
    assertThat(shell.run()).isEqualTo(ExitCode.OK);
    assertThat(shell.out())
        .contains("  get         Download torrents.")
        .contains("    13   a file is in the way")
        .contains("peerage demo");
  }

  @ParameterizedTest
  @ValueSource(strings = {"get", "seed", "create", "show", "verify", "peers", "demo"})
  void eachCommandHasHelpWithAnExampleAndDefaults(String command) {
    assertThat(shell.run(command, "--help")).isEqualTo(ExitCode.OK);
    assertThat(shell.out()).startsWith("Usage: peerage " + command).doesNotContain("null");
    if (!command.equals("demo")) {
      assertThat(shell.out()).contains("Example").contains("\n  peerage " + command + " ");
    }
    var sameByHelp = new Recorded();
    assertThat(sameByHelp.run("help", command)).isEqualTo(ExitCode.OK);
    assertThat(sameByHelp.out()).isEqualTo(shell.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gte x | there is no command gte; did you mean get? (see peerage --help)",
        "sead x | there is no command sead; did you mean seed? (see peerage --help)",
        "frobnicate | there is no command frobnicate (see peerage --help)",
        "get x --dri y | there is no option --dri; did you mean --dir? (see peerage get --help)",
        "get | missing required parameter: 'X' (see peerage get --help)",
        "show a b | there is no use for b (see peerage show --help)",
        "get x --port 99999 | --port is 0 to 65535, not 99999",
        "get x --max-peers 0 | --max-peers is at least 1",
        "get x -q -v | --quiet and --verbose exclude each other: give one of them",
        "create x -p | a private torrent finds its peers by its trackers only: name one with -t",
      })
  void aMistakeIsOneSentence(String arguments, String sentence) {
    assertThat(shell.run((Object[]) arguments.split(" "))).isEqualTo(ExitCode.BAD_OPTION);
    assertThat(shell.err()).isEqualTo("peerage: " + sentence + "\n");
    assertThat(shell.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "get x --seed=never", "get x --up-limit fast", "get x --select-file 0", "get x --peer here",
        "get x --regex (", "get x --port many", "peers x --for 0", "create x -s big",
        "create x -t tracker"
      })
  void aBadValueIsRefusedInOneSentence(String arguments) {
    assertThat(shell.run((Object[]) arguments.split(" "))).isEqualTo(ExitCode.BAD_OPTION);
    assertThat(shell.err()).startsWith("peerage: ").hasLineCount(1).doesNotContain("Exception");
  }

  @ParameterizedTest
  @ValueSource(strings = {"magnet:?xt=urn:btih:abc", "MAGNET:?x", "magnet:?xt=urn:btmh:1220SHA256"})
  void aMagnetLinkThatNamesNoTorrentIsRefusedInOneSentence(String source) {
    String link = source.replace("SHA256", "ab".repeat(32));
    for (String command : List.of("get", "seed", "show", "peers", "magnet")) {
      var one = new Recorded();
      assertThat(one.run(command, link, "--port", 0)).as(command).isEqualTo(ExitCode.MAGNET);
      assertThat(one.err()).startsWith("peerage: the magnet link cannot be used: ").hasLineCount(1);
    }
  }

  @Test
  void verifyNeedsTheTorrentItself() {
    String hash = "0123456789abcdef0123456789abcdef01234567";
    assertThat(shell.run("verify", hash)).isEqualTo(ExitCode.MAGNET);
    assertThat(shell.err()).contains("no hashes to compare with").hasLineCount(1);
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    for (String command : List.of("get", "seed", "show", "verify", "peers")) {
      var one = new Recorded();
      assertThat(one.run(command, "no/such.torrent")).as(command).isEqualTo(ExitCode.NOT_FOUND);
      assertThat(one.err()).isEqualTo("peerage: there is no file no/such.torrent\n");
    }
    assertThat(shell.run("get", "no/such.torrent", "--quiet")).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(shell.err()).isEqualTo("peerage: there is no file no/such.torrent\n");
    assertThat(shell.out()).isEmpty();
  }

  @Test
  void aSeedOptionWithoutValueDoesNotTakeTheTorrentForOne() {
    Get get = parsed("get", "--seed", "X.torrent", "Y.torrent");
    assertThat(get.goal).isEqualTo(new SeedGoal.Forever());
    assertThat(get.sources).containsExactly("X.torrent", "Y.torrent");
    assertThat(parsed("get", "X.torrent", "--seed").goal).isEqualTo(new SeedGoal.Forever());
    assertThat(parsed("get", "X.torrent", "--seed=1.5").goal).isEqualTo(new SeedGoal.Ratio(1.5));
    assertThat(parsed("get", "X.torrent").goal).isEqualTo(new SeedGoal.None());
  }

  @Test
  void aTorrentMayBeCalledAtAnything(@TempDir Path home) throws IOException {
    String name = "@" + Files.writeString(home.resolve("file"), "other.torrent");
    assertThat(parsed("get", name).sources).containsExactly(name);
  }

  @ParameterizedTest
  @EnumSource(DownloadException.Reason.class)
  void everyReasonOfAFailureHasAnExitCode(DownloadException.Reason reason) {
    assertThat(ExitCode.of(reason)).isNotEqualTo(ExitCode.OK);
  }

  @Test
  void theNumbersAreAria2s() {
    assertThat(ExitCode.of(DownloadException.Reason.DISK_FULL).number()).isEqualTo(9);
    assertThat(ExitCode.of(DownloadException.Reason.NOT_FOUND).number()).isEqualTo(3);
    assertThat(ExitCode.of(DownloadException.Reason.FILE_EXISTS).number()).isEqualTo(13);
    assertThat(ExitCode.of(DownloadException.Reason.BAD_TORRENT).number()).isEqualTo(26);
    assertThat(ExitCode.of(DownloadException.Reason.NETWORK).number()).isEqualTo(6);
    assertThat(ExitCode.of(DownloadException.Reason.CLOSED).number()).isEqualTo(7);
    assertThat(ExitCode.of(DownloadException.Reason.VERIFY_FAILED).number()).isEqualTo(43);
    assertThat(Arrays.stream(ExitCode.values()).map(ExitCode::number)).doesNotHaveDuplicates();
  }

  @Test
  void theFirstFailureIsTheOneToReport() {
    assertThat(ExitCode.OK.or(ExitCode.NO_PEER)).isEqualTo(ExitCode.NO_PEER);
    assertThat(ExitCode.NETWORK.or(ExitCode.NO_PEER)).isEqualTo(ExitCode.NETWORK);
    assertThat(ExitCode.NETWORK.or(ExitCode.OK)).isEqualTo(ExitCode.NETWORK);
  }

  private Get parsed(String... arguments) {
    var line = Main.commandLine(shell.terminal(), arguments);
    return (Get) line.parseArgs(arguments).asCommandLineList().getLast().getCommand();
  }
}
