package peerage.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import peerage.bencode.MalformedMessage;
import peerage.peers.InfoHash;
import peerage.peers.PeerId;
import peerage.testkit.Hostile;
import peerage.testkit.Seeds;

final class HandshakeTest {
  private static final InfoHash HASH = InfoHash.parse("aa".repeat(20));
  private static final PeerId ID = PeerId.of(HexFormat.of().parseHex("bb".repeat(20)));

  /// 19, the name, reserved bits of BEP 10 (byte 5) and BEP 6 (byte 7), info hash, peer id.
  private static final byte[] BYTES =
      HexFormat.of()
          .parseHex(
              "13426974546f7272656e742070726f746f636f6c"
                  + "0000000000100004"
                  + "aa".repeat(20)
                  + "bb".repeat(20));

  @Test
  void oursOffersTheExtensionProtocolAndTheFastExtension() throws MalformedMessage {
    assertThat(Handshake.ours(HASH, ID).encode()).isEqualTo(BYTES).hasSize(Handshake.SIZE);
    assertThat(Handshake.decode(ByteBuffer.wrap(BYTES))).isEqualTo(Handshake.ours(HASH, ID));
  }

  @Test
  void aBitStandsForWhatTheSenderSpeaks() throws MalformedMessage {
    byte[] bytes = BYTES.clone();
    bytes[25] = 0;
    Handshake handshake = Handshake.decode(ByteBuffer.wrap(bytes));
    assertThat(handshake.supports(Handshake.EXTENSIONS)).isFalse();
    assertThat(handshake.supports(Handshake.FAST)).isTrue();
  }

  @Test
  void bitsThatWeDoNotKnowAreKept() throws MalformedMessage {
    byte[] bytes = BYTES.clone();
    Arrays.fill(bytes, 20, 28, (byte) 0xFF);
    Handshake handshake = Handshake.decode(ByteBuffer.wrap(bytes));
    assertThat(handshake.reserved()).isEqualTo(-1L);
    assertThat(handshake.encode()).isEqualTo(bytes);
  }

  @Test
  void whatFollowsIsLeftInTheBuffer() throws MalformedMessage {
    ByteBuffer in = ByteBuffer.wrap(Arrays.copyOf(BYTES, 70));
    Handshake.decode(in);
    assertThat(in.remaining()).isEqualTo(2);
  }

  @Test
  void fewerBytesAreNoHandshake() {
    for (int length = 0; length < BYTES.length; length++) {
      ByteBuffer cut = ByteBuffer.wrap(Arrays.copyOf(BYTES, length));
      assertThatExceptionOfType(MalformedMessage.class)
          .isThrownBy(() -> Handshake.decode(cut))
          .withMessage("a handshake of " + length + " bytes at byte 0");
    }
  }

  @Test
  void anyOtherByteInFrontIsNoHandshake() {
    for (int i = 0; i < Handshake.PREFIX_SIZE; i++) {
      byte[] bytes = BYTES.clone();
      bytes[i] ^= 0x20; // the other case, for letters
      assertThatExceptionOfType(MalformedMessage.class)
          .isThrownBy(() -> Handshake.decode(ByteBuffer.wrap(bytes)))
          .withMessage("no BitTorrent handshake at byte 0");
    }
  }

  @Seeds(10)
  void hostileBytesAreAHandshakeOrMalformed(long seed) {
    Hostile.mutations(new SplittableRandom(seed), List.of(BYTES), 300)
        .forEach(HandshakeTest::survive);
  }

  private static void survive(byte[] bytes) {
    try {
      Handshake handshake = Handshake.decode(ByteBuffer.wrap(bytes));
      assertThat(handshake.encode()).isEqualTo(Arrays.copyOf(bytes, Handshake.SIZE));
    } catch (MalformedMessage e) {
      assertThat(e.offset()).isZero();
    }
  }
}
