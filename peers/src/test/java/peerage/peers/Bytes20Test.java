package peerage.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class Bytes20Test {
  private static final String HEX = "000102030405060708090a0b0c0d0e0f10111213";

  @Test
  void anInfoHashIsFortyHexDigits() {
    InfoHash hash = InfoHash.parse(HEX.toUpperCase(Locale.ROOT));
    assertThat(hash).hasToString(HEX).isEqualTo(InfoHash.of(HexFormat.of().parseHex(HEX)));
    assertThat(hash.hex()).isEqualTo(HEX);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "00", "000102030405060708090a0b0c0d0e0f1011121", "xx"})
  void otherTextIsNoInfoHash(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> InfoHash.parse(text));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 19, 21})
  void onlyTwentyBytesAreAnId(int length) {
    assertThatIllegalArgumentException().isThrownBy(() -> PeerId.of(new byte[length]));
    assertThatIllegalArgumentException().isThrownBy(() -> InfoHash.of(new byte[length]));
  }

  @Test
  void theBytesAreNobodyElses() {
    byte[] bytes = HexFormat.of().parseHex(HEX);
    InfoHash hash = InfoHash.of(bytes);
    bytes[0] = 99;
    hash.bytes()[1] = 99;
    assertThat(hash.hex()).isEqualTo(HEX);
  }

  @Test
  void aPeerIdIsNoInfoHashEvenWithTheSameBytes() {
    byte[] bytes = HexFormat.of().parseHex(HEX);
    assertThat((Object) PeerId.of(bytes)).isNotEqualTo(InfoHash.of(bytes));
    assertThat(PeerId.of(bytes)).isEqualTo(PeerId.of(bytes));
  }

  @Test
  void ourPeerIdSaysWhoWeAreAndIsDifferentEachTime() {
    var random = new SplittableRandom(1);
    PeerId first = PeerId.ours(random);
    assertThat(first.client()).isEqualTo("-PG0100-");
    assertThat(first).isNotEqualTo(PeerId.ours(random));
  }

  @Test
  void aStrangersPeerIdIsShownWithoutControlCharacters() {
    byte[] bytes = "-T\u001b[2\u00ff \n-xxxxxxxxxxx".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(PeerId.of(bytes).client()).isEqualTo("-T?[2???");
    assertThat(PeerId.of(bytes)).hasToString("-T?[2???2d" + "78".repeat(11));
  }
}
