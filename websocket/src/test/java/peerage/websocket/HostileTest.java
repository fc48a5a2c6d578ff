package peerage.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import peerage.testkit.Hostile;

/// What others send, as bytes: frames are as RFC 6455, section 5.2, has them.
final class HostileTest {
  private static final HexFormat HEX = HexFormat.of();

  @Test
  void aPageThatSomebodyLooksForIsAnsweredInASentence() throws IOException {
    try (Wire wire = new Wire()) {
      assertThat(answer(wire.say("GET /pxp HTTP/1.1", "Host: x")))
          .startsWith("HTTP/1.1 426 ")
          .endsWith("This is a node of PXP: use a WebSocket.\n");
      assertThat(answer(wire.say("GET / HTTP/1.1", "Host: x")))
          .startsWith("HTTP/1.1 404 ")
          .endsWith("There is nothing here.\n");
      assertThat(
              answer(
                  wire.say(
                      "POST /pxp HTTP/1.1",
                      "Upgrade: websocket",
                      "Connection: upgrade",
                      "Content-Length: 0")))
          .startsWith("HTTP/1.1 426 ");
      assertThat(answer(wire.say("\u0000\u0001 nonsense"))).startsWith("HTTP/1.1 400 ");
      assertThat(answer(wire.say("GET /" + "x".repeat(5000) + " HTTP/1.1")))
          .startsWith("HTTP/1.1 4");
      assertThat(answer(wire.say("GET /pxp HTTP/1.1", "X: " + "x".repeat(20_000))))
          .startsWith("HTTP/1.1 4");
      assertThat(answer(wire.say("GET /pxp HTTP/1.1", "Content-Length: 99999999")))
          .startsWith("HTTP/1.1 4");
    }
  }

  @Test
  void anotherVersionOfTheProtocolIsToldOurs() throws IOException {
    try (Wire wire = new Wire()) {
      Socket socket =
          wire.say(
              "GET /pxp HTTP/1.1",
              "Upgrade: websocket",
              "Connection: Upgrade",
              "Sec-WebSocket-Version: 99",
              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
      assertThat(answer(socket)).startsWith("HTTP/1.1 426 ").contains("13");
    }
  }

  @Test
  void anySubprotocolAndOriginIsWelcome() throws Exception {
    try (Wire wire = new Wire();
        Socket socket =
            wire.shakeHands("Sec-WebSocket-Protocol: first, second", "Origin: https://a.example")) {
      assertThat(Wire.head(socket))
          .startsWith("HTTP/1.1 101 ")
          .containsIgnoringCase("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
          .containsIgnoringCase("Sec-WebSocket-Protocol: first\r\n")
          .doesNotContainIgnoringCase("Sec-WebSocket-Extensions");
      wire.accept().close();
    }
  }

  @Test
  void textPartsOfMessagesAndPingsBetweenThemMakeOneStream() throws Exception {
    try (Wire wire = new Wire();
        Socket socket = wire.shakeHands()) {
      Wire.head(socket);
      // The mask is 0, so that the bytes can be read here. The text is no UTF-8.
      send(socket, "0182 00000000 61ff");
      send(socket, "8982 00000000 4849");
      send(socket, "0080 00000000");
      send(socket, "8081 00000000 63");
      send(socket, "8281 00000000 64");
      send(socket, "8a80 00000000");
      try (ByteChannel channel = wire.accept()) {
        assertThat(Wire.read(channel, 4)).containsExactly('a', 0xff, 'c', 'd');
        assertThat(socket.getInputStream().readNBytes(4)).containsExactly(0x8a, 2, 'H', 'I');
      }
    }
  }

  @Test
  void aCloseFrameIsAnsweredAndIsTheEnd() throws Exception {
    try (Wire wire = new Wire();
        Socket socket = wire.shakeHands();
        ByteChannel channel = wire.accept()) {
      Wire.head(socket);
      send(socket, "8281 00000000 64 8882 00000000 03e8");
      assertThat(Wire.read(channel, 1)).containsExactly('d');
      assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
      assertThat(socket.getInputStream().readNBytes(4)).containsExactly(0x88, 2, 3, 0xe8);
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void framesThatBreakTheRulesEndTheConnection() throws Exception {
    List<String> broken =
        List.of(
            "8201 64", // not masked
            "c281 00000000 64", // a reserved bit
            "8381 00000000 64", // a reserved kind
            "8081 00000000 64", // goes on with nothing
            "82ff 0000000000100001 00000000", // longer than 1 MiB
            "82ff ffffffffffffffff 00000000", // longer than anything
            "0980 00000000"); // a ping in parts
    for (String frame : broken) {
      try (Wire wire = new Wire();
          Socket socket = wire.shakeHands();
          ByteChannel channel = wire.accept()) {
        Wire.head(socket);
        send(socket, frame);
        assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1)))
            .as(frame)
            .isInstanceOf(IOException.class);
        socket.getInputStream().readAllBytes();
      }
    }
  }

  @Test
  void aFrameOfOneMebibyteIsTaken() throws Exception {
    try (Wire wire = new Wire();
        Socket socket = wire.shakeHands();
        ByteChannel channel = wire.accept()) {
      send(socket, "82ff 0000000000100000 00000000");
      socket.getOutputStream().write(new byte[1 << 20]);
      assertThat(Wire.read(channel, 1 << 20)).hasSize(1 << 20);
    }
  }

  @Test
  void whoIsSlowInTheHandshakeIsClosed() throws IOException {
    try (Wire wire = new Wire(null, Duration.ofMillis(300));
        Socket socket = wire.say("GET /pxp HTTP/1.1")) {
      socket.getOutputStream().write('x');
    } catch (IOException _) {
      // Written after the close, which is as good.
    }
    try (Wire wire = new Wire(null, Duration.ofMillis(300));
        Socket socket = new Socket(wire.address().getAddress(), wire.address().getPort())) {
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void handshakesUnderWayHaveABound() throws IOException {
    try (Wire wire = new Wire()) {
      List<Socket> waiting = new ArrayList<>();
      for (int i = 0; i < Limits.HANDSHAKES_MAX; i++) {
        waiting.add(new Socket(wire.address().getAddress(), wire.address().getPort()));
      }
      try (var one = new Socket(wire.address().getAddress(), wire.address().getPort())) {
        assertThat(one.getInputStream().read()).isEqualTo(-1);
      }
      for (Socket socket : waiting) {
        socket.close();
      }
    }
  }

  @Test
  void nothingHostileStopsTheServer() throws Exception {
    byte[] handshake =
        """
        GET /pxp HTTP/1.1
        Host: x
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

        """
            .replace("\n", "\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] frames =
        HEX.parseHex("828400000000616263640182000000006162808100000000638882000000000003e8");
    try (Wire wire = new Wire()) {
      for (byte[] bytes :
          Hostile.mutations(new Random(3), List.of(frames, handshake), 300).toList()) {
        try (Socket socket = wire.shakeHands()) {
          socket.getOutputStream().write(bytes);
        } catch (IOException _) {
          // It may have been closed before all was written.
        }
      }
      wire.accepted.clear();
      try (Wire next = new Wire();
          ByteChannel left = next.connect();
          ByteChannel right = next.accept()) {
        Wire.write(left, new byte[] {1});
        assertThat(Wire.read(right, 1)).containsExactly(1);
      }
      wire.connect().close();
    }
  }

  private static String answer(Socket socket) throws IOException {
    try (socket) {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void send(Socket socket, String hex) throws IOException {
    socket.getOutputStream().write(HEX.parseHex(hex.replace(" ", "")));
  }
}
