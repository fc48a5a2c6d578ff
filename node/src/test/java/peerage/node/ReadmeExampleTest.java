package peerage.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import peerage.node.TestSwarm.Host;
import peerage.testkit.Repository;

/// The README's program, as it stands there.
@Timeout(120)
class ReadmeExampleTest {
  @TempDir Path root;

  @Test
  void theExampleOfTheReadmeDownloadsATorrent() throws Exception {
    try (var swarm = new TestSwarm(root, 500_000);
        var tracker = new OnePeerTracker()) {
      Host seed = swarm.seed();
      tracker.names(seed.address());
      Path torrent = root.resolve("x.torrent");
      Files.write(torrent, swarm.torrentFile(tracker.url()));
      Path program = root.resolve("Example.java");
      Files.writeString(program, example());

      Process run =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  "-Duser.home=" + root,
                  program.toString(),
                  torrent.toString(),
                  root.resolve("out").toString())
              .redirectErrorStream(true)
              .start();
      String output = new String(run.getInputStream().readAllBytes(), UTF_8);

      assertThat(run.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(run.exitValue()).as(output).isZero();
      assertThat(output).contains("saved as ").contains("tracker " + tracker.url());
      assertThat(Files.readAllBytes(root.resolve("out").resolve(TestSwarm.NAME)))
          .isEqualTo(swarm.content());
    }
  }

  private static String example() throws Exception {
    String readme = Files.readString(Repository.root().resolve("README.md"));
    String section = readme.substring(readme.indexOf("## As a library"));
    Matcher code = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(section);
    assertThat(code.find()).isTrue();
    return code.group(1);
  }
}
