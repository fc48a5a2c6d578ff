package peerage.bench;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import peerage.node.DownloadOptions;
import peerage.node.Peerage;
import peerage.node.TorrentMaker;
import peerage.peers.PeerAddress;
import peerage.peers.PeerId;
import peerage.wire.ExtensionHandshake;
import peerage.wire.Frames;
import peerage.wire.Handshake;
import peerage.wire.Message;
import peerage.wire.Metainfo;

/// What idle connections cost a `peerage seed` process: opens thousands that shake hands, offer
/// `ut_pex` and then say nothing, looks at the seed's heap after a full collection, and lets one
/// more peer download.
///
/// `java -cp 'bench/target/lib/*' peerage.bench.IdleConnections [COUNT]`
public final class IdleConnections {
  private static final String SEED = "127.0.0.2";
  private static final int SIZE = 8 << 20;
  private static final int PER_ADDRESS = 20_000;

  private IdleConnections() {}

  /// Measures, and prints.
  ///
  /// @param args how many connections; 5,000 if not said
  public static void main(String[] args) throws Exception {
    int count = args.length > 0 ? Integer.parseInt(args[0]) : 5_000;
    Path root = Files.createTempDirectory("idle");
    Path content = Files.write(root.resolve("content.bin"), content());
    byte[] file = TorrentMaker.of(content).make(_ -> {});
    Path torrent = Files.write(root.resolve("x.torrent"), file);
    Process seed = startSeed(root, torrent, count + 100);
    try {
      int port = awaitPort(seed);
      long before = usedHeap(seed);
      List<Socket> idle = open(count, port, Metainfo.parse(file));
      long after = usedHeap(seed);
      System.out.printf(
          "%d connections open, heap of the seed %.1f MiB before, %.1f MiB after: %.1f KiB each%n",
          idle.size(), before / 1048576.0, after / 1048576.0, (after - before) / 1024.0 / count);
      download(root, Metainfo.parse(file), port);
      System.out.println("the seed is alive: " + seed.isAlive());
      for (Socket socket : idle) {
        socket.close();
      }
    } finally {
      seed.destroy();
    }
  }

  private static byte[] content() {
    byte[] content = new byte[SIZE];
    new Random(1).nextBytes(content);
    return content;
  }

  private static Process startSeed(Path root, Path torrent, int maxPeers) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path"),
            "peerage.cli.Main",
            "seed",
            torrent.toString(),
            "-d",
            root.toString(),
            "--state",
            root.resolve("state").toString(),
            "--bind",
            SEED,
            "--port",
            "51413",
            "--max-peers",
            String.valueOf(maxPeers),
            "--json-lines")
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /// Reads the seed's events until it has joined, and from then on throws them away.
  private static int awaitPort(Process seed) throws IOException {
    var in =
        new BufferedReader(new InputStreamReader(seed.getInputStream(), StandardCharsets.UTF_8));
    int port = 51413;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      Matcher said = Pattern.compile("\"port\"\\s*:\\s*(\\d+)").matcher(line);
      if (said.find()) {
        port = Integer.parseInt(said.group(1));
      }
      if (line.contains("\"joined\"")) {
        break;
      }
    }
    Thread.ofVirtual().start(() -> drain(in));
    return port;
  }

  private static void drain(BufferedReader in) {
    try {
      while (in.readLine() != null) {
        // nobody reads it
      }
    } catch (IOException _) {
      // the seed was ended
    }
  }

  private static long usedHeap(Process seed) throws IOException, InterruptedException {
    jcmd(seed, "GC.run");
    Matcher used =
        Pattern.compile("(?:DefNew|Tenured) +total \\d+K, used (\\d+)K").matcher(heap(seed));
    long kib = 0;
    while (used.find()) {
      kib += Long.parseLong(used.group(1));
    }
    return kib * 1024;
  }

  private static String heap(Process seed) throws IOException, InterruptedException {
    return jcmd(seed, "GC.heap_info");
  }

  private static String jcmd(Process seed, String command)
      throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                String.valueOf(seed.pid()),
                command)
            .start();
    String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    jcmd.waitFor();
    return said;
  }

  private static List<Socket> open(int count, int port, Metainfo torrent) throws Exception {
    var sockets = new ArrayList<Socket>(count);
    var random = new Random(7);
    for (int i = 0; i < count; i++) {
      var socket = new Socket();
      int host = 10 + i / PER_ADDRESS;
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.1." + host), 0));
      socket.connect(new InetSocketAddress(InetAddress.ofLiteral(SEED), port));
      var handshake =
          new Handshake(
              Handshake.EXTENSIONS | Handshake.FAST, torrent.infoHash(), PeerId.ours(random));
      socket.getOutputStream().write(handshake.encode());
      new DataInputStream(socket.getInputStream()).readFully(new byte[Handshake.SIZE]);
      socket.getOutputStream().write(introduction(1_000 + i % 60_000));
      sockets.add(socket);
    }
    return sockets;
  }

  private static byte[] introduction(int listenPort) {
    var handshake =
        new ExtensionHandshake(
            new TreeMap<>(java.util.Map.of("ut_pex", 1)),
            java.util.OptionalInt.of(listenPort),
            java.util.Optional.of("idle"),
            java.util.OptionalInt.empty(),
            java.util.Optional.empty(),
            java.util.Optional.empty(),
            java.util.Optional.empty(),
            java.util.Optional.empty(),
            false);
    Message extended = new Message.Extended(ExtensionHandshake.ID, handshake.encode());
    Message nothing = new Message.HaveNone();
    ByteBuffer bytes = ByteBuffer.allocate(Frames.size(extended) + Frames.size(nothing));
    Frames.write(extended, bytes);
    Frames.write(nothing, bytes);
    return bytes.array();
  }

  private static void download(Path root, Metainfo torrent, int port) throws Exception {
    long start = System.nanoTime();
    try (var node =
            Peerage.builder()
                .withoutDht()
                .withoutLan()
                .address(InetAddress.ofLiteral("127.0.0.3"))
                .state(root.resolve("state2"))
                .open();
        var download = node.download(torrent, DownloadOptions.into(root.resolve("copy")))) {
      download.tell(PeerAddress.parse(SEED + ":" + port).orElseThrow());
      download.await(Duration.ofMinutes(2));
    }
    System.out.printf("a new peer was served 8 MiB in %.2f s%n", (System.nanoTime() - start) / 1e9);
  }
}
