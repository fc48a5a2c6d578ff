package peerage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import peerage.dht.Dht;
import peerage.node.DhtNode;
import peerage.peers.InfoHash;
import peerage.wire.MetainfoBuilder;

/// `peerage dht` and `peerage dht-router`, over loopback sockets.
@Timeout(90)
final class DhtCommandsTest {
  private static final String SWARM = "ab".repeat(20);
  private static final String OTHER = "cd".repeat(20);

  @TempDir Path folder;
  private final Recorded shell = new Recorded();
  private DhtNode router;

  @BeforeEach
  void openARouterThatKnowsASeedAndTwoDownloaders() throws Exception {
    router = node("127.0.0.80").router().open();
    announce("127.0.0.81", 1001, true);
    announce("127.0.0.82", 1002, false);
    announce("127.0.0.83", 1003, false);
  }

  @AfterEach
  void closeTheRouter() {
    router.close();
  }

  private void announce(String ip, int port, boolean seed) throws Exception {
    var done = new CountDownLatch(1);
    try (DhtNode node = node(ip).readOnly().routers(List.of(address())).open()) {
      node.begin(
          new Dht.Task.FindPeers(
              InfoHash.parse(SWARM), new Dht.Announcement.Listening(port, false, seed)),
          output -> {
            if (output instanceof Dht.Output.Done) {
              done.countDown();
            }
          });
      done.await();
    }
  }

  private static DhtNode.Builder node(String ip) throws IOException {
    return DhtNode.builder().address(InetAddress.getByName(ip));
  }

  private String address() {
    return router.addresses().getFirst().toString();
  }

  private ExitCode dht(String command, Object... more) {
    var line = new ArrayList<Object>(List.of("dht", command));
    for (Object part : more) {
      line.addAll(part instanceof Object[] several ? List.of(several) : List.of(part));
    }
    line.addAll(List.of("--bind", "127.0.0.84", "--dht-router", address()));
    return shell.run(line.toArray());
  }

  @Test
  void peersAreListed() {
    assertThat(dht("peers", SWARM)).isEqualTo(ExitCode.OK);
    assertThat(shell.lines())
        .containsExactlyInAnyOrder("127.0.0.81:1001", "127.0.0.82:1002", "127.0.0.83:1003");
  }

  @Test
  void ifThereAreNoneTheExitCodeSaysSo() {
    assertThat(dht("peers", OTHER, "--json-lines")).isEqualTo(ExitCode.NO_PEER);
    assertThat(shell.out()).contains("\"exit\":40,\"peers\":0").contains("\"answers\":1");
  }

  @Test
  void aSwarmIsCounted() {
    assertThat(dht("scrape", SWARM)).isEqualTo(ExitCode.OK);
    assertThat(shell.lines()).containsExactly("about 1 seed and 2 downloaders");
  }

  @Test
  void aMagnetIsCountedForPrograms() {
    assertThat(dht("scrape", "magnet:?xt=urn:btih:" + SWARM, "--json-lines"))
        .isEqualTo(ExitCode.OK);
    assertThat(shell.lines()).hasSize(2);
    assertThat(shell.out())
        .contains("\"info_hash\":\"" + SWARM + "\",\"seeds\":1,\"downloaders\":2")
        .contains("\"event\":\"end\"");
  }

  @Test
  void ofAPrivateTorrentTheDhtIsNotAsked() throws IOException {
    byte[] torrent =
        MetainfoBuilder.ofFile("a", 1)
            .pieces(32_768, new byte[20])
            .tier(List.of("http://a"))
            .markPrivate()
            .encode();
    Path file = Files.write(folder.resolve("a.torrent"), torrent);
    long asked = DhtShow.queries(router.status());

    assertThat(dht("scrape", file)).isEqualTo(ExitCode.PRIVATE_REFUSED);
    assertThat(shell.err()).contains("this torrent is private");
    assertThat(DhtShow.queries(router.status())).isEqualTo(asked);
  }

  @Test
  void infoHashesAreSampled() {
    assertThat(dht("sample", "-v")).isEqualTo(ExitCode.OK);
    assertThat(shell.lines()).hasSize(2).startsWith(SWARM);
    assertThat(shell.out()).contains("1 info-hash, from 1 answer to 1 query");
  }

  @Test
  void aSampleForProgramsSaysWhoHasIt() {
    assertThat(dht("sample", OTHER, "--json-lines")).isEqualTo(ExitCode.OK);
    assertThat(shell.out())
        .contains("\"node\":\"" + address() + "\",\"known\":1")
        .contains("\"info_hashes\":[\"" + SWARM + "\"]")
        .contains("\"exit\":0,\"info_hashes\":1");
  }

  @Test
  void aTextIsPutAndGotAgain() {
    assertThat(dht("put", "Hello World!")).isEqualTo(ExitCode.OK);
    assertThat(target()).isEqualTo("e5f96f6f38320f0f33959cb4d3d656452117aadb");
    assertThat(dht("get", target())).isEqualTo(ExitCode.OK);
    assertThat(shell.lines()).last().isEqualTo("Hello World!");
  }

  private String target() {
    return shell.lines().stream()
        .filter(line -> line.matches("[0-9a-f]{40}.*"))
        .findFirst()
        .map(line -> line.substring(0, 40))
        .orElseThrow();
  }

  @Test
  void aTextThatWasSignedIsGotByItsOwner() {
    Path key = folder.resolve("me.pem");
    Object[] sign = {"--key", key, "--salt", "s", "--json-lines"};
    assertThat(dht("put", "one", "--seq", 1, sign)).isEqualTo(ExitCode.OK);
    assertThat(dht("put", "two", "--seq", 2, sign)).isEqualTo(ExitCode.OK);
    String owner = shell.out().replaceAll("(?s).*\"key\":\"([0-9a-f]{64})\".*", "$1");

    assertThat(dht("get", "--key", owner, "--salt", "s")).isEqualTo(ExitCode.OK);
    assertThat(shell.lines()).last().isEqualTo("two");
    assertThat(dht("get", "--key", owner)).isEqualTo(ExitCode.NOT_FOUND);
  }

  @Test
  void whoGetsATorrentSeesHowManyNodesAreKnown() throws IOException {
    try (DhtNode _ = node("127.0.0.81").routers(List.of(address())).open()) {
      assertThat(get("--dht-router", address())).isEqualTo(ExitCode.NO_PEER);
    }
    assertThat(shell.out()).contains("\"dht\":{\"ipv4\":");
  }

  @Test
  void whoTakesNoPartInTheDhtSeesNoneOfIt() {
    assertThat(get("--no-dht")).isEqualTo(ExitCode.NO_PEER);
    assertThat(shell.out()).contains("\"event\":\"progress\"").doesNotContain("\"dht\"");
  }

  private ExitCode get(String... more) {
    var line = new ArrayList<Object>(List.of("get", OTHER, "-d", folder, "--state", folder));
    line.addAll(List.of("--bind", "127.0.0.86", "--port", 0, "--no-lan", "--json-lines"));
    line.addAll(List.of("--give-up-after", "2s"));
    line.addAll(List.of(more));
    return shell.run(line.toArray());
  }

  @Test
  void ifNobodyAnswersTheNetworkFailed() {
    router.close();
    assertThat(dht("scrape", SWARM, "--for", "1s")).isEqualTo(ExitCode.NETWORK);
    assertThat(shell.err()).contains("no node of the DHT answered");
  }

  @Test
  void whatIsNoInfoHashIsAWrongCommandLine() {
    assertThat(dht("peers", "12")).isEqualTo(ExitCode.BAD_OPTION);
    assertThat(dht("sample", "12")).isEqualTo(ExitCode.BAD_OPTION);
  }

  @Test
  void aRouterSaysHowToEnterAndWhatItAnswered() {
    assertThat(shell.run("dht-router", "--bind", "127.0.0.85", "--port", 0, "--for", "1s"))
        .isEqualTo(ExitCode.OK);
    assertThat(shell.lines().getFirst()).matches("a DHT router on 127\\.0\\.0\\.85:\\d+");
    assertThat(shell.lines().get(1)).startsWith("others enter by --dht-router 127.0.0.85:");
    assertThat(shell.lines()).last().isEqualTo("answered 0 queries");
  }

  @Test
  void aRouterDoesNotTakeAnotherPortThanItsOwn() {
    assertThat(shell.run("dht-router", "--bind", "127.0.0.80", "--port", router.port()))
        .isEqualTo(ExitCode.NETWORK);
    assertThat(shell.err()).contains("UDP port " + router.port() + " is taken");
  }

  @Test
  void aRouterThatIsStoppedSaysGoodbyeToPrograms() {
    shell.stop();
    assertThat(shell.run("dht-router", "--bind", "127.0.0.85", "--port", 0, "--json-lines"))
        .isEqualTo(ExitCode.OK);
    assertThat(shell.out()).contains("\"event\":\"listening\"").contains("\"queries\":0");
  }

  @Test
  void aRouterThatIsNoHostAndPortIsAWrongCommandLine() {
    for (String command :
        List.of("dht-router", "get magnet:?xt=urn:btih:" + SWARM, "peers " + SWARM)) {
      var each = new Recorded();
      List<Object> line = new ArrayList<>(List.of(command.split(" ")));
      line.addAll(List.of("--dht-router", "somewhere"));
      assertThat(each.run(line.toArray())).as(command).isEqualTo(ExitCode.BAD_OPTION);
      assertThat(each.err()).contains("--dht-router: 'somewhere' is no HOST:PORT");
    }
  }
}
