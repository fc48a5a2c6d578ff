package peerage.node;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import peerage.bencode.MalformedMessage;
import peerage.peers.PeerAddress;
import peerage.swarm.SwarmEvent;
import peerage.wire.Metainfo;
import peerage.wire.MetainfoBuilder;

/// Peers on the loopback network, each with an address and folders of its own, and a torrent.
final class TestSwarm implements AutoCloseable {
  /// Longer than anything here takes, so that only a hang reaches it.
  static final Duration PATIENCE = Duration.ofSeconds(30);

  static final String NAME = "content.bin";

  private static final int PIECE = 32 * 1024;

  private final Path root;
  private final byte[] content;
  private final Metainfo torrent;
  private final List<Peerage> opened = new ArrayList<>();
  private int hosts;

  TestSwarm(Path root, int size) {
    this(root, size, _ -> {});
  }

  TestSwarm(Path root, int size, Consumer<MetainfoBuilder> more) {
    this.root = root;
    this.content = new byte[size];
    new Random(42).nextBytes(content);
    var builder = MetainfoBuilder.ofFile(NAME, size).pieces(PIECE, hashes());
    more.accept(builder);
    try {
      this.torrent = Metainfo.parse(builder.encode());
    } catch (MalformedMessage e) {
      throw new AssertionError(e);
    }
  }

  private byte[] hashes() {
    var hashes = new java.io.ByteArrayOutputStream();
    try {
      for (int at = 0; at < content.length; at += PIECE) {
        byte[] piece = Arrays.copyOfRange(content, at, Math.min(at + PIECE, content.length));
        hashes.writeBytes(MessageDigest.getInstance("SHA-1").digest(piece));
      }
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
    return hashes.toByteArray();
  }

  Metainfo torrent() {
    return torrent;
  }

  /// The torrent as a file, with one tracker.
  byte[] torrentFile(String tracker) {
    return MetainfoBuilder.ofFile(NAME, content.length)
        .pieces(PIECE, hashes())
        .tier(List.of(tracker))
        .encode();
  }

  byte[] content() {
    return content;
  }

  /// One participant.
  record Host(Peerage node, Path directory, PeerAddress address) {}

  /// A participant at an address of its own.
  Host host() throws IOException {
    return host("127.0.0." + (10 + hosts));
  }

  Host host(String ip) throws IOException {
    Path home = root.resolve("host" + hosts++);
    return host(ip, home);
  }

  Host host(String ip, Path home) throws IOException {
    return host(ip, home, Peerage.Builder::withoutDht);
  }

  /// A participant with more options, which takes part in the DHT.
  Host host(String ip, Path home, Consumer<Peerage.Builder> more) throws IOException {
    Path directory = Files.createDirectories(home.resolve("files"));
    var builder =
        Peerage.builder()
            .withoutLan()
            .address(InetAddress.getByName(ip))
            .port(0)
            .state(home.resolve("state"));
    more.accept(builder);
    Peerage node = builder.open();
    opened.add(node);
    String text = ip.indexOf(':') < 0 ? ip : "[" + ip + "]";
    return new Host(node, directory, PeerAddress.parse(text + ":" + node.port()).orElseThrow());
  }

  /// A participant that has everything and serves it.
  Host seed() throws IOException {
    return seed(host());
  }

  Host seed(Host host) throws IOException {
    Files.write(host.directory().resolve(NAME), content);
    var joined = new Awaited<TorrentEvent>(TorrentEvent.Joined.class::isInstance);
    host.node().download(torrent, DownloadOptions.into(host.directory()).seeding(), joined);
    joined.await();
    return host;
  }

  /// Waits until somebody is connected to the peer there, and knows who it is.
  static Awaited<TorrentEvent> connectedTo(PeerAddress address) {
    return new Awaited<>(
        event ->
            event instanceof TorrentEvent.OfSwarm(SwarmEvent.Introduced(var _, var peer, var _))
                && peer.equals(address));
  }

  /// Waits for the first event that fits.
  static final class Awaited<T> implements Consumer<T> {
    private final CountDownLatch seen = new CountDownLatch(1);
    private final Predicate<? super T> wanted;

    Awaited(Predicate<? super T> wanted) {
      this.wanted = wanted;
    }

    @Override
    public void accept(T event) {
      if (wanted.test(event)) {
        seen.countDown();
      }
    }

    void await() {
      try {
        if (!seen.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
          throw new AssertionError("what was waited for did not happen");
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Override
  public void close() {
    opened.reversed().forEach(Peerage::close);
  }
}
