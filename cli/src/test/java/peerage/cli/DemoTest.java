package peerage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The demo, for real and in a hurry.
final class DemoTest {
  @Test
  void aNewcomerThatKnowsOnePeerMeetsAllByPeerExchangeAndGetsTheFile() throws IOException {
    List<Path> before = leftBehind();
    var shell = new Recorded();
    assertThat(shell.run("demo", "--quick")).as(shell.out() + shell.err()).isEqualTo(ExitCode.OK);
    assertThat(shell.out())
        .contains("demo tracker  http://127.0.0.1:")
        .contains("newcomer was given peer 4")
        .containsPattern("newcomer heard of peer [1-8] from peer [1-8] by ut_pex")
        .contains("met by ut_pex                 7 of 7 (100 %)")
        .contains("the same as the seed's");
    assertThat(leftBehind()).isEqualTo(before);
  }

  @Test
  void itCanBeStopped() throws IOException {
    List<Path> before = leftBehind();
    var shell = new Recorded();
    shell.stop();
    assertThat(shell.run("demo")).isEqualTo(ExitCode.UNFINISHED);
    assertThat(shell.err()).isEqualTo("peerage: the demo was stopped\n");
    assertThat(leftBehind()).isEqualTo(before);
  }

  private static List<Path> leftBehind() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files.filter(f -> f.getFileName().toString().startsWith("peerage-demo")).toList();
    }
  }
}
