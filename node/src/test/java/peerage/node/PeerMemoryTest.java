package peerage.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import peerage.node.TestSwarm.Awaited;
import peerage.node.TestSwarm.Host;
import peerage.peers.InfoHash;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.peers.PexDialect;
import peerage.swarm.SwarmEvent;
import peerage.testkit.Hostile;
import peerage.testkit.Seeds;

/// What was reached is remembered, within bounds, whatever happens to the file.
final class PeerMemoryTest {
  private static final InfoHash TORRENT = hash(1);
  private static final Origin TRACKER = new Origin.Tracker("http://t.example/a");

  @TempDir Path home;
  private Instant now = Instant.parse("2026-01-02T03:04:05Z");

  @Test
  void aPeerIsRememberedWithItsOriginsAndTheTimeOfItsLastSuccess() {
    var origins =
        List.of(
            TRACKER,
            new Origin.Pex(address(9), PexDialect.UT_PEX),
            new Origin.Incoming(),
            new Origin.Dht(PeerAddress.parse("[2a00::9]:6881").orElseThrow()),
            new Origin.Lan(),
            new Origin.Magnet(),
            new Origin.Given());
    PeerMemory first = memory();
    first.reached(TORRENT, address(1), origins);
    first.flush();
    assertThat(memory().recall(TORRENT))
        .containsExactly(new Remembered(address(1), now, origins))
        .map(Remembered::origin)
        .containsExactly(new Origin.Memory(now, TRACKER));
    assertThat(memory().recall(hash(2))).isEmpty();
  }

  @Test
  void aMemoryOfAMemoryIsWhatWasRememberedThen() {
    reach(1, new Origin.Memory(now, new Origin.Memory(now, TRACKER)));
    assertThat(memory().recall(TORRENT)).flatMap(Remembered::origins).containsExactly(TRACKER);
  }

  @Test
  void theLatestSuccessComesFirstAndOldOnesAreForgotten() {
    reach(1, TRACKER);
    now = now.plus(Duration.ofDays(1));
    reach(2, TRACKER);
    assertThat(addresses()).containsExactly(address(2), address(1));
    now = now.plus(Duration.ofDays(6)).plusSeconds(1);
    assertThat(addresses()).containsExactly(address(2));
    now = now.plus(Duration.ofDays(1));
    assertThat(addresses()).isEmpty();
  }

  @Test
  void whatWillBeReachedInTheFutureIsNotBelieved() {
    reach(1, TRACKER);
    now = now.minus(Duration.ofDays(2));
    assertThat(addresses()).isEmpty();
  }

  @Test
  void theNumbersOfPeersAndTorrentsAreBounded() throws IOException {
    PeerMemory memory = memory();
    for (int i = 0; i < PeerMemory.MAX_PEERS + 20; i++) {
      now = now.plusMillis(1);
      memory.reached(
          TORRENT, address(i), List.of(new Origin.Tracker("http://" + "x".repeat(5000))));
    }
    memory.flush();
    assertThat(addresses()).hasSize(PeerMemory.MAX_PEERS).doesNotContain(address(0), address(19));
    for (int i = 2; i < PeerMemory.MAX_TORRENTS + 20; i++) {
      now = now.plusMillis(1);
      memory.reached(hash(i), address(1), List.of(TRACKER));
    }
    memory.flush();
    assertThat(addresses()).isEmpty();
    assertThat(RememberedCodec.decode(ByteBuffer.wrap(Files.readAllBytes(file()))))
        .hasSize(PeerMemory.MAX_TORRENTS);
  }

  @Test
  void twoProcessesWithOneFileAddToEachOther() {
    PeerMemory one = memory();
    PeerMemory two = memory();
    one.reached(TORRENT, address(1), List.of(TRACKER));
    two.reached(TORRENT, address(2), List.of(TRACKER));
    two.reached(TORRENT, address(1), List.of(new Origin.Incoming()));
    one.flush();
    two.flush();
    assertThat(addresses()).containsExactlyInAnyOrder(address(1), address(2));
    assertThat(memory().recall(TORRENT))
        .filteredOn(peer -> peer.address().equals(address(1)))
        .flatMap(Remembered::origins)
        .hasSize(2);
  }

  @Test
  void manyWritersAtOnceLoseNothing() throws InterruptedException {
    List<Thread> writers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int peer = i;
      writers.add(Thread.ofPlatform().start(() -> reach(peer, TRACKER)));
    }
    for (Thread writer : writers) {
      writer.join();
    }
    assertThat(addresses()).hasSize(8);
  }

  @Test
  void whatIsForgottenLeavesTheFileToo() {
    reach(1, TRACKER);
    PeerMemory memory = memory();
    memory.forget(TORRENT);
    assertThat(memory.recall(TORRENT)).isEmpty();
    memory.flush();
    assertThat(addresses()).isEmpty();
  }

  @Test
  void aMemoryThatIsSwitchedOffWritesAndReadsNothing() throws IOException {
    PeerMemory none = PeerMemory.none();
    none.reached(TORRENT, address(1), List.of(TRACKER));
    none.flush();
    assertThat(none.recall(TORRENT)).isEmpty();
    assertThat(home).isEmptyDirectory();
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsNoMisfortune() throws IOException {
    Path inTheWay = Files.writeString(home.resolve("file"), "x");
    PeerMemory memory = PeerMemory.of(inTheWay, () -> now);
    memory.reached(TORRENT, address(1), List.of(TRACKER));
    memory.flush();
    assertThat(memory.recall(TORRENT)).hasSize(1);
  }

  /// A crash while the new file is written leaves the old one; a disk that cuts the file leaves
  /// the torrents before the cut.
  @Test
  void aFileThatIsCutAnywhereGivesWhatCameBefore() throws IOException {
    for (int i = 1; i <= 3; i++) {
      PeerMemory memory = memory();
      memory.reached(hash(i), address(i), List.of(TRACKER));
      memory.flush();
    }
    byte[] whole = Files.readAllBytes(file());
    Files.write(home.resolve("peers.new"), new byte[50]);
    assertThat(memory().recall(TORRENT)).hasSize(1);
    int before = 0;
    for (int length = 0; length <= whole.length; length++) {
      Files.write(file(), java.util.Arrays.copyOf(whole, length));
      int torrents = 0;
      for (int i = 1; i <= 3; i++) {
        torrents += memory().recall(hash(i)).size();
      }
      assertThat(torrents).isGreaterThanOrEqualTo(before);
      before = torrents;
    }
    assertThat(before).isEqualTo(3);
  }

  @Test
  void aDamagedTorrentIsSkippedAndTheNextIsRead() throws IOException {
    reach(1, TRACKER);
    now = now.plusSeconds(1);
    PeerMemory memory = memory();
    memory.reached(hash(2), address(2), List.of(TRACKER));
    memory.flush();
    byte[] bytes = Files.readAllBytes(file());
    bytes[20] ^= 1; // in the first frame, which is the latest torrent's
    Files.write(file(), bytes);
    assertThat(memory().recall(hash(2))).isEmpty();
    assertThat(addresses()).containsExactly(address(1));
  }

  @Seeds(20)
  void hostileFilesAreReadWithoutHarm(long seed) throws IOException {
    reach(1, TRACKER, new Origin.Pex(address(2), PexDialect.UT_PEX));
    byte[] sample = Files.readAllBytes(file());
    Hostile.mutations(new SplittableRandom(seed), List.of(sample), 300)
        .forEach(
            bytes ->
                assertThat(RememberedCodec.decode(ByteBuffer.wrap(bytes)).size())
                    .isLessThanOrEqualTo(PeerMemory.MAX_TORRENTS));
  }

  @Test
  void aSwarmIsEnteredAgainWithItsTrackerDeadAndNoOtherContact() throws Exception {
    try (var swarm = new TestSwarm(home, 100_000)) {
      Host seed = swarm.seed();
      Path profile = home.resolve("profile");
      Host first = swarm.host("127.0.0.60", profile);
      var met = new Awaited<TorrentEvent>(PeerMemoryTest::isMeeting);
      first.node().watch(swarm.torrent(), met).tell(seed.address());
      met.await();
      first.node().close();

      Host second = swarm.host("127.0.0.61", profile);
      var again = new Awaited<TorrentEvent>(PeerMemoryTest::isMeeting);
      try (Watch watch = second.node().watch(swarm.torrent(), again)) {
        again.await();
        assertThat(watch.connected())
            .singleElement()
            .satisfies(
                peer ->
                    assertThat(peer.origins().getFirst())
                        .isInstanceOfSatisfying(
                            Origin.Memory.class,
                            memory -> assertThat(memory.first()).isEqualTo(new Origin.Given())));
        assertThat(watch.progress().peersByOrigin()).containsEntry('M', 1);
      }
    }
  }

  @Test
  void ofAPrivateTorrentNothingIsWrittenAndNothingIsRead() throws Exception {
    try (var swarm =
        new TestSwarm(
            home,
            100_000,
            torrent -> torrent.markPrivate().tier(List.of("http://127.0.0.1:9/a")))) {
      Host seed = swarm.seed();
      Path state = Files.createDirectories(home.resolve("profile").resolve("state"));
      PeerMemory before = PeerMemory.of(state);
      before.reached(swarm.torrent().infoHash(), seed.address(), List.of(TRACKER));
      before.flush();

      Host leech = swarm.host("127.0.0.62", home.resolve("profile"));
      var met = new Awaited<TorrentEvent>(PeerMemoryTest::isMeeting);
      var heard = new ArrayList<TorrentEvent>();
      Watch watch =
          leech
              .node()
              .watch(
                  swarm.torrent(),
                  event -> {
                    heard.add(event);
                    met.accept(event);
                  });
      watch.tell(seed.address());
      met.await();
      leech.node().close();

      assertThat(heard.toString()).doesNotContain("memory of");
      assertThat(PeerMemory.of(state).recall(swarm.torrent().infoHash())).isEmpty();
    }
  }

  private static boolean isMeeting(TorrentEvent event) {
    return event instanceof TorrentEvent.OfSwarm(SwarmEvent.Introduced _);
  }

  private void reach(int peer, Origin... origins) {
    PeerMemory memory = memory();
    memory.reached(TORRENT, address(peer), List.of(origins));
    memory.flush();
  }

  private List<PeerAddress> addresses() {
    return memory().recall(TORRENT).stream().map(Remembered::address).toList();
  }

  private PeerMemory memory() {
    return PeerMemory.of(home, () -> now);
  }

  private Path file() {
    return home.resolve("peers");
  }

  private static PeerAddress address(int host) {
    return PeerAddress.parse("9.9.9." + host + ":6881").orElseThrow();
  }

  private static InfoHash hash(int number) {
    return InfoHash.of(ByteBuffer.allocate(20).putInt(number).array());
  }
}
