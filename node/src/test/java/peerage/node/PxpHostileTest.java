package peerage.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import peerage.node.PxpNets.Net;

/// A listening port and strangers who mean no good, or have gone silent, while an honest peer is
/// served.
@Timeout(120)
class PxpHostileTest {
  private static final byte[] CONNECT = RawPxp.line("[\"connect\",\"1\",\"test\"]");

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

  private static RawPxp stranger(Net net) throws IOException {
    return new RawPxp(PxpNets.uri(net));
  }

  private static byte[] greeting() {
    return RawPxp.join(RawPxp.start("test"), CONNECT);
  }

  private static PxpBuilder echoing() {
    return PxpNets.listening().onConnect(peer -> peer.input().transferTo(peer.output()));
  }

  private static void assertServed(PxpPeer honest) throws IOException {
    honest.send("still here?".getBytes(UTF_8));
    assertThat(honest.receive())
        .hasValueSatisfying(m -> assertThat(new String(m, UTF_8)).isEqualTo("still here?"));
  }

  @Test
  void aCapturedConversationIsUnderstood() throws Exception {
    try (var nets = new PxpNets()) {
      Net server = nets.open(echoing());
      try (RawPxp javascript = stranger(server)) {
        byte[] talk = RawPxp.data(1, "hello".getBytes(UTF_8));
        javascript.send(RawPxp.join(greeting(), RawPxp.open(1, "data:test"), talk));
        assertThat(javascript.reads("[\"res\",\"1\",null]\n")).isTrue();
        assertThat(javascript.reads("hello")).isTrue();
      }
    }
  }

  @Test
  void whoSaysNothingIsClosedInTime() throws Exception {
    try (var nets = new PxpNets()) {
      Net server = nets.open(echoing(), PxpNets.wideOpen(clock));
      PxpPeer honest = nets.open(PxpNets.quiet()).network().connect(server.address());
      try (RawPxp silent = stranger(server);
          RawPxp slow = stranger(server)) {
        awaitConnections(server, 3);
        for (int i = 0; i < 3; i++) {
          slow.send(Arrays.copyOfRange(RawPxp.magic(), i, i + 1));
          clock.advance(Duration.ofSeconds(4), server);
        }
        silent.readAll();
        slow.readAll();
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
      Net server = nets.open(PxpNets.listening(), PxpNets.wideOpen(clock));
      try (RawPxp halfOpen = stranger(server)) {
        halfOpen.send(greeting());
        server.await(PxpEvent.Joined.class);
        clock.advance(Duration.ofSeconds(61), server);
        assertThat(halfOpen.reads("getpeers")).isTrue();
        clock.advance(Duration.ofSeconds(11), server);
        halfOpen.readAll();
      }
      server.await(PxpEvent.Left.class);
    }
  }

  @Test
  void oneSourceCannotTakeAllPlacesBySayingNothing() throws Exception {
    try (var nets = new PxpNets()) {
      Net server =
          nets.open(echoing(), PxpNets.bounds(new PxpDoor.Limits(5, 100, 1_000, 1_000), clock));
      PxpPeer honest = nets.open(PxpNets.quiet()).network().connect(server.address());
      List<RawPxp> silent = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        silent.add(stranger(server));
      }
      awaitConnections(server, 6);
      try (RawPxp sixth = stranger(server)) {
        assertThat(sixth.readAll()).isEmpty();
      }
      assertThat(server.network().stats().turnedAway()).isEqualTo(1);
      assertServed(honest);
      for (RawPxp each : silent) {
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
      Net server = nets.open(echoing(), PxpNets.wideOpen(clock));
      PxpPeer honest = nets.open(PxpNets.quiet()).network().connect(server.address());
      try (RawPxp greedy = stranger(server)) {
        greedy.send(greeting());
        byte[] ask = RawPxp.line("[\"getpeers\",\"2\",\"test\"]");
        while (true) {
          greedy.send(ask);
        }
      } catch (IOException _) {
        // closed on us
      }
      assertServed(honest);
    }
  }
}
