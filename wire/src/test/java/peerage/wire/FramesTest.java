package peerage.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import peerage.bencode.MalformedMessage;
import peerage.testkit.Hostile;
import peerage.testkit.Seeds;

final class FramesTest {
  private static final HexFormat HEX = HexFormat.of();

  @ParameterizedTest
  @MethodSource("goodVectors")
  void aVectorIsReadAsItsMessageAndWrittenAsItsBytes(Vector vector) throws MalformedMessage {
    ByteBuffer in = ByteBuffer.wrap(vector.bytes());
    Message message = Frames.read(in, Frames.MAX_LENGTH).orElseThrow();
    assertThat(described(message)).isEqualTo(vector.message());
    assertThat(in.hasRemaining()).isFalse();
    assertThat(written(message)).isEqualTo(vector.bytes());
    assertThat(Frames.size(message)).isEqualTo(vector.bytes().length);
  }

  @ParameterizedTest
  @MethodSource("badVectors")
  void aBadVectorIsRefused(Vector vector) {
    ByteBuffer in = ByteBuffer.wrap(vector.bytes());
    assertThatExceptionOfType(MalformedMessage.class)
        .isThrownBy(() -> Frames.read(in, Frames.MAX_LENGTH))
        .withMessage(vector.refused());
  }

  @ParameterizedTest
  @MethodSource("goodVectors")
  void aFrameCutAtAnyByteWaitsForTheRest(Vector vector) throws MalformedMessage {
    byte[] bytes = vector.bytes();
    for (int length = 0; length < bytes.length; length++) {
      ByteBuffer in = ByteBuffer.wrap(Arrays.copyOf(bytes, length));
      assertThat(Frames.read(in, Frames.MAX_LENGTH)).isEmpty();
      assertThat(in.position()).isZero();
    }
  }

  static Stream<Vector> goodVectors() throws IOException {
    return Vector.all().filter(Vector::isGood);
  }

  static Stream<Vector> badVectors() throws IOException {
    return Vector.all().filter(vector -> !vector.isGood());
  }

  @Test
  void aMessageWeDoNotKnowIsSkippedWhole() throws MalformedMessage {
    // id 21 is BEP 52's hash request
    ByteBuffer in = ByteBuffer.wrap(HEX.parseHex("00000004" + "15aabbcc" + "00000001" + "01"));
    Message unknown = Frames.read(in, Frames.MAX_LENGTH).orElseThrow();
    assertThat(unknown).isEqualTo(new Message.Unknown(21, 4));
    assertThat(Frames.size(unknown)).isEqualTo(8);
    assertThat(Frames.read(in, Frames.MAX_LENGTH)).contains(new Message.Unchoke());
  }

  @Test
  void aMessageWeDoNotKnowCannotBeWrittenAndLeavesNoBytes() {
    ByteBuffer out = ByteBuffer.allocate(100);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Frames.write(new Message.Unknown(21, 4), out));
    assertThat(out.position()).isZero();
  }

  @Test
  void theLongestFrameIsRefusedByItsLengthAlone() throws MalformedMessage {
    ByteBuffer longest = ByteBuffer.allocate(4).putInt(0, Frames.MAX_LENGTH);
    assertThat(Frames.frameSize(longest, Frames.MAX_LENGTH)).contains(Frames.MAX_LENGTH + 4);
    ByteBuffer longer = ByteBuffer.allocate(4).putInt(0, Frames.MAX_LENGTH + 1);
    assertThatExceptionOfType(MalformedMessage.class)
        .isThrownBy(() -> Frames.frameSize(longer, Frames.MAX_LENGTH));
    assertThat(Frames.frameSize(ByteBuffer.allocate(3), Frames.MAX_LENGTH)).isEmpty();
  }

  @Test
  void theLongestFrameHoldsABlockAndTheBitfieldOfItsTorrent() {
    assertThat(Frames.maxLength(1)).isEqualTo(Frames.MAX_LENGTH);
    assertThat(Frames.maxLength(Metainfo.MAX_PIECES)).isEqualTo(1 + Metainfo.MAX_PIECES / 8);
    assertThat(Frames.maxLength(8 * Frames.MAX_LENGTH + 1)).isEqualTo(Frames.MAX_LENGTH + 2);
    assertThat(Frames.MAX_LENGTH).isGreaterThanOrEqualTo(9 + Block.MAX_SIZE);
  }

  @Test
  void aBlockIsAViewOfTheBufferItWasReadFrom() throws MalformedMessage {
    byte[] bytes = HEX.parseHex("0000000b" + "07" + "00000001" + "00000002" + "abcd");
    var piece =
        (Message.Piece) Frames.read(ByteBuffer.wrap(bytes), Frames.MAX_LENGTH).orElseThrow();
    assertThat(piece.block()).isEqualTo(new Block(1, 2, 2));
    bytes[13] = 0x11;
    assertThat(piece.data().get(0)).isEqualTo((byte) 0x11);
  }

  @Test
  void writingABlockLeavesItsBufferWhereItWas() {
    ByteBuffer data = ByteBuffer.allocate(10).position(4);
    written(new Message.Piece(0, 0, data));
    assertThat(data.position()).isEqualTo(4);
  }

  @Test
  void theHeadOfABlockIsWrittenWithoutItsContent() {
    ByteBuffer out = ByteBuffer.allocate(16);
    Frames.writePieceHeader(new Block(3, 16384, 3), out);
    out.put(HEX.parseHex("deadbe"));
    var piece = new Message.Piece(3, 16384, ByteBuffer.wrap(HEX.parseHex("deadbe")));
    assertThat(out.array()).isEqualTo(written(piece));
  }

  @Test
  void messagesWithTheSameBytesAreEqual() {
    assertThat(new Message.Bitfield(new byte[] {1}))
        .isEqualTo(new Message.Bitfield(new byte[] {1}))
        .hasSameHashCodeAs(new Message.Bitfield(new byte[] {1}))
        .isNotEqualTo(new Message.Bitfield(new byte[] {2}));
    assertThat(new Message.Extended(1, new byte[] {1}))
        .isEqualTo(new Message.Extended(1, new byte[] {1}))
        .hasSameHashCodeAs(new Message.Extended(1, new byte[] {1}))
        .isNotEqualTo(new Message.Extended(2, new byte[] {1}))
        .isNotEqualTo(new Message.Extended(1, new byte[] {2}));
  }

  @Seeds(100)
  void aStreamOfMessagesIsReadAsItWasWritten(long seed) throws MalformedMessage {
    var random = new SplittableRandom(seed);
    List<Message> messages =
        Stream.generate(() -> RandomMessages.any(random)).limit(1 + random.nextInt(20)).toList();
    ByteBuffer stream = ByteBuffer.allocate(messages.stream().mapToInt(Frames::size).sum());
    messages.forEach(message -> Frames.write(message, stream));
    assertThat(stream.hasRemaining()).isFalse();
    assertThat(readAll(stream.flip())).isEqualTo(messages);
  }

  @Seeds(30)
  void hostileBytesAreMessagesOrMalformed(long seed) throws IOException {
    List<byte[]> samples = Vector.all().map(Vector::bytes).toList();
    Hostile.mutations(new SplittableRandom(seed), samples, 300).forEach(FramesTest::survive);
  }

  private static void survive(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      for (Message message : readAll(in)) {
        if (!(message instanceof Message.Unknown)) {
          assertThat(written(message)).hasSize(Frames.size(message));
        }
      }
    } catch (MalformedMessage e) {
      assertThat(e.offset()).isBetween(0, bytes.length);
    }
  }

  private static List<Message> readAll(ByteBuffer in) throws MalformedMessage {
    List<Message> messages = new ArrayList<>();
    Optional<Message> next = Frames.read(in, Frames.MAX_LENGTH);
    while (next.isPresent()) {
      messages.add(next.get());
      next = Frames.read(in, Frames.MAX_LENGTH);
    }
    return messages;
  }

  private static byte[] written(Message message) {
    ByteBuffer out = ByteBuffer.allocate(Frames.size(message));
    Frames.write(message, out);
    assertThat(out.hasRemaining()).isFalse();
    return out.array();
  }

  private static String described(Message message) {
    return switch (message) {
      case Message.Bitfield(var bits) -> ("Bitfield " + HEX.formatHex(bits)).strip();
      case Message.Extended(int id, var payload) ->
          ("Extended " + id + " " + HEX.formatHex(payload)).strip();
      case Message.Piece(int piece, int begin, ByteBuffer data) -> {
        byte[] bytes = new byte[data.remaining()];
        data.duplicate().get(bytes);
        yield ("Piece " + piece + " " + begin + " " + HEX.formatHex(bytes)).strip();
      }
      default -> message.toString();
    };
  }
}
