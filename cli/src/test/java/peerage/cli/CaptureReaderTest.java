package peerage.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static peerage.cli.CaptureMaker.DIALLED;
import static peerage.cli.CaptureMaker.DIALLER;
import static peerage.cli.CaptureMaker.adding;
import static peerage.cli.CaptureMaker.extended;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import peerage.bencode.MalformedMessage;
import peerage.pex.PexAsSent;
import peerage.pex.PexFinding;
import peerage.pex.PexRule;
import peerage.testkit.Hostile;
import peerage.testkit.Seeds;

/// PEX messages are found in captures, whatever became of the packets.
final class CaptureReaderTest {
  private final List<Sighting> found = new ArrayList<>();
  private final CaptureMaker wire = new CaptureMaker();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 12, 101, 108, 113, 228, 276})
  void everyLinkTypeAndFormatIsRead(int linkType) throws Exception {
    wire.greet().say(DIALLER, extended(5, adding(1, 2)));
    for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
      for (byte[] file :
          List.of(
              wire.pcap(linkType, order, true),
              wire.pcap(linkType, order, false),
              wire.pcapng(linkType, order))) {
        found.clear();
        assertThat(read(file).totals()).hasSize(1);
        assertThat(found).singleElement().satisfies(this::isTheMessage);
      }
    }
  }

  private void isTheMessage(Sighting sighting) {
    Sighting.Route route = sighting.route().orElseThrow();
    assertThat(route.from()).isEqualTo(DIALLER);
    assertThat(route.to()).isEqualTo(DIALLED);
    assertThat(route.fromClient()).contains("Dialler 1.0");
    assertThat(route.torrent()).contains(CaptureMaker.TORRENT);
    assertThat(sighting.at()).contains(CaptureMaker.START.plusMillis(7));
    assertThat(sighting.verdict().findings()).isEmpty();
    assertThat(added(sighting)).containsExactly("9.9.9.1:6881", "9.9.9.2:6881");
  }

  @Test
  void ipv6IsRead() throws Exception {
    var six =
        new CaptureMaker(
            CaptureMaker.address("[2a00::1]:4000"), CaptureMaker.address("[2a00::2]:5000"));
    six.greet().say(CaptureMaker.address("[2a00::2]:5000"), extended(3, adding(1)));
    read(six.pcap(1, ByteOrder.BIG_ENDIAN, false));
    assertThat(found).hasSize(1);
  }

  /// Whatever way a stream is cut, shuffled and repeated, it says the same.
  @Seeds(30)
  void lateAndRepeatedSegmentsArePutInOrder(long seed) throws Exception {
    var random = new Random(seed);
    wire.greet();
    int head = wire.packets.size();
    byte[] stream = stream();
    for (int at = 0; at < stream.length; ) {
      int size = Math.min(1 + random.nextInt(60), stream.length - at);
      wire.say(DIALLER, Arrays.copyOfRange(stream, at, at + size));
      at += size;
    }
    List<CaptureMaker.Sent> rest = wire.packets.subList(head, wire.packets.size());
    for (int i = rest.size(); i > 0; i--) {
      rest.add(rest.get(random.nextInt(rest.size())));
    }
    Collections.shuffle(rest.subList(1, rest.size()), random);
    CaptureReader.Outcome outcome = read(wire.pcap());
    assertThat(outcome.lostBytes()).isZero();
    assertThat(found).hasSize(3);
    assertThat(added(found.get(2))).containsExactly("9.9.9.4:6881");
  }

  private static byte[] stream() {
    byte[] block = ByteBuffer.allocate(4 + 9 + 500).putInt(509).put((byte) 7).array();
    ByteBuffer stream = ByteBuffer.allocate(4_000);
    stream.put(extended(5, adding(1, 2))).put(new byte[4]).put(block);
    stream.put(extended(5, adding(3))).put(block).put(extended(5, adding(4)));
    return Arrays.copyOf(stream.array(), stream.position());
  }

  @Test
  void bytesThatAreMissingInsideABlockOfContentHarmNothing() throws Exception {
    byte[] head = ByteBuffer.allocate(13).putInt(16_393).put((byte) 7).array();
    wire.greet().say(DIALLER, head).pass(DIALLER, 16_384).say(DIALLER, extended(5, adding(1)));
    assertThat(read(wire.pcap()).lostBytes()).isZero();
    assertThat(found).hasSize(1);
  }

  @Test
  void afterBytesThatAreMissingElsewhereTheNextMessageIsFound() throws Exception {
    byte[] half = Arrays.copyOf(extended(5, adding(1)), 9);
    wire.greet().say(DIALLER, half).pass(DIALLER, 1_000);
    wire.say(DIALLER, new byte[] {9, 9, 9, 20, 20}).say(DIALLER, extended(5, adding(2)));
    wire.later(70).say(DIALLER, extended(5, adding(3)));
    assertThat(read(wire.pcap()).lostBytes()).isEqualTo(1_000);
    assertThat(found).hasSize(2).last().satisfies(s -> assertThat(added(s)).hasSize(1));
  }

  @Test
  void packetsThatWereKeptInPartAreReadAsFarAsTheyGo() throws Exception {
    wire.greet().say(DIALLER, extended(5, adding(1)));
    CaptureMaker.Sent cut = wire.packets.removeLast();
    wire.packets.add(new CaptureMaker.Sent(cut.at(), cut.ip(), 60));
    wire.later(70).say(DIALLER, extended(5, adding(2)));
    assertThat(read(wire.pcap()).lostBytes()).isEqualTo(cut.ip().length - 60);
    assertThat(found).singleElement().satisfies(s -> assertThat(added(s)).hasSize(1));
  }

  @Test
  void aConnectionThatBeganBeforeIsReadByWhatItsMessagesLookLike() throws Exception {
    wire.say(DIALLER, new byte[100]).say(DIALLER, extended(77, adding(1)));
    wire.say(DIALLER, extended(0, CaptureMaker.offer(3, OptionalInt.empty(), "x")));
    CaptureReader.Outcome outcome = read(wire.pcap());
    assertThat(outcome.connections()).containsEntry(Conversation.Kind.BITTORRENT, 1L);
    assertThat(found).singleElement().satisfies(s -> assertThat(s.verdict().findings()).isEmpty());
  }

  @Test
  void theNumberIsTheReceiversAndOthersAreNamed() throws Exception {
    wire.greet().say(DIALLED, extended(5, adding(1)));
    wire.say(DIALLED, extended(9, "d8:msg_typei0e5:piecei0ee".getBytes(ISO_8859_1)));
    read(wire.pcap());
    assertThat(found).singleElement().satisfies(s -> finds(s, PexRule.NOT_OFFERED));
  }

  @Test
  void afterSwitchingOffMessagesAreNotOfferedAndOnAgainIsFull() throws Exception {
    wire.greet().say(DIALLER, extended(5, adding(1)));
    wire.say(DIALLED, extended(0, CaptureMaker.offer(0, OptionalInt.empty(), "x")));
    wire.later(70).say(DIALLER, extended(5, adding(2)));
    wire.say(DIALLED, extended(0, CaptureMaker.offer(6, OptionalInt.empty(), "x")));
    wire.later(70).say(DIALLER, extended(6, adding(3)));
    read(wire.pcap());
    assertThat(found).hasSize(3);
    finds(found.get(0));
    finds(found.get(1), PexRule.NOT_OFFERED);
    finds(found.get(2));
  }

  @Test
  void theReceiverIsKnownByItsPortOrByHavingBeenDialled() throws Exception {
    var near = new CaptureMaker(DIALLER, CaptureMaker.address("9.9.9.1:6881"));
    near.greet().say(DIALLER, extended(5, adding(1)));
    read(near.pcap());
    finds(found.getFirst(), PexRule.NAMES_RECEIVER);
    found.clear();
    var far = new CaptureMaker(CaptureMaker.address("9.9.9.1:40000"), DIALLED);
    far.greet();
    far.say(
        CaptureMaker.address("9.9.9.1:40000"),
        extended(0, CaptureMaker.offer(3, OptionalInt.of(6881), "x")));
    far.say(DIALLED, extended(3, adding(1)));
    read(far.pcap());
    finds(found.getFirst(), PexRule.NAMES_RECEIVER);
  }

  @Test
  void spacingIsTakenFromTheTimesOfTheCapture() throws Exception {
    wire.greet().say(DIALLER, extended(5, adding(1))).later(40);
    wire.say(DIALLER, extended(5, adding(2)));
    CaptureReader.Outcome outcome = read(wire.pcap());
    finds(found.get(1), PexRule.TOO_SOON);
    assertThat(outcome.totals().getFirst().summary().spacingMin().orElseThrow())
        .isEqualTo(java.time.Duration.ofMillis(40_001));
  }

  @Test
  void whatCannotBeReadIsCounted() throws Exception {
    byte[] noise = new byte[300];
    new Random(1).nextBytes(noise);
    wire.connect().say(DIALLER, noise);
    var web = new CaptureMaker(CaptureMaker.address("10.0.0.3:4000"), DIALLED);
    web.connect()
        .say(CaptureMaker.address("10.0.0.3:4000"), "GET / HTTP/1.1\r\n".getBytes(ISO_8859_1));
    wire.packets.addAll(web.packets);
    CaptureReader.Outcome outcome = read(wire.pcap());
    assertThat(outcome.connections())
        .containsEntry(Conversation.Kind.ENCRYPTED, 1L)
        .containsEntry(Conversation.Kind.OTHER, 1L);
    assertThat(read(wire.pcap(147, ByteOrder.BIG_ENDIAN, false)).unknown()).containsKey(147);
  }

  @Test
  void aPortThatIsUsedAgainBelongsToAnotherConnection() throws Exception {
    wire.greet().say(DIALLER, extended(5, adding(1)));
    var second = new CaptureMaker();
    second.pass(DIALLER, 50_000).greet().say(DIALLER, extended(5, adding(1)));
    wire.packets.addAll(second.packets);
    CaptureReader.Outcome outcome = read(wire.pcap());
    assertThat(outcome.totals()).hasSize(2);
    assertThat(found).allSatisfy(sighting -> finds(sighting));
  }

  @Test
  void aFileThatEndsInsideAPacketIsReadUpToThere() throws Exception {
    wire.greet().say(DIALLER, extended(5, adding(1))).say(DIALLER, new byte[50]);
    for (byte[] file : List.of(wire.pcap(), wire.pcapng(1, ByteOrder.LITTLE_ENDIAN))) {
      found.clear();
      assertThat(read(Arrays.copyOf(file, file.length - 20)).isCutOff()).isTrue();
      assertThat(found).hasSize(1);
    }
  }

  /// Bytes of strangers end in an outcome or a sentence, and cost little.
  @Seeds(20)
  void hostileCapturesAreReadOrRefused(long seed) throws IOException {
    wire.greet();
    wire.say(DIALLER, stream());
    var random = new SplittableRandom(seed);
    List<byte[]> samples =
        List.of(
            wire.pcap(1, ByteOrder.BIG_ENDIAN, true),
            wire.pcap(),
            wire.pcapng(113, ByteOrder.LITTLE_ENDIAN));
    for (byte[] file : Hostile.mutations(random, samples, 200).toList()) {
      try {
        read(file);
      } catch (MalformedMessage e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }

  private CaptureReader.Outcome read(byte[] file) throws IOException, MalformedMessage {
    var in = new ByteArrayInputStream(file);
    boolean isClassic = file.length >= 4 && Pcap.begins(ByteBuffer.wrap(file).getInt());
    Packets packets = isClassic ? Pcap.open(in) : PcapNg.open(in);
    var reader = new CaptureReader(found::add);
    reader.read(packets);
    return reader.outcome(packets.isCutOff());
  }

  private static void finds(Sighting sighting, PexRule... rules) {
    assertThat(sighting.verdict().findings()).map(PexFinding::rule).containsExactly(rules);
  }

  private static List<String> added(Sighting sighting) {
    return sighting.verdict().message().orElseThrow().added().stream()
        .map(PexAsSent.Entry::toString)
        .toList();
  }
}
