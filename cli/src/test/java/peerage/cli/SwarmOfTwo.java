package peerage.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// Whole command lines on the loopback: one that seeds, and one under test.
abstract class SwarmOfTwo {
  @TempDir Path home;
  final Recorded seeder = new Recorded();
  final Recorded shell = new Recorded();
  Path album = Path.of("");
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private int states;

  @BeforeEach
  void share() throws IOException {
    album = Shared.album(home);
  }

  @AfterEach
  void stop() {
    seeder.stop();
    shell.stop();
    threads.close();
  }

  /// On any port and with a state directory of its own, unless they are named.
  CompletableFuture<ExitCode> start(Recorded where, Object... arguments) {
    List<Object> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--bind", "127.0.0.1"));
    if (!all.contains("--state")) {
      all.addAll(List.of("--state", home.resolve("state" + states++)));
    }
    if (!all.contains("--port")) {
      all.addAll(List.of("--port", 0));
    }
    return CompletableFuture.supplyAsync(() -> where.run(all.toArray()), threads);
  }

  /// Seeds, and says where.
  String seeding(Path torrent, Object... more) {
    List<Object> all = new ArrayList<>(List.of("seed", torrent, "-d", home, "--json-lines"));
    all.addAll(List.of(more));
    var _ = start(seeder, all.toArray());
    Recorded.await("the seed seeds", () -> seeder.out().contains("\"event\":\"complete\""));
    String listening = seeder.lines().getFirst();
    return "127.0.0.1:" + listening.replaceAll(".*\"port\":([0-9]+).*", "$1");
  }
}
