package peerage.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Peer exchange between Peerage and each foreign client: one long look at all of them at once,
/// each in a swarm of its own. What is seen is the table in `docs/interop.md`;
/// `-Dinterop.write=true` writes it anew.
@Order(1) // it takes longest
@Timeout(400)
final class ExchangeTest {
  /// Long enough for three messages a minute apart, and for the first of rTorrent, which comes
  /// within 120 s.
  static final Duration WINDOW = Duration.ofSeconds(135);

  /// BEP 11. There is no most: who has nothing to say is silent.
  private static final Duration LEAST = Duration.ofSeconds(60);

  /// What the watchers saw, line by line, for who wonders about the table.
  private static final Path MESSAGES = Path.of("target/exchange.jsonl");

  private static final int SIZE = 8 << 20;
  private static final int STEP = 64 << 10;

  @RegisterExtension final Lab lab = new Lab();

  private int prepared;

  @Test
  void whoTellsWhomIsAsTheDocumentSays() throws Exception {
    Tracker tracker = Tracker.start(lab);
    WatcherProcess watchers = WatcherProcess.start(lab);
    List<Encounter> encounters =
        Arrays.stream(Foreign.values())
            .filter(lab::has)
            .map(client -> prepare(client, tracker, watchers))
            .toList();

    List<Findings> findings = lookAtAll(encounters);

    Files.write(MESSAGES, watchers.process().lines());
    var table = new ExchangeTable(findings);
    System.out.println("interop:\n" + table.text());
    table.check();
    assertThat(findings).allSatisfy(ExchangeTest::peerageKeepsTheRules);
  }

  /// As the observer of each swarm sees it.
  private static void peerageKeepsTheRules(Findings found) {
    assertThat(found.ours().spacings())
        .as("spacings beside " + found.client())
        .isNotEmpty()
        .allSatisfy(spacing -> assertThat(spacing).isGreaterThanOrEqualTo(LEAST));
    assertThat(found.dropOfOurs()).as("the drop beside " + found.client()).isEqualTo("yes");
  }

  /// Sizes differ so that the info-hashes do.
  private Encounter prepare(Foreign client, Tracker tracker, WatcherProcess watchers) {
    Content content = lab.content(Content.Shape.FILE, SIZE + ++prepared * STEP);
    return Encounter.prepare(lab, client, content, tracker, watchers);
  }

  private static List<Findings> lookAtAll(List<Encounter> encounters) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return encounters.stream()
          .map(encounter -> CompletableFuture.supplyAsync(encounter::look, threads))
          .toList()
          .stream()
          .map(CompletableFuture::join)
          .toList();
    }
  }
}
