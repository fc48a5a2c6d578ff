package peerage.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import peerage.pxp.Endpoint;
import peerage.testkit.Hostile;
import peerage.testkit.Seeds;

/// What is remembered between two starts.
class PxpMemoryTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  @TempDir Path root;

  private PxpMemory at(Instant now) {
    return new PxpMemory(root.resolve("deep").resolve("peers.db"), InstantSource.fixed(now));
  }

  private static Endpoint endpoint(int number) {
    return Endpoint.parse("tcp://192.0.2.1:" + number).orElseThrow();
  }

  @Test
  void whatWasReachedIsThereAtTheNextStartTheLatestFirst() throws Exception {
    PxpMemory early = at(NOON);
    early.reached(endpoint(1));
    early.reached(endpoint(2));
    early.flush();
    PxpMemory late = at(NOON.plusSeconds(60));
    late.reached(endpoint(1));
    late.flush();

    assertThat(at(NOON).recall()).containsExactly(endpoint(1), endpoint(2));
  }

  @Test
  void theFileIsTextWithOneEndpointALine() throws Exception {
    PxpMemory memory = at(NOON);
    memory.reached(endpoint(7));
    memory.flush();

    assertThat(Files.readAllLines(root.resolve("deep").resolve("peers.db")))
        .endsWith("tcp://192.0.2.1:7 2026-11-21T12:00:00Z");
  }

  @Test
  void nothingIsThereAtTheFirstStart() {
    assertThat(at(NOON).recall()).isEmpty();
  }

  @Test
  void theEarliestIsForgottenWhenThereIsNoRoom() throws Exception {
    for (int i = 1; i <= 300; i++) {
      PxpMemory memory = at(NOON.plusSeconds(i));
      memory.reached(endpoint(i));
      memory.flush();
    }

    assertThat(at(NOON).recall())
        .isEqualTo(
            IntStream.rangeClosed(101, 300)
                .map(i -> 401 - i)
                .mapToObj(PxpMemoryTest::endpoint)
                .toList());
  }

  @Test
  void manyNewsAtOnceAreBounded() throws Exception {
    PxpMemory memory = at(NOON);
    IntStream.rangeClosed(1, 10_000).forEach(i -> memory.reached(endpoint(i)));
    memory.flush();

    assertThat(at(NOON).recall()).hasSize(PxpMemory.ENDPOINTS_MAX);
  }

  @Test
  void onlyTheFirstNewsSinceTheLastWritingAreReportedAsFirst() throws Exception {
    PxpMemory memory = at(NOON);

    assertThat(memory.reached(endpoint(1))).isTrue();
    assertThat(memory.reached(endpoint(2))).isFalse();
    memory.flush();
    assertThat(memory.reached(endpoint(3))).isTrue();
  }

  @Test
  void twoNetworksWithOneFileDoNotLoseEachOthersNews() throws Exception {
    PxpMemory one = at(NOON);
    PxpMemory other = at(NOON.plusSeconds(1));
    one.reached(endpoint(1));
    other.reached(endpoint(2));
    one.flush();
    other.flush();

    assertThat(at(NOON).recall()).containsExactly(endpoint(2), endpoint(1));
  }

  @Test
  void otherLinesArePassedOver() throws Exception {
    Path file = root.resolve("peers.db");
    Files.writeString(
        file,
        """
        # comment 2026-11-21T12:00:00Z
        tcp://192.0.2.1:1 yesterday
        tcp://192.0.2.1:2 2026-11-21T12:00:00Z  and more
        nonsense 2026-11-21T12:00:00Z

        tcp://192.0.2.1:3 2026-11-21T12:00:00Z\
        """);

    assertThat(new PxpMemory(file, InstantSource.fixed(NOON)).recall())
        .containsExactly(endpoint(3));
  }

  @Seeds(20)
  void aBrokenFileIsNoReasonToFail(long seed) throws Exception {
    var random = new SplittableRandom(seed);
    Path file = root.resolve("peers.db");
    var memory = new PxpMemory(file, InstantSource.fixed(NOON));
    memory.reached(endpoint(1));
    memory.reached(endpoint(2));
    memory.flush();
    byte[] good = Files.readAllBytes(file);
    for (byte[] bad : Hostile.mutations(random, List.of(good), 50).toList()) {
      Files.write(file, bad);
      memory.reached(endpoint(5));
      memory.flush();
      assertThat(memory.recall()).contains(endpoint(5));
    }
  }

  @Test
  void whatCannotBeWrittenIsAnErrorAndNotLost() throws Exception {
    Path folder = root.resolve("folder");
    Files.writeString(folder, "a file where a folder should be");
    var memory = new PxpMemory(folder.resolve("peers.db"), InstantSource.fixed(NOON));
    memory.reached(endpoint(1));

    assertThatThrownBy(memory::flush).isInstanceOf(IOException.class);
    Files.delete(folder);
    memory.flush();
    assertThat(memory.recall()).containsExactly(endpoint(1));
  }
}
