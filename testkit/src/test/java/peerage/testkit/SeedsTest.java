package peerage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInfo;

final class SeedsTest {
  private static final TreeSet<Long> SEEN = new TreeSet<>();

  @Seeds(5)
  void theSeedIsInTheNameOfTheTest(long seed, TestInfo test) {
    SEEN.add(seed);
    assertThat(test.getDisplayName()).isEqualTo("seed " + seed);
  }

  @Seeds(3)
  void theSameSeedMakesTheSameWorld(long seed) {
    assertThat(new Random(seed).nextLong()).isEqualTo(new Random(seed).nextLong());
  }

  @AfterAll
  static void seedsCountFromZeroUnlessOneIsReplayed() {
    Long replayed = Long.getLong("seed");
    if (replayed == null) {
      assertThat(SEEN).containsExactly(0L, 1L, 2L, 3L, 4L);
    } else {
      assertThat(SEEN).containsExactly(replayed);
    }
  }
}
