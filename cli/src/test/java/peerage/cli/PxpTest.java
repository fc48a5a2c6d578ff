package peerage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands of `peerage pxp` against each other, by whole command lines, on the loopback.
final class PxpTest {
  private static final String ANY_PORT = "tcp://127.0.0.1:0";

  @TempDir Path home;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Recorded node = new Recorded();

  @AfterEach
  void stop() {
    node.stop();
    threads.close();
  }

  private CompletableFuture<ExitCode> start(Recorded where, Object... arguments) {
    Object[] all = Stream.concat(Stream.of("pxp"), Arrays.stream(arguments)).toArray(Object[]::new);
    return CompletableFuture.supplyAsync(() -> where.run(all), threads);
  }

  private ExitCode run(Recorded where, Object... arguments) {
    return start(where, arguments).join();
  }

  /// A node that stays; says where.
  private String listening(Object... more) {
    Object[] all =
        Stream.concat(
                Stream.of("listen", "net", "--listen", ANY_PORT, "--no-webrtc", "--json-lines"),
                Arrays.stream(more))
            .toArray(Object[]::new);
    var _ = start(node, all);
    Recorded.await("it listens", () -> node.out().contains("\"listening\""));
    return node.lines().getFirst().replaceAll(".*\"(tcp://[^\"]+)\".*", "$1");
  }

  @Test
  void whoConnectsAndWhoListensSayTheSame() {
    String uri = listening("--identity", home.resolve("id.pem"));
    var shell = new Recorded();
    var running = start(shell, "connect", "net", uri, "--no-webrtc", "--json-lines");
    Recorded.await("they are connected", () -> shell.out().contains("\"connected\""));
    shell.stop();
    assertThat(running.join()).as(shell.err()).isEqualTo(ExitCode.OK);
    assertThat(shell.out()).contains("\"transport\":\"tcp\",\"direction\":\"outgoing\"");
    assertThat(shell.lines().getLast()).contains("\"event\":\"end\"").contains("\"peers\":1");
    Recorded.await("it is noticed", () -> node.out().contains("\"disconnected\""));
    assertThat(node.lines().getFirst()).containsPattern("\"identity\":\"[0-9a-f]{64}\"");
    assertThat(node.out()).contains("\"transport\":\"tcp\",\"direction\":\"incoming\"");
    node.lines()
        .forEach(line -> assertThat(EventWordsTest.names(line)).startsWith("event", "time"));
  }

  @Test
  void nobodyThereIsOneSentenceAtOnce() {
    var shell = new Recorded();
    assertThat(run(shell, "connect", "net", "tcp://127.0.0.1:1", "--no-webrtc"))
        .isEqualTo(ExitCode.NETWORK);
    assertThat(shell.err()).startsWith("peerage: ").contains("127.0.0.1:1").hasLineCount(1);
    var pipe = new Recorded();
    assertThat(run(pipe, "pipe", "net", "tcp://127.0.0.1:1", "--no-webrtc"))
        .isEqualTo(ExitCode.NETWORK);
    assertThat(pipe.err()).startsWith("peerage: ").contains("127.0.0.1:1").hasLineCount(1);
    assertThat(pipe.out()).isEmpty();
  }

  @Test
  void aNodeOfAnotherNetworkIsNoPeer() {
    String uri = listening();
    var shell = new Recorded();
    assertThat(run(shell, "connect", "other", uri, "--no-webrtc")).isEqualTo(ExitCode.NETWORK);
    assertThat(shell.err()).startsWith("peerage: ").hasLineCount(1);
  }

  @Test
  void aPortThatIsTakenIsNamed() {
    String uri = listening();
    var shell = new Recorded();
    assertThat(run(shell, "listen", "net", "--listen", uri, "--no-webrtc"))
        .isEqualTo(ExitCode.NETWORK);
    assertThat(shell.err()).startsWith("peerage: ").contains(uri).hasLineCount(1);
  }

  @Test
  void theTableShowsWhoIsThere() {
    String uri = listening();
    var shell = new Recorded();
    ExitCode exit = run(shell, "peers", "net", uri, "--max", 1, "--no-webrtc");
    assertThat(exit).as(shell.err()).isEqualTo(ExitCode.OK);
    assertThat(shell.lines()).hasSize(2);
    assertThat(shell.lines().getFirst()).startsWith("PEER     TRANSPORT ADDRESS ");
    assertThat(shell.lines().getLast()).startsWith("peer 1   tcp       127.0.0.1 ").endsWith(uri);
    var none = new Recorded();
    assertThat(run(none, "peers", "net", "tcp://127.0.0.1:1", "--no-webrtc"))
        .isEqualTo(ExitCode.NO_PEER);
    assertThat(none.out()).isEmpty();
  }

  @Test
  void aPipeCarriesAnyBytesBothWaysAndEnds() {
    byte[] forth = bytes(3_000_000, 1);
    byte[] back = bytes(500_000, 2);
    var here = new Recorded(new ByteArrayInputStream(back));
    var waiting =
        start(here, "pipe", "net", "--listen", "tcp://127.0.0.1:0", "--no-webrtc", "--verbose");
    Recorded.await("it listens", () -> here.err().contains("listening on "));
    String uri = here.err().lines().findFirst().orElseThrow().replaceAll(".* ", "");
    var there = new Recorded(new ByteArrayInputStream(forth));
    assertThat(run(there, "pipe", "net", uri, "--no-webrtc")).isEqualTo(ExitCode.OK);
    assertThat(waiting.join()).isEqualTo(ExitCode.OK);
    assertThat(here.bytes()).isEqualTo(forth);
    assertThat(there.bytes()).isEqualTo(back);
    assertThat(there.err()).isEmpty();
  }

  private static byte[] bytes(int count, int seed) {
    byte[] bytes = new byte[count];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  void whoeverDoesNotEndIsNotWaitedForLongerThanItIsToBe() {
    String uri = listening();
    var shell = new Recorded(new ByteArrayInputStream(new byte[] {1}));
    assertThat(run(shell, "pipe", "net", uri, "--linger", "1s", "--no-webrtc"))
        .as(shell.err())
        .isEqualTo(ExitCode.OK);
  }

  @Test
  void aPipeThatNobodyComesToEndsInTime() {
    var shell = new Recorded();
    assertThat(run(shell, "pipe", "net", "--listen", ANY_PORT, "--for", "1s", "--no-webrtc"))
        .isEqualTo(ExitCode.NO_PEER);
    assertThat(shell.err()).isEqualTo("peerage: nobody came in 1s\n");
  }

  @Test
  void whatOneSaysTheOthersSee() {
    var ben = new Recorded();
    var waiting =
        start(
            ben,
            "chat",
            "net",
            "--listen",
            ANY_PORT,
            "--nick",
            "ben",
            "--for",
            "1h",
            "--no-webrtc");
    Recorded.await("it listens", () -> ben.out().contains("listening on "));
    String uri = ben.lines().getFirst().replaceAll(".* ", "");
    byte[] typed = "hello\n\n  bye \u001b[2J \n".getBytes(StandardCharsets.UTF_8);
    var ada = new Recorded(new ByteArrayInputStream(typed));
    assertThat(run(ada, "chat", "net", uri, "--nick", "ada", "--no-webrtc"))
        .as(ada.err())
        .isEqualTo(ExitCode.OK);
    Recorded.await("it is heard", () -> ben.out().contains("bye"));
    assertThat(ben.lines()).containsSubsequence(List.of("ada: hello", "ada: bye \uFFFD[2J"));
    ben.stop();
    assertThat(waiting.join()).isEqualTo(ExitCode.OK);
  }
}
