package peerage.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import peerage.node.spi.PxpWire;

final class WebSocketsTest {
  private static final PxpWire.Options OPTIONS =
      new PxpWire.Options(Duration.ofSeconds(20), Optional.empty());

  @Test
  void isFoundOnTheClassPath() {
    assertThat(ServiceLoader.load(PxpWire.class)).hasExactlyElementsOfTypes(WebSockets.class);
    assertThat(new WebSockets().schemes()).containsExactlyInAnyOrder("ws", "wss");
  }

  @Test
  void bigStreamsAreEqualBothWaysAtOnce() throws Exception {
    byte[] content = new byte[20_000_000];
    new Random(1).nextBytes(content);
    try (Wire wire = new Wire();
        ByteChannel left = wire.connect();
        ByteChannel right = wire.accept()) {
      var there = Thread.startVirtualThread(() -> Wire.write(left, content));
      var back = Thread.startVirtualThread(() -> Wire.write(right, content));
      var atLeft = CompletableFuture.supplyAsync(() -> all(left, content.length));
      assertThat(Wire.read(right, content.length)).isEqualTo(content);
      assertThat(atLeft.join()).isEqualTo(content);
      there.join();
      back.join();
    }
  }

  @Test
  void whatWasWrittenBeforeTheCloseStillComes() throws Exception {
    byte[] content = new byte[5_000_000];
    try (Wire wire = new Wire();
        ByteChannel left = wire.connect();
        ByteChannel right = wire.accept()) {
      var writer =
          Thread.startVirtualThread(
              () -> {
                Wire.write(left, content);
                Wire.shut(left);
              });
      Wire.read(right, content.length);
      assertThat(right.read(ByteBuffer.allocate(1))).isEqualTo(-1);
      writer.join();
      assertThatThrownBy(() -> left.read(ByteBuffer.allocate(1))).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> left.write(ByteBuffer.allocate(1))).isInstanceOf(IOException.class);
    }
  }

  /// How much is taken on the way without a reader is up to the system's socket buffers: some MB.
  @Test
  void aReaderThatDoesNotReadHoldsTheWriterBack() throws Exception {
    try (Wire wire = new Wire();
        ByteChannel left = wire.connect();
        ByteChannel right = wire.accept()) {
      var sent = new AtomicLong();
      int part = 1 << 16;
      int parts = 1600;
      var writer =
          Thread.startVirtualThread(
              () -> {
                for (int i = 0; i < parts; i++) {
                  Wire.write(left, new byte[part]);
                  sent.addAndGet(part);
                }
              });
      assertThat(writer.join(Duration.ofSeconds(3))).isFalse();
      assertThat(sent.get()).isLessThan(40_000_000L);
      Wire.read(right, parts * part);
      writer.join();
      assertThat(sent.get()).isEqualTo((long) parts * part);
    }
  }

  @Test
  void closingFromAnotherThreadWakesReaderAndWriter() throws Exception {
    try (Wire wire = new Wire();
        ByteChannel left = wire.connect();
        ByteChannel right = wire.accept()) {
      var reader =
          CompletableFuture.supplyAsync(() -> failure(() -> left.read(ByteBuffer.allocate(1))));
      var writer =
          CompletableFuture.supplyAsync(
              () ->
                  failure(
                      () -> {
                        while (true) {
                          left.write(ByteBuffer.allocate(1 << 16));
                        }
                      }));
      assertThat(right.read(ByteBuffer.allocate(1))).isEqualTo(1);
      Wire.shut(left);
      Wire.shut(left);
      assertThat(reader.join()).isInstanceOf(IOException.class);
      assertThat(writer.join()).isInstanceOf(IOException.class);
      assertThat(left.isOpen()).isFalse();
    }
  }

  @Test
  void closingTheListeningSocketLeavesConnectionsAlone() throws Exception {
    Wire wire = new Wire();
    try (ByteChannel left = wire.connect();
        ByteChannel right = wire.accept()) {
      wire.close();
      Wire.write(left, new byte[] {7});
      assertThat(Wire.read(right, 1)).containsExactly(7);
      assertThatThrownBy(wire::connect).isInstanceOf(IOException.class);
    }
  }

  @Test
  void theThreadEndsWithTheLastConnection() throws Exception {
    try (Wire wire = new Wire();
        ByteChannel left = wire.connect();
        ByteChannel right = wire.accept()) {
      assertThat(loops()).isNotEmpty().allMatch(Thread::isDaemon);
      assertThat(left.isOpen() && right.isOpen()).isTrue();
    }
    for (Thread loop : loops()) {
      assertThat(loop.join(Duration.ofSeconds(10))).isTrue();
    }
  }

  @Test
  void aPortThatNobodyListensOnIsASentence() throws IOException {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    URI uri = URI.create("ws://127.0.0.1:" + port + "/");
    assertThatThrownBy(() -> new WebSockets().connect(uri, OPTIONS))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Connecting to " + uri + " failed: ")
        .hasMessageContaining("refused");
  }

  @Test
  void whoNeverAnswersIsGivenUpInTime() throws IOException {
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      URI uri = URI.create("ws://127.0.0.1:" + silent.getLocalPort() + "/");
      var options = new PxpWire.Options(Duration.ofMillis(300), Optional.empty());
      assertThatThrownBy(() -> new WebSockets().connect(uri, options))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no WebSocket within");
    }
  }

  @Test
  void anotherPathIsNotFound() throws IOException {
    try (Wire wire = new Wire()) {
      assertThatThrownBy(() -> new WebSockets().connect(wire.uri("127.0.0.1", "/other"), OPTIONS))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("404");
    }
  }

  @Test
  void aPortThatIsTakenIsASentence() throws IOException {
    try (Wire wire = new Wire()) {
      URI uri = wire.uri("127.0.0.1", "/");
      assertThatThrownBy(() -> new WebSockets().listen(uri, OPTIONS, (_, _) -> {}))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("Listening on " + uri + " failed: ");
    }
  }

  @Test
  void listeningOnWssNeedsAKey() {
    assertThatThrownBy(
            () -> new WebSockets().listen(URI.create("wss://:0/"), OPTIONS, (_, _) -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("needs a key");
  }

  private interface Step {
    void run() throws IOException;
  }

  private static IOException failure(Step step) {
    try {
      step.run();
      throw new IllegalStateException("nothing failed");
    } catch (IOException e) {
      return e;
    }
  }

  private static byte[] all(ByteChannel channel, int size) {
    try {
      return Wire.read(channel, size);
    } catch (IOException e) {
      return String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8);
    }
  }

  private static List<Thread> loops() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(Loop.THREAD))
        .toList();
  }
}
