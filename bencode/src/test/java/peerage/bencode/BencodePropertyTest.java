package peerage.bencode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import peerage.testkit.Seeds;

final class BencodePropertyTest {
  private static final int DEPTH = 5;

  @Seeds(200)
  void whatIsWrittenIsReadBackAndIsCanonical(long seed) throws MalformedMessage {
    Bencoded value = RandomBencode.value(new SplittableRandom(seed), DEPTH);
    byte[] bytes = value.encode();
    assertThat(Bencoded.decode(bytes)).isEqualTo(value).hasSameHashCodeAs(value);
    assertThat(Bencoded.decode(bytes).encode()).isEqualTo(bytes);
  }

  @Seeds(100)
  void everyCutOffValueIsRefused(long seed) {
    byte[] bytes = RandomBencode.value(new SplittableRandom(seed), DEPTH).encode();
    for (int length = 0; length < bytes.length; length++) {
      ByteBuffer cut = ByteBuffer.wrap(Arrays.copyOf(bytes, length));
      assertThatExceptionOfType(MalformedMessage.class)
          .isThrownBy(() -> BencodeReader.lenient(BencodeLimits.DEFAULT).read(cut));
    }
  }

  @Seeds(100)
  void aRawEntryIsTheEncodingOfItsValue(long seed) throws MalformedMessage {
    Bencoded.Dict dict = RandomBencode.dict(new SplittableRandom(seed), DEPTH);
    ByteBuffer bytes = ByteBuffer.wrap(dict.encode());
    BencodeReader reader = BencodeReader.strict(BencodeLimits.DEFAULT);
    for (var entry : dict.entries().entrySet()) {
      assertThat(reader.rawEntry(bytes, entry.getKey()))
          .contains(ByteBuffer.wrap(entry.getValue().encode()));
    }
  }
}
