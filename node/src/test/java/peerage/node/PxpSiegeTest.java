package peerage.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import peerage.node.PxpNets.Net;
import peerage.testkit.Hostile;

/// One node against whoever can reach its port, while two honest peers talk through it all.
final class PxpSiegeTest {
  private static final String NETWORK = "test";
  private static final Duration PROMPT = Duration.ofSeconds(10);

  /// What the node may keep of all that was thrown at it, when the throwers are gone.
  private static final long KEPT_MAX = 48 << 20;

  private final PxpNets nets = new PxpNets();
  private Net node;
  private PxpPeer toNode;
  private URI port;

  @BeforeEach
  void twoHonestPeersTalk() throws Exception {
    node =
        nets.open(
            PxpNets.listening().onConnect(PxpSiegeTest::echo),
            PxpNets.wideOpen(new MonotonicClock()));
    port = PxpNets.uri(node);
    toNode = newcomer();
  }

  private PxpPeer newcomer() throws Exception {
    return nets.open(PxpNets.quiet()).network().connect(node.address());
  }

  @AfterEach
  void stop() {
    nets.close();
  }

  private static void echo(PxpPeer peer) throws IOException {
    for (var message = peer.receive(); message.isPresent(); message = peer.receive()) {
      peer.send(message.get());
    }
  }

  private void honestPeersAreServed() throws IOException {
    long began = System.nanoTime();
    toNode.send("still there?".getBytes(UTF_8));
    assertThat(toNode.receive().orElseThrow()).asString(UTF_8).isEqualTo("still there?");
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(PROMPT);
  }

  @Test
  void tenThousandMutationsOfWhatPeersSendBringNobodyDown() throws Exception {
    honestPeersAreServed();
    long before = heldMemory();
    Iterator<byte[]> attacks =
        Hostile.mutations(new SplittableRandom(1), samples(), 10_000).iterator();
    for (int i = 0; attacks.hasNext(); i++) {
      try (var attacker = new RawPxp(port)) {
        attacker.throwAt(attacks.next());
      }
      if (i % 250 == 0) {
        honestPeersAreServed();
      }
    }
    assertThat(heldWhenAttackersAreGone() - before).isLessThan(KEPT_MAX);
    assertThat(newcomer().isOpen()).isTrue();
  }

  static List<byte[]> samples() {
    String signal =
        "{\"transport\":\"webrtc\",\"signal\":{\"type\":\"offer\",\"sdp\":\"v=0\\r\\n\"}}";
    return List.of(
        RawPxp.start(NETWORK),
        greeting("[\"connect\",\"1\",\"test\"]"),
        RawPxp.join(
            greeting("[\"connect\",\"1\",\"test\"]"),
            RawPxp.open(1, "data:test"),
            RawPxp.data(1, "hi from connector".getBytes(UTF_8)),
            RawPxp.frame(1 << 3 | 4, new byte[0])),
        greeting("[\"getpeers\",\"2\",\"test\"]"),
        greeting("[\"relay\",\"3\",[\"9d54e6ae\"]]"),
        greeting("[\"incoming\",\"1\",[\"43df0abc\"]]"),
        RawPxp.join(
            greeting("[\"incoming\",\"1\",[\"43df0abc\"]]"),
            RawPxp.open(2, "relay:43df0abc"),
            RawPxp.data(2, greeting("[\"upgrade\",\"1\"," + signal + "]"))),
        greeting("[\"upgrade\",\"1\"," + signal + "]"),
        greeting("[\"res\",\"0\",[null,[{\"id\":\"38dfa3b9\",\"network\":\"test\"}]]]"));
  }

  private static byte[] greeting(String... lines) {
    byte[] bytes = RawPxp.start(NETWORK);
    for (String line : lines) {
      bytes = RawPxp.join(bytes, RawPxp.line(line));
    }
    return bytes;
  }

  /// Each of them ends the process of a JavaScript node, or fills its memory.
  static List<Named<byte[]>> whatKillsJavaScriptNodes() {
    byte[] start = RawPxp.start(NETWORK);
    byte[] control = RawPxp.join(RawPxp.magic(), RawPxp.open(0, "pxp"));
    String upgrade = "[\"upgrade\",\"1\",{\"transport\":\"webrtc\",\"signal\":%s}]";
    return List.of(
        Named.of("another magic", "WRONG".getBytes(UTF_8)),
        Named.of("no JSON", greeting("this is no JSON")),
        Named.of("an object", greeting("{}")),
        Named.of("an empty list", greeting("[]")),
        Named.of("a list of one", greeting("[\"hello\"]")),
        Named.of("an unknown command", greeting("[\"nonsense\",\"1\",[]]")),
        Named.of("an answer called error", greeting("[\"res\",\"error\",null]")),
        Named.of("an answer called relay", greeting("[\"res\",\"relay\",[]]")),
        Named.of("a relay to null", greeting("[\"relay\",\"1\",null]")),
        Named.of("an incoming of null", greeting("[\"incoming\",\"1\",null]")),
        Named.of("an upgrade to null", greeting("[\"upgrade\",\"1\",null]")),
        Named.of("an empty signal", greeting(upgrade.formatted("{}"))),
        Named.of("a bad SDP", greeting(upgrade.formatted("{\"type\":\"offer\",\"sdp\":\"?\"}"))),
        Named.of(
            "ids that every object has",
            greeting(
                "[\"relay\",\"1\",[\"__defineGetter__\"]]", "[\"relay\",\"2\",[\"constructor\"]]")),
        Named.of(
            "an id twice",
            greeting("[\"incoming\",\"1\",[\"a\"]]", "[\"incoming\",\"2\",[\"a\"]]")),
        Named.of("a hello of null", RawPxp.join(control, RawPxp.line("[\"hello\",\"0\",null]"))),
        Named.of(
            "another version",
            RawPxp.join(control, RawPxp.line("[\"hello\",\"0\",[2,null,[\"test\"]]]"))),
        Named.of("a stream called constructor", RawPxp.join(start, RawPxp.open(1, "constructor"))),
        Named.of("a channel far away", RawPxp.join(start, RawPxp.open(100_000_000, "far"))),
        Named.of(
            "a frame of a terabyte",
            RawPxp.join(start, RawPxp.varint(2), RawPxp.varint(1L << 40), new byte[9])),
        Named.of("numbers without end", RawPxp.join(start, RawPxp.varint(-1L), RawPxp.varint(-1L))),
        Named.of("a line without end", RawPxp.join(start, RawPxp.data(0, new byte[1 << 20]))),
        Named.of("60,000 brackets", greeting("[".repeat(60_000))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("whatKillsJavaScriptNodes")
  void whatKillsAJavaScriptNodeCostsItsSenderTheConnectionAtMost(byte[] attack) throws Exception {
    try (var attacker = new RawPxp(port)) {
      attacker.throwAt(attack);
      honestPeersAreServed();
    }
  }

  @Test
  void floodsOfEveryRequestAreEndedAndNobodyElseWaits() throws Exception {
    List<String> requests =
        List.of(
            "[\"getpeers\",\"%d\",\"test\"]",
            "[\"relay\",\"%d\",[\"%<08x\"]]",
            "[\"incoming\",\"%d\",[\"%<08x\"]]",
            "[\"connect\",\"%d\",\"test\"]",
            "[\"res\",\"%d\",null]");
    long before = heldMemory();
    for (String request : requests) {
      try (var attacker = new RawPxp(port)) {
        attacker.throwAt(RawPxp.start(NETWORK));
        Thread reader = Thread.startVirtualThread(attacker::readAll);
        for (int i = 0; i < 20_000; i += 100) {
          byte[] batch =
              RawPxp.join(
                  IntStream.range(i, i + 100)
                      .mapToObj(number -> RawPxp.line(request.formatted(number)))
                      .toArray(byte[][]::new));
          attacker.throwAt(batch);
        }
        honestPeersAreServed();
        attacker.hangUp();
        reader.join();
      }
    }
    assertThat(heldWhenAttackersAreGone() - before).isLessThan(KEPT_MAX);
  }

  @Test
  void hundredsOfConnectionsThatSayNothingKeepNoHonestPeerOut() throws Exception {
    var silent = new ArrayList<RawPxp>();
    try {
      for (int i = 0; i < 400; i++) {
        RawPxp one = new RawPxp(port);
        silent.add(one);
        if (i % 3 == 1) {
          one.throwAt(RawPxp.magic());
        } else if (i % 3 == 2) {
          one.throwAt("#PX".getBytes(UTF_8));
        }
      }
      honestPeersAreServed();
    } finally {
      for (RawPxp one : silent) {
        one.close();
      }
    }
    assertThat(newcomer().isOpen()).isTrue();
  }

  private long heldWhenAttackersAreGone() throws IOException {
    do {
      honestPeersAreServed();
    } while (node.network().stats().connections() > 1);
    node.events().clear();
    return heldMemory();
  }

  private static long heldMemory() {
    var runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }
}
