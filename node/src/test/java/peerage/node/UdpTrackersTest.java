package peerage.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import peerage.announce.AnnounceEvent;
import peerage.announce.AnnounceRequest;
import peerage.announce.AnnounceResponse;
import peerage.announce.Progress;
import peerage.announce.SwarmFigures;
import peerage.announce.UdpRequest;
import peerage.node.TestSwarm.Awaited;
import peerage.node.TestSwarm.Host;
import peerage.node.Trackers.Reply;
import peerage.peers.InfoHash;
import peerage.peers.IpAddress;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.peers.PeerId;
import peerage.swarm.SwarmEvent;

/// UDP trackers over real sockets on the loopback network.
final class UdpTrackersTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final InfoHash HASH = InfoHash.parse("aa".repeat(20));

  @TempDir Path root;

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.9", "::1"})
  void twoPeersMeetThroughAUdpTrackerAlone(String ip) throws Exception {
    try (var tracker = new UdpTracker(ip);
        var swarm = swarm(tracker)) {
      Host seed = ip.equals("::1") ? swarm.seed(swarm.host(ip)) : swarm.seed();
      await(() -> tracker.announces().size() == 1);
      Host leech = ip.equals("::1") ? swarm.host(ip) : swarm.host();
      var byTracker = new Awaited<TorrentEvent>(event -> isHeardOf(event, seed.address()));
      Download download =
          leech
              .node()
              .download(swarm.torrent(), DownloadOptions.into(leech.directory()), byTracker);
      byTracker.await();
      download.await(TestSwarm.PATIENCE);
    }
  }

  private static boolean isHeardOf(TorrentEvent event, PeerAddress peer) {
    return event instanceof TorrentEvent.OfSwarm(SwarmEvent.Heard(PeerAddress heard, Origin origin))
        && heard.equals(peer)
        && origin instanceof Origin.Tracker(String url)
        && url.startsWith("udp:");
  }

  @Test
  void whoLeavesSaysStoppedAndCompletedWasSaidBefore() throws Exception {
    try (var tracker = new UdpTracker("127.0.0.9")) {
      try (var swarm = swarm(tracker)) {
        swarm.seed();
        await(() -> tracker.announces().size() == 1);
        Host leech = swarm.host();
        leech
            .node()
            .download(swarm.torrent(), DownloadOptions.into(leech.directory()))
            .await(TestSwarm.PATIENCE);
        await(() -> events(tracker).contains("COMPLETED"));
      }
      assertThat(events(tracker))
          .containsSubsequence("STARTED", "STARTED", "COMPLETED", "STOPPED", "STOPPED");
      assertThat(tracker.announces()).extracting(it -> it.request().key()).isNotEmpty();
      assertThat(tracker.announces()).allMatch(it -> it.urlData().equals("/announce?k=v"));
    }
  }

  @Test
  void aTrackerThatIsSilentWhenWeLeaveHoldsUsNoLongerThanTheGoodbyeLimit() throws Exception {
    try (var tracker = new UdpTracker("127.0.0.9");
        var swarm = swarm(tracker)) {
      Host seed = swarm.host();
      var answered = new Awaited<TorrentEvent>(TorrentEvent.TrackerAnswered.class::isInstance);
      seed.node().watch(swarm.torrent(), answered);
      answered.await();
      tracker.answersOnly(_ -> false);
      long start = System.nanoTime();
      seed.node().close();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
      await(() -> events(tracker).contains("STOPPED"));
    }
  }

  @Test
  void oneConnectionServesManyTorrents() throws Exception {
    try (var tracker = new UdpTracker("127.0.0.9");
        var port = UdpPort.open(ip("127.0.0.8"), 0)) {
      var trackers = new UdpTrackers(port, new MonotonicClock());
      for (int i = 0; i < 3; i++) {
        assertThat(announce(trackers, tracker.url("/"))).hasSize(1);
      }
      assertThat(tracker.requests().stream().filter(UdpRequest.Connect.class::isInstance))
          .hasSize(1);
    }
  }

  @Test
  void anAnswerThatAStrangerForgesIsDropped() throws Exception {
    try (var tracker = new UdpTracker("127.0.0.9");
        var port = UdpPort.open(ip("127.0.0.8"), 0)) {
      tracker.isForged();
      var trackers = new UdpTrackers(port, new MonotonicClock());
      assertThat(announce(trackers, tracker.url("/")))
          .extracting(Reply::response)
          .singleElement()
          .isInstanceOf(AnnounceResponse.Answer.class);
      assertThat(trackers.dropped()).isEqualTo(2);
    }
  }

  @Test
  void aUdpTrackerIsScraped() throws Exception {
    try (var tracker = new UdpTracker("127.0.0.9");
        var port = UdpPort.open(ip("127.0.0.8"), 0)) {
      var trackers =
          new Trackers(new TrackerClient(null), new UdpTrackers(port, new MonotonicClock()));
      assertThat(trackers.scrape(tracker.url("/announce"), List.of(HASH), LIMIT))
          .containsExactly(Map.entry(HASH, new SwarmFigures(1, 2, 3)));
    }
  }

  @Test
  void aDeadTrackerIsOneSentence() throws IOException {
    try (var port = UdpPort.open(ip("127.0.0.8"), 0);
        var silent =
            new DatagramSocket(new InetSocketAddress(InetAddress.getByName("127.0.0.9"), 0))) {
      var trackers = new UdpTrackers(port, new MonotonicClock());
      String url = "udp://127.0.0.9:" + silent.getLocalPort() + "/";
      assertThatThrownBy(() -> trackers.announce(url, request(), Duration.ofMillis(1_500), _ -> {}))
          .hasMessage("127.0.0.9:" + silent.getLocalPort() + " gave no answer within 1500 ms");
      assertThatThrownBy(
              () -> trackers.announce("udp://nowhere.invalid:9/", request(), LIMIT, _ -> {}))
          .hasMessage("the tracker's host nowhere.invalid is unknown");
      assertThatThrownBy(() -> trackers.announce("udp://[::1]:9/", request(), LIMIT, _ -> {}))
          .hasMessageEndingWith("has no address of a family that we have");
    }
  }

  private static List<Reply> announce(UdpTrackers trackers, String url) throws TrackerFailure {
    var replies = new CopyOnWriteArrayList<Reply>();
    trackers.announce(url, request(), LIMIT, replies::add);
    return replies;
  }

  private static AnnounceRequest request() {
    return new AnnounceRequest(
        HASH,
        PeerId.ours(new Random(1)),
        6881,
        new Progress(0, 0, 1),
        Optional.of(AnnounceEvent.STARTED),
        200,
        Optional.empty(),
        0);
  }

  private TestSwarm swarm(UdpTracker tracker) {
    return new TestSwarm(
        root, 300_000, builder -> builder.tier(List.of(tracker.url("/announce?k=v"))));
  }

  private static IpAddress ip(String text) {
    return IpAddress.parse(text).orElseThrow();
  }

  private static List<String> events(UdpTracker tracker) {
    var events = new ArrayList<String>();
    tracker.announces().forEach(it -> it.request().event().ifPresent(e -> events.add(e.name())));
    return events;
  }

  private static void await(java.util.function.BooleanSupplier condition) {
    long end = System.nanoTime() + TestSwarm.PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("what was waited for did not happen").isLessThan(end);
      Thread.onSpinWait();
    }
  }
}
