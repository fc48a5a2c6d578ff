package peerage.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import peerage.bencode.MalformedMessage;
import peerage.testkit.Hostile;
import peerage.testkit.Seeds;

final class MetadataMessageTest {
  private static final MetadataMessage DATA =
      new MetadataMessage.Data(0, 34256, "xyz".getBytes(ISO_8859_1));

  @Test
  void theMessagesHaveTheBytesOfBep9() {
    assertThat(text(new MetadataMessage.Request(0))).isEqualTo("d8:msg_typei0e5:piecei0ee");
    assertThat(text(new MetadataMessage.Reject(3))).isEqualTo("d8:msg_typei2e5:piecei3ee");
    assertThat(text(DATA)).isEqualTo("d8:msg_typei1e5:piecei0e10:total_sizei34256eexyz");
  }

  @Test
  void theyAreReadAsTheyWereWritten() throws MalformedMessage {
    for (var message :
        List.of(new MetadataMessage.Request(7), new MetadataMessage.Reject(4095), DATA)) {
      assertThat(MetadataMessage.decode(message.encode())).contains(message);
    }
  }

  @Test
  void anUnknownTypeIsIgnored() throws MalformedMessage {
    assertThat(decode("d8:msg_typei3e5:piecei0ee")).isEmpty();
    assertThat(decode("d8:msg_typei-1ee")).isEmpty();
  }

  @Test
  void aSizeThatIsNotSaidIsZero() throws MalformedMessage {
    assertThat(decode("d8:msg_typei1e5:piecei2eeabc"))
        .contains(new MetadataMessage.Data(2, 0, "abc".getBytes(ISO_8859_1)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "de",
        "le",
        "d8:msg_typei0ee",
        "d8:msg_typei0e5:piecei-1ee",
        "d8:msg_typei0e5:piecei4096ee",
        "d8:msg_typei1e5:piecei0e10:total_sizei67108865eex",
        "d8:msg_typei1e5:piecei0e10:total_sizei-1eex",
        "d8:msg_type1:05:piecei0ee"
      })
  void whatCannotBeIsNoMessage(String payload) {
    assertThatExceptionOfType(MalformedMessage.class).isThrownBy(() -> decode(payload));
  }

  @Test
  void aBlockOfMoreThan16KibIsNoMessage() {
    var tooLong = new MetadataMessage.Data(0, 40_000, new byte[16 * 1024 + 1]);
    assertThatExceptionOfType(MalformedMessage.class)
        .isThrownBy(() -> MetadataMessage.decode(tooLong.encode()));
  }

  @ParameterizedTest
  @CsvSource({"1,1,1", "16384,1,16384", "16385,2,1", "67108864,4096,16384"})
  void metadataIsCutIntoBlocks(int size, int blocks, int last) {
    assertThat(MetadataMessage.blocks(size)).isEqualTo(blocks);
    assertThat(MetadataMessage.blockLength(size, blocks - 1)).isEqualTo(last);
  }

  @Seeds(20)
  void hostileBytesAreReadOrRefusedAndNothingElse(long seed) {
    List<byte[]> samples = List.of(new MetadataMessage.Request(3).encode(), DATA.encode());
    Hostile.mutations(new SplittableRandom(seed), samples, 300)
        .forEach(MetadataMessageTest::survive);
  }

  private static void survive(byte[] payload) {
    try {
      MetadataMessage.decode(payload)
          .ifPresent(message -> assertThat(message.block()).isBetween(0, 4095));
    } catch (MalformedMessage e) {
      assertThat(e).hasMessageNotContaining("null");
    }
  }

  private static java.util.Optional<MetadataMessage> decode(String payload)
      throws MalformedMessage {
    return MetadataMessage.decode(payload.getBytes(ISO_8859_1));
  }

  private static String text(MetadataMessage message) {
    return new String(message.encode(), ISO_8859_1);
  }
}
