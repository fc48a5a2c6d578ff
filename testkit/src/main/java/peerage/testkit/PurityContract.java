package peerage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The test of a pure module, inherited by its `PurityTest`: nothing in it reaches for the world.
public abstract class PurityContract {
  /// For the test class that inherits it.
  protected PurityContract() {}

  @Test
  final void nothingInThisModuleReachesForTheWorld() {
    Path classes = Repository.module().resolve("target").resolve("classes");
    assertThat(classes.resolve("module-info.class")).exists();
    assertThat(Purity.violations(classes)).isEmpty();
  }
}
