package peerage.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The demo, for real and in a hurry.
final class DemoTest {
  @TempDir Path home;
  private final Recorded shell = new Recorded();

  @Test
  void aNewcomerThatKnowsOnePeerMeetsAllByPeerExchangeAndGetsTheFile() throws Exception {
    assertThat(new DemoRun(shell.terminal(), DemoScale.QUICK).run(home)).isEqualTo(ExitCode.OK);
    assertThat(shell.out())
        .contains("demo tracker  http://127.0.0.1:")
        .contains("newcomer was given peer 4")
        .containsPattern("newcomer heard of peer [1-8] from peer [1-8] by ut_pex")
        .contains("met by ut_pex                 7 of 7 (100 %)")
        .contains("the same as the seed's");
    assertThat(home).isEmptyDirectory();
  }

  @Test
  void itCanBeStopped() {
    shell.stop();
    assertThatThrownBy(() -> new DemoRun(shell.terminal(), DemoScale.READABLE).run(home))
        .isInstanceOf(CommandFailure.class)
        .hasMessage("the demo was stopped");
    assertThat(home).isEmptyDirectory();
  }

  @Test
  void aStopHasTheExitCodeOfSomethingUnfinished() {
    shell.stop();
    assertThat(shell.run("demo")).isEqualTo(ExitCode.UNFINISHED);
    assertThat(shell.err()).isEqualTo("peerage: the demo was stopped\n");
  }
}
