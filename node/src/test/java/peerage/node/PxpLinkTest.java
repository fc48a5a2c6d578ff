package peerage.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import peerage.peers.Link;

/// One connection's two threads, over a loopback socket.
@Timeout(60)
class PxpLinkTest {
  private static final PxpTimes QUICK =
      new PxpTimes(
          Duration.ofSeconds(10),
          Duration.ofMillis(300),
          Duration.ofMillis(300),
          Duration.ofSeconds(1),
          Duration.ofSeconds(2));

  private final PxpThreads threads = new PxpThreads();
  private final PxpCounters counters = new PxpCounters();
  private final Alarm alarm = new Alarm();
  private final Watcher watcher = new Watcher();
  private SocketChannel near;
  private SocketChannel far;
  private PxpLink link;

  /// Keeps what the link says.
  private static final class Watcher implements PxpLink.Owner {
    final BlockingQueue<ByteBuffer> received = new ArrayBlockingQueue<>(100_000);
    final CompletableFuture<String> ended = new CompletableFuture<>();
    final CompletableFuture<Void> stalled = new CompletableFuture<>();
    final CompletableFuture<Void> flows = new CompletableFuture<>();

    @Override
    public void stalled(PxpLink link) {
      stalled.complete(null);
    }

    @Override
    public void flows(PxpLink link) {
      flows.complete(null);
    }

    @Override
    public void received(PxpLink link, ByteBuffer bytes) {
      received.add(bytes);
    }

    @Override
    public void ended(PxpLink link, String why) {
      ended.complete(why);
    }

    ByteBuffer next() throws InterruptedException {
      ByteBuffer next = received.poll(30, TimeUnit.SECONDS);
      assertThat(next).as("what comes").isNotNull();
      return next;
    }
  }

  @BeforeEach
  void connect() throws IOException {
    try (var server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      near = SocketChannel.open(server.getLocalAddress());
      far = server.accept();
    }
    var shared = new PxpLink.Shared(threads, counters, QUICK, alarm);
    link = new PxpLink(near, new Link(1), Optional.empty(), watcher, shared, () -> {});
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    link.close("the test is over");
    far.close();
    assertThat(threads.join(System.nanoTime() + 10_000_000_000L)).isTrue();
    assertThat(counters.queued.get()).isZero();
    alarm.close();
  }

  private static ByteBuffer text(String text) {
    return UTF_8.encode(text);
  }

  private byte[] readAll(SocketChannel channel) throws IOException {
    var all = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(100_000);
    while (channel.read(buffer.clear()) >= 0) {
      all.write(buffer.array(), 0, buffer.position());
    }
    return all.toByteArray();
  }

  @Test
  void bytesGoOutInOrderAndComeIn() throws Exception {
    link.start();
    link.send(List.of(text("a"), text("bc")));
    link.send(List.of(text("def")));
    far.write(text("hello"));

    ByteBuffer got = ByteBuffer.allocate(6);
    while (got.hasRemaining()) {
      far.read(got);
    }
    assertThat(new String(got.array(), UTF_8)).isEqualTo("abcdef");
    assertThat(UTF_8.decode(watcher.next()).toString()).isEqualTo("hello");
  }

  @Test
  void finishingSendsWhatWaitsAndThenEnds() throws Exception {
    byte[] much = new byte[3_000_000];
    link.send(List.of(ByteBuffer.wrap(much), text("end")));
    link.finish("we are done");
    link.start();

    assertThat(readAll(far)).hasSize(much.length + 3);
    far.close();
    assertThat(watcher.ended.get(10, TimeUnit.SECONDS)).isEqualTo("we are done");
  }

  @Test
  void whoDoesNotCloseInReturnIsClosed() throws Exception {
    link.start();
    link.finish("we are done");

    assertThat(readAll(far)).isEmpty();
    assertThat(watcher.ended.get(10, TimeUnit.SECONDS)).isEqualTo("we are done");
  }

  @Test
  void whoTakesNothingWhileWeFinishIsClosed() throws Exception {
    link.start();
    link.send(List.of(ByteBuffer.allocate(8_000_000)));
    link.finish("we are done");

    assertThat(watcher.ended.get(10, TimeUnit.SECONDS)).isEqualTo("we are done");
  }

  @Test
  void whoDoesNotReadWhatWeSendIsClosed() throws Exception {
    link.start();
    while (!watcher.ended.isDone()) {
      link.send(List.of(ByteBuffer.allocate(1 << 20)));
    }

    assertThat(watcher.ended.get()).isEqualTo("it does not read what we send");
  }

  @Test
  void whatComesAfterTheOtherSidesEndIsNothing() throws Exception {
    link.start();
    far.close();

    assertThat(watcher.ended.get(10, TimeUnit.SECONDS))
        .isEqualTo("the other side closed the connection");
    assertThat(link.isEnded()).isTrue();
  }

  @Test
  void aHeldLinkReadsNothingUntilAllHaveReleasedIt() throws Exception {
    link.hold("one");
    link.hold("two");
    link.start();
    far.write(text("later"));
    link.release("one");
    assertThat(watcher.received.poll(100, TimeUnit.MILLISECONDS)).isNull();
    link.release("two");

    assertThat(UTF_8.decode(watcher.next()).toString()).isEqualTo("later");
  }

  @Test
  void readingStopsWhileTheLoopIsBehind() throws Exception {
    link.start();
    Thread sender =
        threads.start(
            "sender",
            () -> {
              try {
                ByteBuffer much = ByteBuffer.allocate(20_000_000);
                while (much.hasRemaining()) {
                  far.write(much);
                }
              } catch (IOException _) {
                // the test is over
              }
            });
    long unhandled = 0;
    ByteBuffer next = watcher.next();
    while (next != null) {
      unhandled += next.remaining();
      next = watcher.received.poll(200, TimeUnit.MILLISECONDS);
    }
    assertThat(unhandled).isBetween(500_000L, 700_000L);
    long handled = 0;
    link.handled((int) unhandled);
    handled += unhandled;
    while (handled < 20_000_000) {
      int size = watcher.next().remaining();
      link.handled(size);
      handled += size;
    }
    sender.join();
  }

  @Test
  void whoWritesForTheApplicationWaitsForRoomAndSaysSoWhenItTakesLong() throws Exception {
    link.send(List.of(ByteBuffer.allocate(PxpSendQueue.ROOM + 1)));
    var waiting =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                link.reserve(1);
                return "had room";
              } catch (IOException e) {
                return String.valueOf(e.getMessage());
              }
            },
            task -> threads.start("writer", task));
    watcher.stalled.join();
    assertThat(waiting).isNotDone();
    link.start();
    var reader = threads.start("reader", () -> assertThat(drain()).isPositive());

    assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo("had room");
    assertThat(watcher.flows).isDone();
    link.close("enough");
    reader.join();
  }

  private long drain() {
    try {
      return readAll(far).length;
    } catch (IOException _) {
      return 1;
    }
  }

  @Test
  void waitingForRoomEndsWithTheLinkAndWithAnInterrupt() throws Exception {
    link.send(List.of(ByteBuffer.allocate(PxpSendQueue.ROOM + 1)));
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> link.reserve(1)).isInstanceOf(java.io.InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
    link.close("for a test");
    assertThatThrownBy(() -> link.reserve(1)).hasMessageContaining("for a test");
    link.start();
  }

  @Test
  void smallPiecesShareABuffer() throws Exception {
    link.start();
    for (int i = 0; i < 100; i++) {
      far.write(text("x"));
      link.handled(watcher.next().remaining());
    }
    far.write(text("y"));

    assertThat(watcher.next().array()).hasSizeLessThanOrEqualTo(4096);
  }
}
