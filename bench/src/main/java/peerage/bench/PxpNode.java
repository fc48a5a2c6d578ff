package peerage.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import peerage.node.Pxp;
import peerage.node.PxpBuilder;
import peerage.node.PxpNetwork;
import peerage.node.PxpPeer;

/// A node of PXP that `bench/pxp.py` drives, as `bench/pxp_node.js` is for Node.js: obeys one
/// command after the other, first those of its command line, then those of standard input, and says
/// what happens in JSON lines.
///
/// `java -cp 'bench/target/lib/*' peerage.bench.PxpNode tcp|webrtc LISTEN|- [COMMAND…]`, where a
/// command is `connect HOST:PORT`, `new-peer`, `send BYTES`, `ping`, `part`, `memory` or `quit`.
public final class PxpNode {
  private static final int PEERS_MAX = 5_000;
  private static final int BLOCK = 64 * 1024;

  private final PxpNetwork net;
  private final Tally heard = new Tally();
  private List<PxpPeer> latest = List.of();

  private PxpNode(boolean webRtc, String listen) throws IOException {
    PxpBuilder builder = Pxp.network("bench").peersMax(PEERS_MAX).onConnect(this::hear);
    if (!webRtc) {
      builder.withoutWebRtc();
    }
    if (!listen.equals("-")) {
      builder.listen("tcp://" + listen);
    }
    net = builder.open();
  }

  /// Runs one.
  ///
  /// @param args as above
  public static void main(String[] args) throws Exception {
    var node = new PxpNode(args[0].equals("webrtc"), args[1]);
    int port = args[1].equals("-") ? 0 : node.net.listening().getFirst().getPort();
    say("{\"event\": \"ready\", \"port\": " + port + "}");
    for (int i = 2; i < args.length; i++) {
      node.obey(args[i].split(" "));
    }
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      node.obey(line.split(" "));
    }
    System.exit(0);
  }

  private void obey(String[] command) throws Exception {
    switch (command[0]) {
      case "connect" -> connect("tcp://" + command[1]);
      case "new-peer" -> newPeer();
      case "send" -> send(Long.parseLong(command[1]));
      case "ping" -> ping();
      case "part" -> part();
      case "memory" -> memory();
      default -> System.exit(0);
    }
  }

  private void connect(String where) throws Exception {
    long start = System.nanoTime();
    PxpPeer peer = net.connect(where);
    long end = System.nanoTime();
    latest = List.of(peer);
    say("{\"event\": \"connected\", \"ms\": " + (end - start) / 1e6 + "}");
  }

  private void newPeer() throws Exception {
    long start = System.nanoTime();
    try {
      PxpPeer peer = net.newPeer();
      long end = System.nanoTime();
      latest = List.of(peer);
      say(
          "{\"event\": \"new-peer\", \"ms\": %s, \"transport\": \"%s\"}"
              .formatted((end - start) / 1e6, peer.transport().name().toLowerCase(Locale.ROOT)));
    } catch (IOException e) {
      say("{\"event\": \"new-peer\", \"failed\": \"" + e.getMessage() + "\"}");
    }
  }

  private void send(long bytes) throws IOException {
    byte[] block = new byte[BLOCK];
    OutputStream out = latest.getFirst().output();
    for (long sent = 0; sent < bytes; sent += BLOCK) {
      out.write(block);
    }
    out.close();
    say("{\"event\": \"sent\"}");
  }

  /// What a peer sends is counted, and what it ended is told.
  private void hear(PxpPeer peer) throws IOException {
    var count = new Counter();
    peer.input().transferTo(count);
    double seconds = (System.nanoTime() - count.begun) / 1e9;
    if (count.bytes > 0) {
      say("{\"event\": \"end\", \"bytes\": " + count.bytes + ", \"seconds\": " + seconds + "}");
    }
  }

  private final class Counter extends OutputStream {
    private long bytes;
    private long begun;

    @Override
    public void write(int b) {
      write(new byte[1], 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) {
      begun = bytes == 0 ? System.nanoTime() : begun;
      bytes += length;
      heard.add(length);
    }
  }

  /// Bytes that came from all peers together.
  private static final class Tally {
    private long bytes;

    synchronized void add(long more) {
      bytes += more;
      notifyAll();
    }

    synchronized long bytes() {
      return bytes;
    }

    synchronized void await(long atLeast) throws InterruptedException {
      while (bytes < atLeast) {
        wait();
      }
    }
  }

  /// One message to each peer and back.
  private void ping() throws Exception {
    long before = heard.bytes();
    long start = System.nanoTime();
    List<PxpPeer> peers = net.peers();
    for (PxpPeer peer : peers) {
      peer.send(new byte[1]);
    }
    heard.await(before + peers.size());
    double ms = (System.nanoTime() - start) / 1e6;
    say("{\"event\": \"pinged\", \"peers\": " + peers.size() + ", \"ms\": " + ms + "}");
  }

  /// Ends when the other sides have closed, too: until then they would take the next connection for
  /// a second one. No event tells it, as a peer has left as soon as we have said goodbye.
  private void part() throws Exception {
    net.peers().forEach(PxpPeer::close);
    while (net.stats().connections() > 0) {
      Thread.sleep(1);
    }
    say("{\"event\": \"parted\"}");
  }

  private static void memory() throws IOException {
    System.gc();
    long heap = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    long rss =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmRSS"))
            .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
            .sum();
    say("{\"event\": \"memory\", \"heap\": " + heap + ", \"rss\": " + rss + "}");
  }

  private static synchronized void say(String line) {
    System.out.println(line);
  }
}
