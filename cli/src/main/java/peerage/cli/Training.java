package peerage.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import peerage.node.Download;
import peerage.node.DownloadOptions;
import peerage.node.Peerage;
import peerage.node.Pxp;
import peerage.node.PxpEvent;
import peerage.node.PxpNetwork;
import peerage.node.PxpPeer;
import peerage.node.TorrentMaker;
import peerage.peers.PeerAddress;
import peerage.wire.Metainfo;

/// What the launcher has the JVM watch once after a build, to make its start-up cache: the help,
/// one peer that downloads from another on the loopback network, and nodes of PXP that meet there
/// over TCP and WebSocket and are introduced to each other. The cache then holds the classes of
/// all, and what is worth compiling.
final class Training {
  private static final int SIZE = 96 * 1024 * 1024;
  private static final int MEETINGS = 20;
  private static final Duration INTRODUCTION = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private Training() {}

  public static void main(String[] arguments) throws Exception {
    Main.run(Terminal.ofThisProcess(), "--help");
    Path root = Files.createTempDirectory("peerage-training");
    try {
      download(root);
      meet("tcp://127.0.0.1:0");
      meet("ws://127.0.0.1:0/pxp");
      introduce();
    } finally {
      remove(root);
    }
  }

  private static void download(Path root) throws Exception {
    Path folder = Files.createDirectory(root.resolve("seed"));
    Path content = folder.resolve("content");
    byte[] bytes = new byte[SIZE];
    new Random(1).nextBytes(bytes);
    Files.write(content, bytes);
    Metainfo torrent = Metainfo.parse(TorrentMaker.of(content).make(_ -> {}));
    try (Peerage seed = node(root.resolve("state1"));
        Peerage leech = node(root.resolve("state2"))) {
      seed.download(torrent, DownloadOptions.into(folder).seeding());
      Download download = leech.download(torrent, DownloadOptions.into(root.resolve("leech")));
      download.tell(PeerAddress.parse("127.0.0.1:" + seed.port()).orElseThrow());
      download.await(PATIENCE);
    }
  }

  /// Often enough that the JVM knows what runs often.
  private static void meet(String where) throws Exception {
    var left = new Semaphore(0);
    try (PxpNetwork host = Pxp.network("training").listen(where).onEvent(tell(left)).open();
        PxpNetwork guest = Pxp.network("training").open()) {
      for (int i = 0; i < MEETINGS; i++) {
        try (PxpPeer peer = guest.connect(host.listening().getFirst(), PATIENCE)) {
          PxpWords.json(new PxpEvent.Joined(peer), Instant.now());
          peer.send(new byte[1]);
        }
        // else the host would take the next connection for a second one of the same peer
        var _ = left.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
    }
  }

  private static Consumer<PxpEvent> tell(Semaphore left) {
    return event -> {
      if (event instanceof PxpEvent.Left) {
        left.release();
      }
    };
  }

  /// Two that one peer introduces to each other, over WebRTC if there is any.
  private static void introduce() throws Exception {
    try (PxpNetwork relay = Pxp.network("training").listen("tcp://127.0.0.1:0").open();
        PxpNetwork asker = Pxp.network("training").open();
        PxpNetwork target = Pxp.network("training").open()) {
      for (PxpNetwork each : List.of(asker, target)) {
        each.connect(relay.listening().getFirst(), PATIENCE);
      }
      asker.newPeer(INTRODUCTION).send(new byte[1]);
    } catch (IOException _) {
      // a machine without WebRTC, or without an address that it offers
    }
  }

  private static Peerage node(Path state) throws IOException {
    return Peerage.builder().address(InetAddress.getLoopbackAddress()).port(0).state(state).open();
  }

  private static void remove(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
