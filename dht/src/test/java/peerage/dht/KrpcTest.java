package peerage.dht;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import peerage.bencode.Bencoded;
import peerage.peers.Family;
import peerage.peers.InfoHash;
import peerage.peers.PeerAddress;
import peerage.testkit.Hostile;
import peerage.testkit.Seeds;

final class KrpcTest {
  private static final Bencoded.Bytes AA = Bencoded.Bytes.of("aa");
  private static final Optional<Bencoded.Bytes> UNSAID = Optional.empty();
  private static final NodeId ASKER = NodeId.of(latin("abcdefghij0123456789"));
  private static final NodeId ANSWERER = NodeId.of(latin("mnopqrstuvwxyz123456"));
  private static final InfoHash SWARM = InfoHash.of(latin("mnopqrstuvwxyz123456"));
  private static final PeerAddress HOME = PeerAddress.parse("94.1.2.3:6881").orElseThrow();
  private static final PeerAddress HOME6 = PeerAddress.parse("[2a01::7]:6881").orElseThrow();

  /// The examples of BEP 5, and what they mean.
  static List<Object[]> examples() {
    return List.of(
        example(
            "d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe", query(new Question.Ping())),
        example("d1:rd2:id20:mnopqrstuvwxyz123456e1:t2:aa1:y1:re", answer(Reply.EMPTY)),
        example(
            "d1:ad2:id20:abcdefghij01234567896:target20:mnopqrstuvwxyz123456e1:q9:find_node1:t2:aa"
                + "1:y1:qe",
            query(new Question.FindNode(ANSWERER, Set.of()))),
        example(
            "d1:ad2:id20:abcdefghij01234567899:info_hash20:mnopqrstuvwxyz123456e1:q9:get_peers"
                + "1:t2:aa1:y1:qe",
            query(new Question.GetPeers(SWARM, Set.of(), false, false))),
        example(
            "d1:rd2:id20:mnopqrstuvwxyz1234565:token8:aoeusnth6:valuesl6:axje.u6:idhtnmee1:t2:aa"
                + "1:y1:re",
            answer(
                Reply.EMPTY
                    .withToken(Bencoded.Bytes.of("aoeusnth"))
                    .withPeers(peers("97.120.106.101:11893", "105.100.104.116:28269")))),
        example(
            "d1:ad2:id20:abcdefghij012345678912:implied_porti1e9:info_hash20:mnopqrstuvwxyz123456"
                + "4:porti6881e5:token8:aoeusnthe1:q13:announce_peer1:t2:aa1:y1:qe",
            query(
                new Question.AnnouncePeer(
                    SWARM, 6881, Bencoded.Bytes.of("aoeusnth"), true, false, Optional.empty()))));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void theExamplesOfBep5AreReadAndWritten(byte[] datagram, Krpc message) {
    assertThat(KrpcReader.read(datagram)).isEqualTo(new KrpcReader.Outcome.Understood(message));
    assertThat(new String(KrpcWriter.write(message), ISO_8859_1))
        .isEqualTo(new String(datagram, ISO_8859_1));
  }

  @Test
  void theErrorOfBep5IsReadAndOursSaysWhoWeAre() {
    var failure = new Krpc.Failure(AA, 201, "A Generic Error Ocurred");
    String example = "d1:eli201e23:A Generic Error Ocurrede1:t2:aa1:y1:ee";
    assertThat(understood(example)).isEqualTo(failure);
    assertThat(new String(KrpcWriter.write(failure), ISO_8859_1))
        .isEqualTo(example.replace("1:y1:e", "1:v4:PG\0\u00011:y1:e"));
  }

  @ParameterizedTest
  @MethodSource("everything")
  void whatIsWrittenIsReadAgain(Krpc message) {
    byte[] datagram = KrpcWriter.write(message);
    assertThat(KrpcReader.read(datagram)).isEqualTo(new KrpcReader.Outcome.Understood(message));
    assertThat(datagram.length).isLessThanOrEqualTo(Krpc.MAX_DATAGRAM);
  }

  /// One message with everything of each kind.
  static List<Krpc> everything() {
    Set<Family> both = EnumSet.allOf(Family.class);
    var v = Optional.of(KrpcWriter.VERSION);
    Bencoded.Bytes token = Bencoded.Bytes.of("tokentoken");
    List<Krpc> all = new ArrayList<>();
    for (Question question :
        List.of(
            new Question.FindNode(ANSWERER, both),
            new Question.GetPeers(SWARM, both, true, true),
            new Question.AnnouncePeer(SWARM, 7, token, false, true, Optional.of("a name")),
            new Question.AnnouncePeer(SWARM, 0, token, true, false, Optional.empty()),
            new Question.Get(ANSWERER, OptionalLong.of(4), both),
            new Question.Put(Item.of(Bencoded.Bytes.of("Hello")), OptionalLong.empty(), token),
            new Question.Put(ItemTest.SALTED, OptionalLong.of(0), token),
            new Question.SampleInfohashes(ANSWERER, Set.of(Family.V6)))) {
      all.add(new Krpc.Query(AA, ASKER, question, true, v));
    }
    Reply near = Reply.EMPTY.withNodes(nodes(8, HOME)).withNodes6(nodes(8, HOME6)).withToken(token);
    var blooms = new Reply.Blooms(Bloom.of(List.of(HOME.ip())), Bloom.of(List.of(HOME6.ip())));
    for (Reply reply :
        List.of(
            near.withPeers(List.of(HOME, HOME6)),
            Reply.EMPTY.withBlooms(blooms).withToken(token),
            near.withItem(ItemTest.PLAIN),
            near.withSeq(17),
            near.withSamples(new Reply.Samples(List.of(SWARM, SWARM), 99, Duration.ofHours(6))))) {
      all.add(new Krpc.Answer(AA, ANSWERER, reply, Optional.of(HOME), v));
    }
    return all;
  }

  @Test
  void anAnswerNeverHasMoreThan1024Bytes() {
    Reply much =
        Reply.EMPTY
            .withNodes(nodes(8, HOME))
            .withNodes6(nodes(8, HOME6))
            .withPeers(Collections.nCopies(300, HOME6));
    byte[] datagram = KrpcWriter.write(answer(much));
    assertThat(datagram.length).isBetween(1_000, 1_024);
    var read = (Krpc.Answer) understood(new String(datagram, ISO_8859_1));
    assertThat(read.reply().nodes()).hasSize(8);
    assertThat(read.reply().peers()).isNotEmpty();
  }

  @Test
  void whatRealNodesSendIsForgiven() {
    String unsorted = "d1:y1:q1:t2:aa1:q4:ping1:ad2:id20:abcdefghij0123456789ee trailing";
    assertThat(understood(unsorted)).isEqualTo(query(new Question.Ping()));
    String cutOff =
        "d1:rd2:id20:mnopqrstuvwxyz1234565:nodes30:" + "x".repeat(24) + "\1\1yyyye1:t2:aa1:y1:re";
    assertThat(((Krpc.Answer) understood(cutOff)).reply().nodes()).hasSize(1);
    String portZeroAndOddLengths =
        "d1:rd2:id20:mnopqrstuvwxyz1234566:valuesl6:abcd\0\0006:abcd\0\0015:abcdei7eee1:t2:aa1:y1:re";
    assertThat(((Krpc.Answer) understood(portZeroAndOddLengths)).reply().peers())
        .isEqualTo(peers("97.98.99.100:1"));
  }

  @Test
  void anUnknownQuestionAboutAPlaceIsAnsweredAsFindNode() {
    assertThat(
            understood(
                "d1:ad2:id20:abcdefghij01234567896:target20:mnopqrstuvwxyz123456e1:q4:vote1:t2:aa"
                    + "1:y1:qe"))
        .isEqualTo(query(new Question.FindNode(ANSWERER, Set.of())));
  }

  @ParameterizedTest(name = "{1} for {0}")
  @CsvSource({
    "d1:ad2:id20:abcdefghij0123456789e1:q4:vote1:t2:aa1:y1:qe, 204",
    "d1:ad2:id19:abcdefghij012345678e1:q4:ping1:t2:aa1:y1:qe, 203",
    "d1:q4:ping1:t2:aa1:y1:qe, 203",
    "d1:ad2:id20:abcdefghij0123456789e1:q9:find_node1:t2:aa1:y1:qe, 203",
    "d1:ad2:id20:abcdefghij01234567899:info_hash20:mnopqrstuvwxyz1234564:porti0e5:token1:xe"
        + "1:q13:announce_peer1:t2:aa1:y1:qe, 203",
    "d1:ad2:id20:abcdefghij01234567899:info_hash20:mnopqrstuvwxyz1234564:porti1e"
        + "e1:q13:announce_peer1:t2:aa1:y1:qe, 203",
    "d1:ad2:id20:abcdefghij01234567895:token1:x1:vd1:bi1e1:ai1eee1:q3:put1:t2:aa1:y1:qe, 203",
    "d1:ad2:id20:abcdefghij01234567891:k31:abcdefghijabcdefghijabcdefghija5:token1:x1:vi1e"
        + "e1:q3:put1:t2:aa1:y1:qe, 203",
  })
  void aBadQueryIsToldWhatItIs(String datagram, int code) {
    assertThat(KrpcReader.read(latin(datagram)))
        .isInstanceOfSatisfying(
            KrpcReader.Outcome.Refused.class,
            refused -> {
              assertThat(refused.failure().code()).isEqualTo(code);
              assertThat(refused.failure().transaction()).isEqualTo(AA);
            });
  }

  @Test
  void aPutThatIsTooBigIsToldSo() {
    String start = "d1:ad2:id20:abcdefghij01234567891:k32:" + "k".repeat(32);
    String end = "e1:q3:put1:t2:aa1:y1:qe";
    String value = "1:v997:" + "v".repeat(997);
    String salt = "4:salt65:" + "s".repeat(65) + "5:token1:x1:vi1e";
    assertThat(KrpcReader.read(latin(start + "5:token1:x" + value + end)))
        .isEqualTo(refused(KrpcError.VALUE_TOO_BIG));
    assertThat(KrpcReader.read(latin(start + salt + end)))
        .isEqualTo(refused(KrpcError.SALT_TOO_BIG));
  }

  @ParameterizedTest
  @CsvSource({"d1:t2:aa1:y1:ze", "d1:y1:qe", "i7e", "d", "d1:rd2:id3:abce1:t2:aa1:y1:re"})
  void whatCannotBeAnsweredIsNoise(String datagram) {
    assertThat(KrpcReader.read(latin(datagram))).isInstanceOf(KrpcReader.Outcome.Noise.class);
  }

  @Seeds(20)
  void hostileBytesAreReadWithinBoundsOrNotAtAll(long seed) {
    List<byte[]> samples = everything().stream().map(KrpcWriter::write).toList();
    Hostile.mutations(new SplittableRandom(seed), samples, 2_000).forEach(KrpcTest::readHostile);
  }

  private static void readHostile(byte[] datagram) {
    if (KrpcReader.read(datagram) instanceof KrpcReader.Outcome.Understood(Krpc message)) {
      assertThat(message.transaction().length()).isLessThanOrEqualTo(KrpcReader.MAX_TRANSACTION);
      if (message instanceof Krpc.Answer answer) {
        assertThat(answer.reply().nodes()).hasSizeLessThanOrEqualTo(KrpcReader.MAX_NODES);
        assertThat(answer.reply().peers()).hasSizeLessThanOrEqualTo(KrpcReader.MAX_PEERS);
      }
      assertThat(KrpcReader.read(KrpcWriter.write(message)))
          .isInstanceOf(KrpcReader.Outcome.Understood.class);
    }
  }

  private static Object[] example(String datagram, Krpc message) {
    return new Object[] {latin(datagram), message};
  }

  private static KrpcReader.Outcome refused(KrpcError error) {
    return new KrpcReader.Outcome.Refused(Krpc.Failure.of(AA, error));
  }

  private static Krpc understood(String datagram) {
    return ((KrpcReader.Outcome.Understood) KrpcReader.read(latin(datagram))).message();
  }

  private static Krpc query(Question question) {
    return new Krpc.Query(AA, ASKER, question, false, UNSAID);
  }

  private static Krpc answer(Reply reply) {
    return new Krpc.Answer(AA, ANSWERER, reply, Optional.empty(), UNSAID);
  }

  private static List<NodeInfo> nodes(int count, PeerAddress address) {
    return Collections.nCopies(count, new NodeInfo(ASKER, address));
  }

  private static List<PeerAddress> peers(String... texts) {
    return List.of(texts).stream().map(text -> PeerAddress.parse(text).orElseThrow()).toList();
  }

  private static byte[] latin(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
