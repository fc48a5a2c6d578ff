package peerage.webrtc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import peerage.node.spi.PxpUpgrade;
import peerage.node.spi.PxpUpgrade.Exposure;
import peerage.node.spi.PxpUpgrade.Side;
import peerage.pxp.Signal;

/// Connects two engines in one JVM; started by [NativeTest]. Prints what fails.
final class NativeCheck {
  static final String PASSED = "all passed";
  private static final int BIG = 8 << 20;

  private final PxpUpgrade.Engine one;
  private final PxpUpgrade.Engine other;

  private NativeCheck(PxpUpgrade.Engine one, PxpUpgrade.Engine other) {
    this.one = one;
    this.other = other;
  }

  public static void main(String[] arguments) throws Exception {
    var options = new PxpUpgrade.Options(List.of(), Exposure.ALL);
    try (PxpUpgrade.Engine one = new WebRtc().open(options);
        PxpUpgrade.Engine other = new WebRtc().open(options)) {
      var check = new NativeCheck(one, other);
      for (int i = 0; i < 20; i++) {
        check.streamsAreEqualBothWays(i == 0 ? BIG : 100_000);
      }
      check.theFingerprintIsThatOfTheDescription();
      check.closingWakesAReader();
      check.whatIsNeverReadEndsTheConnection();
      check.badSignalsEndAnUpgradeOnceAndLateOnesDoNothing();
      check.hidingAddressesNeedsAServer();
    }
    expect(
        Thread.getAllStackTraces().keySet().stream()
            .allMatch(thread -> thread.isDaemon() || thread.equals(Thread.currentThread())),
        "threads of the library are left");
    System.out.println(PASSED);
  }

  private void streamsAreEqualBothWays(int size) throws Exception {
    try (Pair pair = new Pair(one, other)) {
      byte[] content = new byte[size];
      new Random(size).nextBytes(content);
      for (var way : List.of(List.of(pair.left, pair.right), List.of(pair.right, pair.left))) {
        var writer = way.getFirst().channel.join();
        var written = Thread.startVirtualThread(() -> write(writer, content));
        expect(Arrays.equals(read(way.getLast().channel.join(), size), content), "the stream");
        written.join();
      }
      // What was written before the close still comes.
      write(pair.left.channel.join(), content);
      pair.left.channel.join().close();
      expect(Arrays.equals(read(pair.right.channel.join(), size), content), "the rest");
      expect(pair.right.channel.join().read(ByteBuffer.allocate(1)) == -1, "the end");
    }
  }

  private void theFingerprintIsThatOfTheDescription() throws Exception {
    try (Pair pair = new Pair(one, other)) {
      expect(pair.left.sdp.join().contains("a=fingerprint:" + one.fingerprint()), "fingerprint");
      expect(pair.right.sdp.join().contains("a=fingerprint:" + other.fingerprint()), "fingerprint");
    }
  }

  private void closingWakesAReader() throws Exception {
    try (Pair pair = new Pair(one, other)) {
      ByteChannel channel = pair.left.channel.join();
      var reader = CompletableFuture.supplyAsync(() -> failure(channel));
      channel.close();
      expect(reader.join() != null, "a closed channel was read");
    }
  }

  private void whatIsNeverReadEndsTheConnection() throws Exception {
    try (Pair pair = new Pair(one, other)) {
      boolean ended = false;
      try {
        for (long sent = 0; sent < 4 * Limits.UNREAD_MAX; sent += BIG) {
          pair.left.channel.join().write(ByteBuffer.allocate(BIG));
        }
      } catch (IOException _) {
        ended = true;
      }
      expect(ended, "more was taken than may wait");
    }
  }

  private void badSignalsEndAnUpgradeOnceAndLateOnesDoNothing() throws Exception {
    for (String sdp : List.of("nonsense", "v=0\r\nm=application 9 UDP/DTLS/SCTP x\r\na=oops\r\n")) {
      var end = new End();
      PxpUpgrade.Upgrade upgrade = other.start(Side.ANSWER, end);
      upgrade.take(new Signal.IceCandidate("candidate:nonsense", "", 7));
      for (int i = 0; i < 3; i++) {
        upgrade.take(new Signal.Description(Signal.Kind.OFFER, sdp));
      }
      end.failed.join();
      upgrade.close();
      upgrade.take(new Signal.Description(Signal.Kind.OFFER, sdp));
    }
  }

  private void hidingAddressesNeedsAServer() {
    for (Exposure exposure : List.of(Exposure.NO_HOST, Exposure.RELAY_ONLY)) {
      try (var _ = new WebRtc().open(new PxpUpgrade.Options(List.of(), exposure))) {
        expect(false, "nobody could ever be connected to");
      } catch (IOException e) {
        expect(String.valueOf(e.getMessage()).contains("server"), "the sentence");
      }
    }
  }

  private static void write(ByteChannel channel, byte[] content) {
    try {
      channel.write(ByteBuffer.wrap(content));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] read(ByteChannel channel, int size) throws IOException {
    var target = ByteBuffer.allocate(size);
    while (target.hasRemaining() && channel.read(target) >= 0) {}
    return target.array();
  }

  private static IOException failure(ByteChannel channel) {
    try {
      throw new IllegalStateException("read " + channel.read(ByteBuffer.allocate(1)));
    } catch (IOException e) {
      return e;
    }
  }

  private static void expect(boolean holds, String what) {
    if (!holds) {
      System.out.println("FAILED: " + what);
      Runtime.getRuntime().halt(1);
    }
  }
}
