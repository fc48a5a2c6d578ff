package peerage.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import peerage.node.Pxp;
import peerage.node.PxpPeer;

/// How fast a stream of PXP runs over TCP on the loopback, as an application sees it, and beside it
/// a plain socket.
///
/// - `java -cp 'bench/target/lib/*' peerage.bench.PxpThroughput [MIB]`: both ends in one process
/// - `… PxpThroughput listen PORT`, `… PxpThroughput send PORT [MIB]`: two processes
public final class PxpThroughput {
  private static final int PIECE = 64 * 1024;
  private static final int MIB = 1 << 20;
  private static final int ROUNDS = 5;

  private PxpThroughput() {}

  /// Measures, and prints.
  ///
  /// @param args as above; 400 MiB if not said
  public static void main(String[] args) throws Exception {
    if (args.length > 1 && args[0].equals("listen")) {
      listen(Integer.parseInt(args[1]));
    } else if (args.length > 1 && args[0].equals("send")) {
      send(Integer.parseInt(args[1]), mib(args, 2));
    } else {
      inOneProcess(mib(args, 0));
    }
  }

  private static long mib(String[] args, int index) {
    return (args.length > index ? Long.parseLong(args[index]) : 400) * MIB;
  }

  private static void listen(int port) throws Exception {
    try (var net =
        Pxp.network("somenet")
            .withoutWebRtc()
            .listen("tcp://127.0.0.1:" + port)
            .onConnect(PxpThroughput::receiveAndSay)
            .open()) {
      net.awaitClosed();
    }
  }

  private static void receiveAndSay(PxpPeer peer) throws IOException {
    say("PXP", receive(peer.input()));
  }

  private static void send(int port, long total) throws Exception {
    try (var net = Pxp.network("somenet").withoutWebRtc().open()) {
      PxpPeer peer = net.connect(URI.create("tcp://127.0.0.1:" + port), Duration.ofSeconds(30));
      write(peer, total);
      System.out.println("closed by the other side: " + peer.input().read());
    }
  }

  private static void inOneProcess(long total) throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      say("plain socket", plain(total));
      say("PXP", pxp(total));
    }
  }

  private static double pxp(long total) throws Exception {
    BlockingQueue<Double> result = new ArrayBlockingQueue<>(1);
    try (var server =
            Pxp.network("somenet")
                .withoutWebRtc()
                .listen("tcp://127.0.0.1:0")
                .onConnect(peer -> result.add(receive(peer.input())))
                .open();
        var client = Pxp.network("somenet").withoutWebRtc().open()) {
      write(client.connect(server.listening().getFirst().toString()), total);
      return result.take();
    }
  }

  private static void write(PxpPeer peer, long total) throws IOException {
    byte[] piece = new byte[PIECE];
    for (long done = 0; done < total; done += piece.length) {
      peer.output().write(piece);
    }
    peer.output().close();
  }

  /// Reads to the end.
  ///
  /// @return megabytes a second, from the first byte on
  private static double receive(InputStream in) throws IOException {
    byte[] buffer = new byte[PIECE];
    long size = in.read(buffer);
    long start = System.nanoTime();
    int more = in.read(buffer);
    while (more >= 0) {
      size += more;
      more = in.read(buffer);
    }
    return size / 1e6 / ((System.nanoTime() - start) / 1e9);
  }

  private static double plain(long total) throws Exception {
    try (var server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      var address = server.getLocalAddress();
      Thread sender = Thread.ofVirtual().start(() -> writePlain(address, total));
      try (SocketChannel channel = server.accept()) {
        double rate = receive(channel.socket().getInputStream());
        sender.join();
        return rate;
      }
    }
  }

  private static void writePlain(java.net.SocketAddress address, long total) {
    try (SocketChannel channel = SocketChannel.open(address)) {
      ByteBuffer piece = ByteBuffer.allocate(PIECE);
      for (long done = 0; done < total; done += PIECE) {
        piece.clear();
        while (piece.hasRemaining()) {
          channel.write(piece);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void say(String what, double rate) {
    System.out.printf("%s: %.0f MB/s%n", what, rate);
  }
}
