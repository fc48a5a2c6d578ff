package peerage.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import peerage.node.TestSwarm.Awaited;
import peerage.node.TestSwarm.Host;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.swarm.SwarmEvent;

/// The library as its users see it, over loopback sockets.
@Timeout(60)
class PeerageTest {
  @TempDir Path root;

  @Test
  void aTorrentArrivesByteForByte() throws Exception {
    try (var swarm = new TestSwarm(root, 1_000_003)) {
      Host seed = swarm.seed();
      Host leech = swarm.host();

      try (Download download =
          leech.node().download(swarm.torrent(), DownloadOptions.into(leech.directory()))) {
        download.tell(seed.address());
        Path file = download.await(TestSwarm.PATIENCE);

        assertThat(Files.readAllBytes(file)).isEqualTo(swarm.content());
        assertThat(download.progress().state()).isEqualTo(Progress.State.SEEDING);
        assertThat(download.progress().downloaded()).isEqualTo(1_000_003);
      }
    }
  }

  @Test
  void aTorrentArrivesOverIpv6() throws Exception {
    try (var swarm = new TestSwarm(root, 200_000)) {
      Host seed = swarm.seed(swarm.host("::1"));
      Host leech = swarm.host("::1");

      Download download =
          leech.node().download(swarm.torrent(), DownloadOptions.into(leech.directory()));
      download.tell(seed.address());

      assertThat(Files.readAllBytes(download.await(TestSwarm.PATIENCE))).isEqualTo(swarm.content());
    }
  }

  @Test
  void whoKnowsOnePeerLearnsTheOthersByPeerExchange() throws Exception {
    try (var swarm = new TestSwarm(root, 200_000)) {
      Host seed = swarm.seed();
      var met = TestSwarm.connectedTo(seed.address());
      Host middle = swarm.host();
      middle.node().watch(swarm.torrent(), met).tell(seed.address());
      met.await();
      Host newcomer = swarm.host();
      var learned = TestSwarm.connectedTo(seed.address());

      try (Watch watch = newcomer.node().watch(swarm.torrent(), learned)) {
        watch.tell(middle.address());
        learned.await();

        assertThat(watch.connected())
            .filteredOn(peer -> peer.address().equals(seed.address()))
            .singleElement()
            .satisfies(
                peer ->
                    assertThat(peer.origins()) // the seed may have learned of us, too, and dialled
                        .contains(
                            new Origin.Pex(middle.address(), peerage.peers.PexDialect.UT_PEX)));
      }
    }
  }

  @RepeatedTest(5)
  void progressSurvivesAndIsNotFetchedAgain() throws Exception {
    try (var swarm = new TestSwarm(root, 3_000_000)) {
      Host seed = swarm.seed();
      Path home = root.resolve("leech");
      Host first = swarm.host("127.0.0.50", home);
      first.node().limitDown(2_000_000);
      var some = new AtomicInteger();
      var tenPieces =
          new Awaited<TorrentEvent>(
              event -> event instanceof TorrentEvent.PieceDone && some.incrementAndGet() == 10);
      Download download =
          first
              .node()
              .download(swarm.torrent(), DownloadOptions.into(first.directory()), tenPieces);
      download.tell(seed.address());
      tenPieces.await();
      first.node().close();
      long had = download.progress().done();

      Host second = swarm.host("127.0.0.51", home);
      var joined = new CompletableFuture<TorrentEvent.Joined>();
      Download again =
          second
              .node()
              .download(
                  swarm.torrent(),
                  DownloadOptions.into(second.directory()),
                  event -> {
                    if (event instanceof TorrentEvent.Joined j) {
                      joined.complete(j);
                    }
                  });
      again.tell(seed.address());
      Path file = again.await(TestSwarm.PATIENCE);

      assertThat(joined.join().have()).isGreaterThanOrEqualTo(10);
      assertThat(again.progress().downloaded()).isEqualTo(3_000_000 - had);
      assertThat(Files.readAllBytes(file)).isEqualTo(swarm.content());
    }
  }

  @Test
  void anUnselectedFileIsNotFetched() throws Exception {
    try (var swarm = new TestSwarm(root, 100_000)) {
      Host leech = swarm.host();

      Download download =
          leech
              .node()
              .download(swarm.torrent(), DownloadOptions.into(leech.directory()).only(_ -> false));

      assertThatThrownBy(() -> download.await(TestSwarm.PATIENCE))
          .isInstanceOf(DownloadException.class)
          .hasMessageContaining("no file of content.bin is selected");
    }
  }

  @Test
  void aForeignFileInTheWayIsNotOverwritten() throws Exception {
    try (var swarm = new TestSwarm(root, 100_000)) {
      Host leech = swarm.host();
      Path file = leech.directory().resolve(TestSwarm.NAME);
      Files.writeString(file, "somebody's diary");

      Download download =
          leech.node().download(swarm.torrent(), DownloadOptions.into(leech.directory()));

      assertThatThrownBy(() -> download.await(TestSwarm.PATIENCE))
          .isInstanceOfSatisfying(
              DownloadException.class,
              e -> assertThat(e.reason()).isEqualTo(DownloadException.Reason.FILE_EXISTS));
      assertThat(file).hasContent("somebody's diary");
    }
  }

  @Test
  void aSeedWithDamagedDataSaysSo() throws Exception {
    try (var swarm = new TestSwarm(root, 100_000)) {
      Host seed = swarm.host();
      byte[] damaged = swarm.content().clone();
      damaged[50_000] ^= 1;
      Files.write(seed.directory().resolve(TestSwarm.NAME), damaged);

      Download download =
          seed.node().download(swarm.torrent(), DownloadOptions.into(seed.directory()).seeding());

      assertThatThrownBy(() -> download.await(TestSwarm.PATIENCE))
          .isInstanceOfSatisfying(
              DownloadException.class,
              e -> assertThat(e.reason()).isEqualTo(DownloadException.Reason.VERIFY_FAILED));
    }
  }

  @Test
  void aTakenPortGivesWayToTheNextFreeOne() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.60"));
        var node =
            Peerage.builder()
                .address(InetAddress.getByName("127.0.0.60"))
                .port(taken.getLocalPort())
                .state(root)
                .open()) {
      assertThat(node.port()).isNotEqualTo(taken.getLocalPort()).isPositive();
    }
  }

  @Test
  void aDownloadThatIsClosedSaysThatItIsNotDone() throws Exception {
    try (var swarm = new TestSwarm(root, 100_000)) {
      Host leech = swarm.host();
      Download download =
          leech.node().download(swarm.torrent(), DownloadOptions.into(leech.directory()));

      download.close();
      download.close();

      assertThatThrownBy(() -> download.await(TestSwarm.PATIENCE))
          .isInstanceOfSatisfying(
              DownloadException.class,
              e -> assertThat(e.reason()).isEqualTo(DownloadException.Reason.CLOSED));
      assertThat(download.progress().state()).isEqualTo(Progress.State.ENDED);
    }
  }

  @Test
  void closingEndsAStreamOfPeers() throws Exception {
    try (var swarm = new TestSwarm(root, 100_000)) {
      Watch watch = swarm.host().node().watch(swarm.torrent());
      var peers = CompletableFuture.supplyAsync(() -> watch.peers(Duration.ofMinutes(5)).toList());

      watch.close();

      assertThat(peers.join()).isEmpty();
    }
  }

  @Test
  void anInterruptEndsAStreamOfPeersAndStaysSet() throws Exception {
    try (var swarm = new TestSwarm(root, 100_000)) {
      Watch watch = swarm.host().node().watch(swarm.torrent());
      Thread.currentThread().interrupt();

      List<PeerReport> peers = watch.peers(Duration.ofMinutes(5)).toList();

      assertThat(Thread.interrupted()).isTrue();
      assertThat(peers).isEmpty();
    }
  }

  @Test
  void closingLeavesNoThreadBehind() throws Exception {
    try (var swarm = new TestSwarm(root, 100_000)) {
      Host seed = swarm.seed();
      Host leech = swarm.host();
      Download download =
          leech.node().download(swarm.torrent(), DownloadOptions.into(leech.directory()));
      download.tell(seed.address());
      download.await(TestSwarm.PATIENCE);

      long before = System.nanoTime();
      leech.node().close();
      seed.node().close();

      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
    }
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> thread.getName().startsWith("peerage-") && thread.isAlive())
        .filteredOn(PeerageTest::outlivesItsClose)
        .isEmpty();
  }

  private static boolean outlivesItsClose(Thread thread) {
    try {
      return !thread.join(TestSwarm.PATIENCE);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theSameTorrentRunsOnceInOneNode() throws Exception {
    try (var swarm = new TestSwarm(root, 100_000)) {
      Host host = swarm.host();
      host.node().watch(swarm.torrent());

      assertThatThrownBy(() -> host.node().watch(swarm.torrent()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("running already");
    }
  }

  @Test
  void aPeerAtAPortWithNobodyIsToldAsRefused() throws IOException, Exception {
    try (var swarm = new TestSwarm(root, 100_000)) {
      var refused =
          new Awaited<TorrentEvent>(
              event ->
                  event instanceof TorrentEvent.OfSwarm(SwarmEvent.DialFailed failed)
                      && failed.why() == peerage.swarm.DialFailure.REFUSED);
      int nobody;
      try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.70"))) {
        nobody = socket.getLocalPort();
      }

      Watch watch = swarm.host().node().watch(swarm.torrent(), refused);
      watch.tell(PeerAddress.parse("127.0.0.70:" + nobody).orElseThrow());

      refused.await();
    }
  }
}
