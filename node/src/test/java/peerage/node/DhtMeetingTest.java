package peerage.node;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import peerage.bencode.Bencoded;
import peerage.bencode.MalformedMessage;
import peerage.dht.Krpc;
import peerage.dht.KrpcReader;
import peerage.dht.KrpcWriter;
import peerage.dht.NodeId;
import peerage.dht.Question;
import peerage.node.TestSwarm.Awaited;
import peerage.node.TestSwarm.Host;
import peerage.peers.InfoHash;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;
import peerage.peers.PeerId;
import peerage.testkit.Hostile;
import peerage.wire.Handshake;
import peerage.wire.MetainfoBuilder;

/// First contact by the DHT alone, over loopback sockets.
@Timeout(90)
final class DhtMeetingTest {
  private static final int SIZE = 200_000;
  private static final NodeId SOMEBODY = NodeId.parse("ab".repeat(20));

  @TempDir Path root;

  @Test
  void twoPeersMeetWhoKnowNothingButARouter() throws Exception {
    try (DhtNode router = router();
        var swarm = new TestSwarm(root, SIZE)) {
      swarm.seed(host(swarm, "127.0.0.61", entering(router)));
      Host leech = host(swarm, "127.0.0.62", entering(router));
      var options = DownloadOptions.into(leech.directory());

      // Either may be the one that finds the other; nobody else could have named them.
      try (Download download = leech.node().download(swarm.torrent(), options)) {
        assertThat(Files.readAllBytes(download.await(TestSwarm.PATIENCE)))
            .isEqualTo(swarm.content());
        assertThat(leech.node().dht()).isPresent();
      }
    }
  }

  @Test
  void whoWasHereBeforeMeetsOthersWithoutARouter() throws Exception {
    Path home = root.resolve("again");
    try (var swarm = new TestSwarm(root, SIZE);
        DhtNode router = router();
        DhtNode bystander = bystander(router)) {
      Host seed;
      try (router) { // which is gone afterwards
        await(() -> router.status().sockets().getFirst().good() > 0);
        seed = swarm.seed(host(swarm, "127.0.0.61", entering(router)));
        Host first = swarm.host("127.0.0.62", home, entering(router));
        var met = TestSwarm.connectedTo(seed.address());
        first.node().watch(swarm.torrent(), met);
        met.await();
        await(() -> bystander.status().peers() > 0);
        first.node().close();
      }
      // The swarm's own memory, which is there only if the first was the one that dialled.
      Files.deleteIfExists(home.resolve("state").resolve("peers"));

      Host second = swarm.host("127.0.0.63", home, _ -> {});
      var metAgain = TestSwarm.connectedTo(seed.address());
      second.node().watch(swarm.torrent(), metAgain);
      metAgain.await();
    }
  }

  @Test
  void ofAPrivateTorrentTheDhtHearsNothing() throws Exception {
    BlockingQueue<PeerAddress> heard = new LinkedBlockingQueue<>();
    try (UdpPort router = UdpPort.open(ip("127.0.0.60"), 0);
        var swarm = new TestSwarm(root, SIZE, MetainfoBuilder::markPrivate)) {
      router.onDht((from, _) -> heard.add(from));
      Consumer<Peerage.Builder> entering =
          builder -> builder.dhtRouters(List.of("127.0.0.60:" + router.port()));
      Host seed = swarm.seed(host(swarm, "127.0.0.61", entering));
      Host leech = host(swarm, "127.0.0.62", entering);
      var options = DownloadOptions.into(leech.directory());
      Download download = leech.node().download(swarm.torrent(), options);
      download.tell(seed.address());
      download.await(TestSwarm.PATIENCE);

      assertThat(handshakeOf(seed, swarm.torrent().infoHash()).supports(Handshake.DHT)).isFalse();
      assertThat(leech.node().dht()).isEmpty();
      assertThat(seed.node().dht()).isEmpty();
      assertThat(heard).isEmpty();
    }
  }

  @Test
  void ofAPublicTorrentTheRouterHearsAndTheHandshakeSaysSo() throws Exception {
    BlockingQueue<PeerAddress> heard = new LinkedBlockingQueue<>();
    try (UdpPort router = UdpPort.open(ip("127.0.0.60"), 0);
        var swarm = new TestSwarm(root, SIZE)) {
      router.onDht((from, _) -> heard.add(from));
      Host seed =
          swarm.seed(
              host(
                  swarm,
                  "127.0.0.61",
                  builder -> builder.dhtRouters(List.of("127.0.0.60:" + router.port()))));

      assertThat(heard.poll(30, TimeUnit.SECONDS)).isNotNull();
      assertThat(handshakeOf(seed, swarm.torrent().infoHash()).supports(Handshake.DHT)).isTrue();
    }
  }

  @Test
  void connectedPeersTellEachOtherTheirNodes() throws Exception {
    try (DhtNode router = router();
        var swarm = new TestSwarm(root, SIZE)) {
      Host seed = swarm.seed(host(swarm, "127.0.0.61", entering(router)));
      Host leech = host(swarm, "127.0.0.62", _ -> {}); // which knows no node
      var asked =
          new Awaited<TorrentEvent>(
              event ->
                  event instanceof TorrentEvent.DhtAsked(int _, int answers, int _) && answers > 0);
      try (Watch watch = leech.node().watch(swarm.torrent(), asked)) {
        watch.tell(seed.address());
        asked.await();
      }
    }
  }

  @Test
  void theNodesThatATorrentNamesLeadIntoTheDht() throws Exception {
    try (DhtNode router = router();
        var swarm =
            new TestSwarm(root, SIZE, torrent -> torrent.node("127.0.0.60", router.port()))) {
      Host seed = swarm.seed(host(swarm, "127.0.0.61", _ -> {}));
      Host leech = host(swarm, "127.0.0.62", _ -> {});
      var met = TestSwarm.connectedTo(seed.address());
      leech.node().watch(swarm.torrent(), met);
      met.await();
    }
  }

  @Test
  void theNodesThatAPrivateTorrentNamesAreNotAsked() throws Exception {
    BlockingQueue<PeerAddress> heard = new LinkedBlockingQueue<>();
    try (UdpPort router = UdpPort.open(ip("127.0.0.60"), 0);
        var swarm =
            new TestSwarm(
                root, SIZE, torrent -> torrent.markPrivate().node("127.0.0.60", router.port()))) {
      router.onDht((from, _) -> heard.add(from));
      Host seed = swarm.seed(host(swarm, "127.0.0.61", _ -> {}));
      Host leech = host(swarm, "127.0.0.62", _ -> {});
      Download download =
          leech.node().download(swarm.torrent(), DownloadOptions.into(leech.directory()));
      download.tell(seed.address());
      download.await(TestSwarm.PATIENCE);

      assertThat(swarm.torrent().nodes()).isNotEmpty();
      assertThat(leech.node().dht()).isEmpty();
      assertThat(heard).isEmpty();
    }
  }

  @Test
  void aRouterSurvivesHostileDatagrams() throws Exception {
    BlockingQueue<Krpc> heard = new LinkedBlockingQueue<>();
    try (DhtNode router = router();
        UdpPort attacker = UdpPort.open(ip("127.0.0.66"), 0);
        UdpPort honest = UdpPort.open(ip("127.0.0.67"), 0)) {
      honest.onDht((_, datagram) -> understood(datagram).ifPresent(heard::add));
      PeerAddress target = router.addresses().getFirst();
      Hostile.mutations(new SplittableRandom(1), queries(), 5_000)
          .forEach(bytes -> attacker.send(target, bytes));
      Krpc answer = null;
      for (int i = 0; answer == null && i < 50; i++) { // one may be dropped in the flood
        honest.send(target, query(new Question.Ping()));
        answer = heard.poll(1, TimeUnit.SECONDS);
      }
      assertThat(answer).isNotNull();
    }
  }

  private static List<byte[]> queries() {
    InfoHash swarm = InfoHash.of(SOMEBODY.bytes());
    List<byte[]> queries = new ArrayList<>();
    queries.add(query(new Question.Ping()));
    queries.add(query(new Question.FindNode(SOMEBODY, java.util.Set.of())));
    queries.add(query(new Question.GetPeers(swarm, java.util.Set.of(), false, true)));
    queries.add(
        query(
            new Question.AnnouncePeer(
                swarm, 7, Bencoded.Bytes.of("token"), false, false, Optional.empty())));
    return queries;
  }

  private static byte[] query(Question question) {
    return KrpcWriter.write(
        new Krpc.Query(Bencoded.Bytes.of("aa"), SOMEBODY, question, true, Optional.empty()));
  }

  private static Optional<Krpc> understood(byte[] datagram) {
    return KrpcReader.read(datagram) instanceof KrpcReader.Outcome.Understood(Krpc message)
        ? Optional.of(message)
        : Optional.empty();
  }

  /// What it answers when somebody says the first word.
  private static Handshake handshakeOf(Host host, InfoHash swarm)
      throws IOException, MalformedMessage {
    InetAddress address = Addresses.toInet(host.address().ip());
    try (var socket = new Socket(address, host.address().port())) {
      PeerId id = PeerId.of("-XX0000-abcdefghijkl".getBytes(ISO_8859_1));
      socket.getOutputStream().write(Handshake.ours(swarm, id).encode());
      return Handshake.decode(ByteBuffer.wrap(socket.getInputStream().readNBytes(Handshake.SIZE)));
    }
  }

  private Host host(TestSwarm swarm, String ip, Consumer<Peerage.Builder> more) throws IOException {
    return swarm.host(ip, root.resolve(ip), more);
  }

  private static DhtNode router() throws IOException {
    return DhtNode.builder().address(InetAddress.getByName("127.0.0.60")).router().open();
  }

  /// A node that keeps what others announce.
  private static DhtNode bystander(DhtNode router) throws IOException {
    return DhtNode.builder()
        .address(InetAddress.getByName("127.0.0.64"))
        .routers(List.of(router.addresses().getFirst().toString()))
        .open();
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TestSwarm.PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("the time by which it should be so").isLessThan(end);
      LockSupport.parkNanos(10_000_000);
    }
  }

  private static Consumer<Peerage.Builder> entering(DhtNode router) {
    return builder -> builder.dhtRouters(List.of(router.addresses().getFirst().toString()));
  }

  private static IpAddress ip(String text) {
    return IpAddress.parse(text).orElseThrow();
  }
}
