package peerage.bencode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BencodedTest {
  private static final Bencoded.Dict DICT =
      Bencoded.Dict.builder()
          .put("int", 7)
          .put("bytes", "text")
          .put("dict", Bencoded.Dict.EMPTY)
          .put("items", Bencoded.items(List.of(new Bencoded.Int(1))))
          .build();

  @Test
  void aValueIsThereUnderItsOwnTypeOnly() {
    assertThat(DICT.integer("int")).hasValue(7);
    assertThat(DICT.text("bytes")).contains("text");
    assertThat(DICT.bytes("bytes")).contains(Bencoded.Bytes.of("text"));
    assertThat(DICT.dict("dict")).contains(Bencoded.Dict.EMPTY);
    assertThat(DICT.items("items")).contains(List.of(new Bencoded.Int(1)));
    assertThat(DICT.get("int")).contains(new Bencoded.Int(7));
    for (String key : List.of("bytes", "dict", "items", "none")) {
      assertThat(DICT.integer(key)).isEmpty();
    }
    for (String key : List.of("int", "dict", "items", "none")) {
      assertThat(DICT.bytes(key)).isEmpty();
      assertThat(DICT.text(key)).isEmpty();
    }
    for (String key : List.of("int", "bytes", "none")) {
      assertThat(DICT.dict(key)).isEmpty();
      assertThat(DICT.items(key)).isEmpty();
    }
  }

  @Test
  void valuesCannotBeChanged() {
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> DICT.entries().clear());
    var list = new ArrayList<Bencoded>(List.of(new Bencoded.Int(1)));
    Bencoded.Items items = Bencoded.items(list);
    list.clear();
    assertThat(items.values()).hasSize(1);
    Bencoded.Bytes bytes = Bencoded.Bytes.of("a");
    bytes.toArray()[0] = 'b';
    assertThat(bytes.text()).isEqualTo("a");
    assertThat(bytes.buffer().isReadOnly()).isTrue();
  }

  @Test
  void aBuiltDictionaryDoesNotFollowItsBuilder() {
    Bencoded.Dict.Builder builder = Bencoded.Dict.builder().put("a", 1);
    Bencoded.Dict built = builder.build();
    builder.put("b", 2);
    assertThat(built.entries()).containsOnlyKeys("a");
  }

  @Test
  void aKeyIsBytes() {
    Bencoded.Dict.Builder builder = Bencoded.Dict.builder().put("\u0100", 1);
    assertThatIllegalArgumentException()
        .isThrownBy(builder::build)
        .withMessageContaining("one char per byte");
  }

  @Test
  void bytesAreNotAlwaysText() {
    var bytes = new Bencoded.Bytes(new byte[] {'a', (byte) 0xFF});
    assertThat(bytes.isText()).isFalse();
    assertThat(bytes.text()).isEqualTo("a\uFFFD");
    assertThat(bytes).hasToString("2 bytes");
    assertThat(Bencoded.Bytes.of("é")).hasToString("\"é\"");
    assertThat(Bencoded.Bytes.of("é").length()).isEqualTo(2);
    // CESU-8, as sloppy programs write characters beyond the basic plane
    byte[] surrogates = {(byte) 0xED, (byte) 0xA0, (byte) 0xBD, (byte) 0xED, (byte) 0xB8, 1};
    assertThat(new Bencoded.Bytes(surrogates).isText()).isFalse();
  }
}
