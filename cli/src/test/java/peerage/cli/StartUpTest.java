package peerage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Short commands load little, and so answer at once.
final class StartUpTest {
  @TempDir Path home;

  @Test
  void theVersionIsSaidWithoutTheNetwork() throws IOException, InterruptedException {
    assertThat(classesLoadedBy("--version"))
        .contains("peerage.cli.Main")
        .filteredOn(StartUpTest::isOfTheNetwork)
        .isEmpty();
  }

  @Test
  void aTorrentIsShownWithoutTheNetwork() throws IOException, InterruptedException {
    Path torrent = Shared.torrent(Shared.album(home));
    assertThat(classesLoadedBy("show", torrent.toString()))
        .contains("peerage.wire.Metainfo")
        .doesNotContain("peerage.cli.Get")
        .filteredOn(StartUpTest::isOfTheNetwork)
        .isEmpty();
  }

  private static boolean isOfTheNetwork(String name) {
    return name.startsWith("java.net.http.")
        || name.startsWith("com.sun.net.httpserver.")
        || name.startsWith("io.netty.")
        || name.startsWith("dev.onvoid.")
        || name.startsWith("peerage.pxp.")
        || name.startsWith("peerage.websocket.")
        || name.startsWith("peerage.webrtc.")
        || name.startsWith("peerage.swarm.")
        || name.startsWith("peerage.announce.")
        || List.of(
                "peerage.node.Peerage",
                "peerage.node.TorrentLoop",
                "java.net.InetSocketAddress",
                "java.net.Socket")
            .contains(name);
  }

  private static List<String> classesLoadedBy(String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xlog:class+load:stdout", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "peerage.cli.Main"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    List<String> lines = process.inputReader().lines().toList();
    assertThat(process.waitFor()).as(String.join("\n", lines)).isZero();
    return lines.stream()
        .filter(line -> line.contains("[class,load] "))
        .map(line -> line.replaceAll(".*\\[class,load] ([^ ]+).*", "$1"))
        .toList();
  }
}
