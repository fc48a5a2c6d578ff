package peerage.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import peerage.announce.LanMessage;
import peerage.bencode.MalformedMessage;
import peerage.node.TestSwarm.Awaited;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.swarm.SwarmEvent;
import peerage.wire.Metainfo;
import peerage.wire.MetainfoBuilder;

/// Local discovery on the loopback network, where everybody is who is bound to it.
final class LanTest {
  @TempDir Path root;

  /// Over IPv4: Linux has no multicast route for IPv6 on its loopback interface. Both families are
  /// tested between hosts (interop, LanTest).
  @Test
  void twoPeersMeetWithoutAnyTracker() throws Exception {
    Metainfo torrent = torrent(new Random().nextLong(), false);
    try (Peerage one = open("one");
        Peerage two = open("two")) {
      var heard =
          new Awaited<TorrentEvent>(
              event ->
                  event instanceof TorrentEvent.OfSwarm(SwarmEvent.Heard(var peer, var origin))
                      && peer.equals(address(two))
                      && origin instanceof Origin.Lan);
      one.watch(torrent, heard);
      two.watch(torrent);
      heard.await();
    }
  }

  @Test
  void ofAPrivateTorrentNothingIsCalledOut() throws Exception {
    Metainfo hidden = torrent(new Random().nextLong(), true);
    Metainfo open = torrent(new Random().nextLong(), false);
    var heard = new LinkedBlockingQueue<LanMessage>();
    try (DatagramChannel ear = ear(heard);
        Peerage node = open("one")) {
      node.watch(hidden);
      node.watch(open);
      LanMessage message;
      do {
        message = heard.poll(TestSwarm.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(message).as("what is called out").isNotNull();
        assertThat(message.infoHashes()).doesNotContain(hidden.infoHash());
      } while (!message.infoHashes().contains(open.infoHash()));
      assertThat(ear.isOpen()).isTrue();
    }
  }

  @Test
  void whoWantsNoLocalDiscoveryHasNone() throws Exception {
    Metainfo torrent = torrent(new Random().nextLong(), false);
    Metainfo other = torrent(new Random().nextLong(), false);
    var heard = new LinkedBlockingQueue<LanMessage>();
    try (DatagramChannel ear = ear(heard);
        Peerage silent = builder("silent").withoutLan().open();
        Peerage node = open("one")) {
      silent.watch(torrent);
      node.watch(other);
      LanMessage message;
      do {
        message = heard.poll(TestSwarm.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(message).as("what is called out").isNotNull();
        assertThat(message.infoHashes()).doesNotContain(torrent.infoHash());
      } while (!message.infoHashes().contains(other.infoHash()));
      assertThat(ear.isOpen()).isTrue();
    }
  }

  private static PeerAddress address(Peerage node) {
    return PeerAddress.parse("127.0.0.1:" + node.port()).orElseThrow();
  }

  private Peerage open(String name) throws IOException {
    return builder(name).open();
  }

  private Peerage.Builder builder(String name) throws IOException {
    return Peerage.builder()
        .withoutDht()
        .withoutMemory()
        .address(InetAddress.getLoopbackAddress())
        .port(0)
        .state(Files.createDirectories(root.resolve(name)));
  }

  private static Metainfo torrent(long seed, boolean isPrivate) throws MalformedMessage {
    byte[] hash = new byte[20];
    new Random(seed).nextBytes(hash);
    MetainfoBuilder builder = MetainfoBuilder.ofFile("content.bin", 1_000).pieces(32 * 1024, hash);
    if (isPrivate) {
      builder.markPrivate();
    }
    return Metainfo.parse(builder.encode());
  }

  private static DatagramChannel ear(LinkedBlockingQueue<LanMessage> heard) throws IOException {
    DatagramChannel ear = DatagramChannel.open(StandardProtocolFamily.INET);
    ear.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    InetAddress group = InetAddress.getByName(LanMessage.GROUP_V4);
    ear.bind(new InetSocketAddress(group, LanMessage.GROUP_PORT));
    ear.join(group, NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress()));
    Thread.ofVirtual().start(() -> listen(ear, heard));
    return ear;
  }

  private static void listen(DatagramChannel ear, LinkedBlockingQueue<LanMessage> heard) {
    ByteBuffer buffer = ByteBuffer.allocate(9_000);
    while (ear.isOpen()) {
      try {
        ear.receive(buffer.clear());
        byte[] bytes = new byte[buffer.flip().remaining()];
        buffer.get(bytes);
        heard.add(LanMessage.decode(bytes));
      } catch (IOException | MalformedMessage _) {
        // closed, or somebody else's
      }
    }
  }
}
