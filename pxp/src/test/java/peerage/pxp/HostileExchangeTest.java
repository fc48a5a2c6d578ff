package peerage.pxp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import peerage.testkit.Hostile;
import peerage.testkit.Seeds;

/// Whatever others send, at whatever time: nothing is thrown, what is kept stays small, and others
/// go on as if nothing had been.
final class HostileExchangeTest {
  private static final List<String> LINES =
      List.of(
          "[\"hello\",\"0\",[1," + Raw.INFO + ",[\"somenet\"]]]",
          "[\"hello\",\"0\",null]",
          "[\"hello\",\"0\",[1,{\"pxp\":7,\"node\":[],\"listen\":{}},[\"somenet\"]]]",
          "[\"connect\",\"1\",\"somenet\"]",
          "[\"connect\",{\"a\":[]},null]",
          "[\"getpeers\",\"2\",\"somenet\"]",
          "[\"getpeers\",\"2\",[[]]]",
          "[\"relay\",\"3\",[\"00000000\"]]",
          "[\"relay\",\"3\",null]",
          "[\"incoming\",\"4\",[\"00000001\"]]",
          "[\"incoming\",\"4\",[\"__proto__\"]]",
          "[\"incoming\",\"4\",[7]]",
          "[\"upgrade\",\"5\"," + TargetTest.OFFER + "]",
          "[\"upgrade\",\"5\"," + TargetTest.ADDRESS + "]",
          "[\"upgrade\",\"5\",null]",
          "[\"res\",\"1\",null]",
          "[\"res\",\"1\",[null,[{\"id\":\"0000000a\",\"network\":\"somenet\",\"connectInfo\":"
              + Raw.INFO
              + "}]]]",
          "[\"res\",\"2\",null]",
          "[\"res\",\"error\",\"x\"]",
          "[\"dance\",\"6\",[]]");

  private static byte[] line(String text) {
    return Raw.frameBytes(0, 2, (text + "\n").getBytes(UTF_8));
  }

  /// Every message at every wrong time, streams of all kinds between, and everything that the
  /// application and time may do meanwhile.
  @Seeds(300)
  void anyOrderOfMessagesIsSurvived(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Lab lab = new Lab();
    Raw honest = lab.peer();
    Raw silent = lab.peer();
    List<Raw> raws = new ArrayList<>();
    for (int step = 0; step < 150; step++) {
      if (raws.isEmpty() || random.nextInt(12) == 0) {
        raws.add(lab.open(random.nextBoolean() ? Role.ACCEPT : Role.CONNECT));
        raws.getLast().bytes("#PXP#".getBytes(UTF_8));
      }
      act(random, lab, raws.get(random.nextInt(raws.size())), step);
    }
    assertThat(honest.closed).isNull();
    honest.line("[\"getpeers\",\"9\",\"nowhere\"]");
    assertThat(honest.heardMessage("res")).contains("[\"res\",\"9\",[\"");
    silent.line("[\"dance\",\"1\",[]]");
    raws.forEach(raw -> lab.handle(new Exchange.Input.Closed(raw.link, "over")));
    lab.pass(Duration.ofSeconds(40));
    Exchange.Sizes sizes = lab.exchange.sizes();
    assertThat(sizes).isEqualTo(new Exchange.Sizes(2, 2, 2, 0, 0, 0, 0));
  }

  private static void act(SplittableRandom random, Lab lab, Raw raw, int step) {
    switch (random.nextInt(14)) {
      case 0, 1, 2, 3, 4 -> raw.line(LINES.get(random.nextInt(LINES.size())));
      case 5 -> raw.line(LINES.getFirst());
      case 6 -> raw.data("relay:0000000" + random.nextInt(3), "#PXP#");
      case 7 -> raw.data("relay:00000001", line(LINES.get(random.nextInt(LINES.size()))));
      case 8 -> raw.data("data:somenet", new byte[random.nextInt(1, 3000)]);
      case 9 -> raw.end("relay:0000000" + random.nextInt(3));
      case 10 -> raw.frame(random.nextInt(6), random.nextInt(8), new byte[random.nextInt(3)]);
      case 11 -> lab.pass(Duration.ofMillis(random.nextInt(2000)));
      case 12 -> lab.handle(new Exchange.Input.Wanted(step));
      default -> application(random, lab);
    }
  }

  private static void application(SplittableRandom random, Lab lab) {
    PeerRef peer = new PeerRef(3 + random.nextInt(8)); // one and two are honest
    Attempt attempt = new Attempt(1 + random.nextInt(4));
    Signal signal = new Signal.IceCandidate("candidate:1", "0", 0);
    switch (random.nextInt(7)) {
      case 0 -> lab.handle(new Exchange.Input.Left(peer));
      case 1 -> lab.handle(new Exchange.Input.Written(peer, World.text("x")));
      case 2 -> lab.handle(new Exchange.Input.WritesEnded(peer));
      case 3 -> lab.handle(new Exchange.Input.SignalMade(attempt, signal));
      case 4 -> lab.handle(new Exchange.Input.AttemptFailed(attempt, "chance"));
      case 5 -> lab.handle(new Exchange.Input.ReadsEnded(peer));
      default ->
          lab.open(
              Role.CONNECT, new Route(Transport.WEBRTC, Optional.empty()), Optional.of(attempt));
    }
  }

  @Seeds(50)
  void anyBytesAreSurvived(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<byte[]> samples = new ArrayList<>();
    byte[] head =
        ("#PXP#" + new String(Raw.frameBytes(0, 0, "pxp".getBytes(UTF_8)), UTF_8)).getBytes(UTF_8);
    for (String text : LINES) {
      byte[] hello = line(LINES.getFirst());
      byte[] message = line(text);
      byte[] sample = new byte[head.length + hello.length + message.length];
      System.arraycopy(head, 0, sample, 0, head.length);
      System.arraycopy(hello, 0, sample, head.length, hello.length);
      System.arraycopy(message, 0, sample, head.length + hello.length, message.length);
      samples.add(sample);
    }
    Lab lab = new Lab();
    Raw honest = lab.peer();
    Hostile.mutations(random, samples, 60)
        .forEach(
            bytes -> {
              Raw raw = lab.open(random.nextBoolean() ? Role.ACCEPT : Role.CONNECT);
              raw.bytes(bytes);
              lab.handle(new Exchange.Input.Closed(raw.link, "over"));
            });
    lab.pass(Duration.ofSeconds(40));
    assertThat(honest.closed).isNull();
    assertThat(lab.exchange.sizes().connections()).isEqualTo(1);
    assertThat(lab.exchange.sizes().streams()).isEqualTo(1);
  }

  @Test
  void aFloodOfInvitationsIsBounded() {
    Lab lab = new Lab();
    Raw raw = lab.peer();
    for (int i = 0; i < 150; i++) {
      raw.line("[\"incoming\",\"" + i + "\",[\"id" + i + "\"]]");
    }
    assertThat(lab.exchange.sizes().invitations()).isEqualTo(PxpLimits.INVITATIONS_PER_PEER_MAX);
    assertThat(raw.closed).isNull();
  }

  @Test
  void aFloodOfCandidatesIsBoundedAndFiveAreTried() {
    Lab lab = new Lab();
    Raw raw = lab.peer();
    lab.handle(new Exchange.Input.Wanted(1));
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      many.append(i == 0 ? "" : ",")
          .append("{\"id\":\"" + i + "\",\"network\":\"somenet\",\"connectInfo\":{\"pxp\":true}}");
    }
    raw.line("[\"res\",\"1\",[null,[" + many + "]]]");
    for (int i = 2; i < 20; i++) {
      raw.line("[\"res\",\"" + i + "\",\"no\"]");
      lab.pass(Duration.ofMillis(1));
    }
    assertThat(raw.heard().stream().filter(line -> line.contains("\"relay\""))).hasSize(5);
    assertThat(lab.all(Exchange.Output.NotFound.class)).hasSize(1);
  }

  @Test
  void addressesOfOurOwnNetworkAreNotDialledOnAStrangersWord() {
    for (String listen :
        List.of(
            "tcp://127.0.0.1:22",
            "tcp://10.0.0.1:22",
            "tcp://[::1]:22",
            "tcp://169.254.1.1:80",
            "tcp://0.0.0.0:80",
            "tcp://224.0.0.1:80",
            "ws://router.local/",
            "tcp://localhost:22",
            "http://198.18.0.1:80")) {
      assertThat(dialsOf(listen, "203.1.113.9")).as(listen).isEmpty();
    }
    assertThat(dialsOf("tcp://80.1.2.3:8000", "203.1.113.9")).hasSize(1);
    assertThat(dialsOf("wss://example.org/pxp", "203.1.113.9")).hasSize(1);
    assertThat(dialsOf("tcp://127.0.0.1:22", "127.0.0.1")).hasSize(1);
    assertThat(dialsOf("tcp://10.0.0.1:22", "10.9.9.9")).hasSize(1);
  }

  private static List<Exchange.Output.Dial> dialsOf(String listen, String teller) {
    Lab lab = new Lab();
    Raw raw =
        lab.open(
            Role.ACCEPT,
            new Route(Transport.TCP, peerage.peers.IpAddress.parse(teller)),
            Optional.empty());
    raw.greet().line("[\"connect\",\"1\",\"somenet\"]");
    lab.handle(new Exchange.Input.Wanted(1));
    raw.line(
        "[\"res\",\"1\",[null,[{\"id\":\"1\",\"network\":\"somenet\",\"connectInfo\":"
            + "{\"pxp\":true,\"listen\":[\""
            + listen
            + "\"]}}]]]");
    return lab.all(Exchange.Output.Dial.class);
  }

  @Test
  void oneAddressIsDialledTenTimesAMinute() {
    Lab lab = new Lab();
    Raw raw = lab.peer();
    int messages = 0;
    for (int i = 0; i < 20; i++) {
      lab.handle(new Exchange.Input.Wanted(i));
      String asked = raw.heardMessage("getpeers");
      String nonce = asked.replaceAll("\\[\"getpeers\",\"(\\w+)\".*", "$1");
      raw.line(
          "[\"res\",\""
              + nonce
              + "\",[null,[{\"id\":\"x"
              + i
              + "\",\"network\":\"somenet\",\"connectInfo\":"
              + "{\"pxp\":true,\"listen\":[\"tcp://80.1.2.3:"
              + (1000 + i)
              + "\"]}}]]]");
      messages++;
    }
    assertThat(messages).isEqualTo(20);
    assertThat(lab.all(Exchange.Output.Dial.class)).hasSize(10);
  }
}
