package peerage.node;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import peerage.node.PxpNets.Net;

/// A listening port and strangers who mean no good, or have gone silent, while an honest peer is
/// served.
@Timeout(120)
class PxpHostileTest {
  /// So that one address may do what an attacker with many can.
  private static final PxpDoor.Limits WIDE_OPEN =
      new PxpDoor.Limits(10_000, 10_000, 1_000_000, 1_000_000);

  /// The first bytes of a JavaScript node that connects, as captured.
  private static final byte[] HELLO =
      concat(
          "#PXP#".getBytes(ISO_8859_1),
          new byte[] {0, 3},
          "pxp".getBytes(ISO_8859_1),
          frame(
              "[\"hello\",\"0\",[1,{\"pxp\":true,\"relay\":true,\"webrtc\":true},[\"test\"]]]\n"));

  private static final byte[] CONNECT = frame("[\"connect\",\"1\",\"test\"]\n");

  private static final byte[] TALK =
      concat(
          new byte[] {8, 9},
          "data:test".getBytes(ISO_8859_1),
          new byte[] {10, 5},
          "hello".getBytes(ISO_8859_1));

  private static byte[] frame(String line) {
    byte[] body = line.getBytes(UTF_8);
    return concat(new byte[] {2, (byte) body.length}, body);
  }

  private static byte[] concat(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /// A clock that stands still until it is moved.
  private static final class Clock implements InstantSource {
    private volatile Instant now = Instant.parse("2026-11-21T12:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }

    /// Moves it, and has the loop of a network look at it.
    void advance(Duration time, Net net) {
      now = now.plus(time);
      net.parts().loop().post(() -> {});
    }
  }

  private final Clock clock = new Clock();

  private PxpAssembly.Bounds bounds(PxpDoor.Limits door) {
    return new PxpAssembly.Bounds(PxpTimes.DEFAULT, door, 1 << 28, clock);
  }

  private static Socket stranger(Net net) throws IOException {
    URI where = PxpNets.uri(net);
    var socket = new Socket(where.getHost(), where.getPort());
    socket.setSoTimeout(60_000);
    return socket;
  }

  private static PxpBuilder echoing() {
    return PxpNets.listening().onConnect(peer -> peer.input().transferTo(peer.output()));
  }

  private static void assertServed(PxpPeer honest) throws IOException {
    honest.send("still here?".getBytes(UTF_8));
    assertThat(honest.receive())
        .hasValueSatisfying(m -> assertThat(new String(m, UTF_8)).isEqualTo("still here?"));
  }

  /// Reads to the end, however it comes.
  private static byte[] readAll(Socket socket) {
    var all = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(all);
    } catch (IOException _) {
      // reset is an end, too
    }
    return all.toByteArray();
  }

  @Test
  void aCapturedConversationIsUnderstood() throws Exception {
    try (var nets = new PxpNets()) {
      Net server = nets.open(echoing());
      try (Socket javascript = stranger(server)) {
        javascript.getOutputStream().write(concat(HELLO, CONNECT, TALK));
        InputStream in = javascript.getInputStream();
        var got = new StringBuilder();
        while (!got.toString().contains("hello\",") || got.indexOf("hello", got.length() - 5) < 0) {
          got.append((char) in.read());
        }
        assertThat(got.toString()).startsWith("#PXP#").contains("[\"res\",\"1\",null]\n");
      }
    }
  }

  @Test
  void whoSaysNothingIsClosedInTime() throws Exception {
    try (var nets = new PxpNets()) {
      Net server = nets.open(echoing(), bounds(WIDE_OPEN));
      PxpPeer honest = nets.open(PxpNets.quiet()).network().connect(server.address());
      try (Socket silent = stranger(server);
          Socket slow = stranger(server)) {
        awaitConnections(server, 3);
        for (int i = 0; i < 3; i++) {
          slow.getOutputStream().write(HELLO, i, 1);
          clock.advance(Duration.ofSeconds(4), server);
        }
        readAll(silent);
        readAll(slow);
      }
      assertServed(honest);
    }
  }

  private static void awaitConnections(Net net, int count) {
    while (net.network().stats().connections() < count) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aPeerThatFellSilentIsAskedAndThenClosed() throws Exception {
    try (var nets = new PxpNets()) {
      Net server = nets.open(PxpNets.listening(), bounds(WIDE_OPEN));
      try (Socket halfOpen = stranger(server)) {
        halfOpen.getOutputStream().write(concat(HELLO, CONNECT));
        server.await(PxpEvent.Joined.class);
        clock.advance(Duration.ofSeconds(61), server);
        var got = new StringBuilder();
        while (got.indexOf("getpeers") < 0) {
          got.append((char) halfOpen.getInputStream().read());
        }
        clock.advance(Duration.ofSeconds(11), server);
        readAll(halfOpen);
      }
      server.await(PxpEvent.Left.class);
    }
  }

  @Test
  void oneSourceCannotTakeAllPlacesBySayingNothing() throws Exception {
    try (var nets = new PxpNets()) {
      Net server = nets.open(echoing(), bounds(new PxpDoor.Limits(5, 100, 1_000, 1_000)));
      PxpPeer honest = nets.open(PxpNets.quiet()).network().connect(server.address());
      List<Socket> silent = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        silent.add(stranger(server));
      }
      awaitConnections(server, 6);
      try (Socket sixth = stranger(server)) {
        assertThat(readAll(sixth)).isEmpty();
      }
      assertThat(server.network().stats().turnedAway()).isEqualTo(1);
      assertServed(honest);
      for (Socket each : silent) {
        each.close();
      }
      while (server.network().stats().connections() > 1) {
        Thread.onSpinWait();
      }
      assertThat(nets.open(PxpNets.quiet()).network().connect(server.address()).isOpen()).isTrue();
    }
  }

  @Test
  void whoAsksAndNeverReadsIsClosed() throws Exception {
    try (var nets = new PxpNets()) {
      Net server = nets.open(echoing(), bounds(WIDE_OPEN));
      PxpPeer honest = nets.open(PxpNets.quiet()).network().connect(server.address());
      try (Socket greedy = stranger(server)) {
        greedy.getOutputStream().write(concat(HELLO, CONNECT));
        byte[] ask = frame("[\"getpeers\",\"2\",\"test\"]\n");
        while (true) {
          greedy.getOutputStream().write(ask);
        }
      } catch (IOException _) {
        // closed on us
      }
      assertServed(honest);
    }
  }
}
