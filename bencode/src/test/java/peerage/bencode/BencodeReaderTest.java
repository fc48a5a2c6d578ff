package peerage.bencode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BencodeReaderTest {
  private static final BencodeReader STRICT = BencodeReader.strict(BencodeLimits.DEFAULT);
  private static final BencodeReader LENIENT = BencodeReader.lenient(BencodeLimits.DEFAULT);

  @Test
  void theExamplesOfBep3() throws MalformedMessage {
    assertThat(strict("4:spam")).isEqualTo(Bencoded.Bytes.of("spam"));
    assertThat(strict("i3e")).isEqualTo(new Bencoded.Int(3));
    assertThat(strict("i-3e")).isEqualTo(new Bencoded.Int(-3));
    assertThat(strict("i0e")).isEqualTo(new Bencoded.Int(0));
    assertThat(strict("l4:spam4:eggse"))
        .isEqualTo(Bencoded.items(List.of(Bencoded.Bytes.of("spam"), Bencoded.Bytes.of("eggs"))));
    assertThat(strict("d3:cow3:moo4:spam4:eggse"))
        .isEqualTo(Bencoded.Dict.builder().put("spam", "eggs").put("cow", "moo").build());
    assertThat(strict("de")).isEqualTo(Bencoded.Dict.EMPTY);
    assertThat(strict("0:")).isEqualTo(Bencoded.Bytes.of(""));
  }

  @Test
  void integersHave64Bits() throws MalformedMessage {
    assertThat(strict("i9223372036854775807e")).isEqualTo(new Bencoded.Int(Long.MAX_VALUE));
    assertThat(strict("i-9223372036854775808e")).isEqualTo(new Bencoded.Int(Long.MIN_VALUE));
  }

  @ParameterizedTest
  @CsvSource({
    "'', the input ends inside a value at byte 0",
    "i1, the input ends inside a value at byte 2",
    "i, the input ends inside a value at byte 1",
    "l, the input ends inside a value at byte 1",
    "d, the input ends inside a value at byte 1",
    "d1:a, the input ends inside a value at byte 4",
    "1, the input ends inside a value at byte 1",
    "5:spam, a string of 5 bytes is cut off at byte 2",
    "9999999999:x, a string of 9999999999 bytes is cut off at byte 11",
    "99999999999:x, a string of 99999999999 bytes is cut off at byte 12",
    "999999999999:x, a number of too many digits at byte 12",
    "x, no bencode at byte 1",
    "e, no bencode at byte 1",
    "-1:x, no bencode at byte 1",
    ":x, no bencode at byte 1",
    "i e, no digit in a number at byte 2",
    "i+1e, no digit in a number at byte 2",
    "i1-e, no digit in a number at byte 3",
    "i1.0e, no digit in a number at byte 3",
    "1x:, no digit in a number at byte 2",
    "ie, a number without digits or beyond 64 bits at byte 2",
    "i-e, a number without digits or beyond 64 bits at byte 3",
    "i9223372036854775808e, a number without digits or beyond 64 bits at byte 21",
    "i-9223372036854775809e, a number without digits or beyond 64 bits at byte 22",
    "i111111111111111111111e, a number of too many digits at byte 22",
    "di1ei2ee, no digit in a number at byte 2",
    "dlee, no digit in a number at byte 2",
    "d:i1ee, a number without digits or beyond 64 bits at byte 2",
  })
  void whatIsNoBencodeIsTakenByNeither(String input, String problem) {
    assertRefused(STRICT, input, problem);
    assertRefused(LENIENT, input, problem);
  }

  @ParameterizedTest
  @CsvSource({
    "i03e, i3e, a number with leading zeros or a negative zero at byte 4",
    "i-0e, i0e, a number with leading zeros or a negative zero at byte 4",
    "i-03e, i-3e, a number with leading zeros or a negative zero at byte 5",
    "i00e, i0e, a number with leading zeros or a negative zero at byte 4",
    "04:spam, 4:spam, a number with leading zeros or a negative zero at byte 3",
    "d1:bi1e1:ai2ee, d1:ai2e1:bi1ee, keys out of order or twice at byte 10",
    "d1:ai1e1:ai2ee, d1:ai1ee, keys out of order or twice at byte 10",
    "i1ei2e, i1e, bytes after the value at byte 3",
  })
  void whatRealPeersSendIsTakenByTheLenientOneOnly(String input, String meant, String problem)
      throws MalformedMessage {
    assertThat(LENIENT.read(bytes(input)).encode()).asString(ISO_8859_1).isEqualTo(meant);
    assertRefused(STRICT, input, problem);
  }

  @Test
  void keysAreInTheOrderOfTheirRawBytes() throws MalformedMessage {
    // '.' is 0x2E, '6' is 0x36, and the byte 0xFF comes last, not first
    String sorted = "d5:addedi1e7:added.fi2e6:added6i3e1:\u00ffi4ee";
    assertThat(strict(sorted).encode()).asString(ISO_8859_1).isEqualTo(sorted);
    assertRefused(STRICT, "d1:\u00ffi4e1:ai1ee", "keys out of order or twice at byte 10");
  }

  @Test
  void aLenientReadLeavesThePositionBehindTheValue() throws MalformedMessage {
    ByteBuffer in = bytes("d8:msg_typei1eeDATA");
    LENIENT.readDict(in);
    assertThat(in.remaining()).isEqualTo(4);
  }

  @Test
  void onlyADictionaryIsADictionary() {
    assertThatExceptionOfType(MalformedMessage.class)
        .isThrownBy(() -> STRICT.readDict(bytes("le")))
        .withMessage("no dictionary at byte 0");
  }

  @Test
  void theDepthIsLimited() throws MalformedMessage {
    var reader = BencodeReader.strict(new BencodeLimits(2, 100));
    assertThat(reader.read(bytes("lli1eee"))).isInstanceOf(Bencoded.Items.class);
    assertRefused(reader, "llleee", "nested deeper than 2 at byte 3");
    assertRefused(reader, "d1:ad1:bdeee", "nested deeper than 2 at byte 9");
  }

  @Test
  void theNumberOfValuesIsLimited() throws MalformedMessage {
    var reader = BencodeReader.strict(new BencodeLimits(2, 3));
    assertThat(reader.read(bytes("d1:ai1e1:bi1ee"))).isInstanceOf(Bencoded.Dict.class);
    assertRefused(reader, "li1ei1ei1ee", "more than 3 values at byte 7");
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 0", "-1, 1"})
  void limitsAreAtLeast1(int depth, int values) {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new BencodeLimits(depth, values));
  }

  @Test
  void aRawEntryIsTheBytesAsTheyStand() throws MalformedMessage {
    ByteBuffer in = bytes("d8:announce1:x4:infod1:bi01e1:ai2ee1:zi1ee");
    ByteBuffer raw = LENIENT.rawEntry(in, "info").orElseThrow();
    assertThat(ISO_8859_1.decode(raw).toString()).isEqualTo("d1:bi01e1:ai2ee");
    assertThat(in.position()).isZero();
  }

  @Test
  void aRawEntryIsFoundFromTheBuffersPositionAndTheFirstOneWins() throws MalformedMessage {
    ByteBuffer in = bytes("xxd1:ai1e1:ai2ee").position(2);
    ByteBuffer raw = LENIENT.rawEntry(in, "a").orElseThrow();
    assertThat(ISO_8859_1.decode(raw).toString()).isEqualTo("i1e");
    assertThat(LENIENT.readDict(in).integer("a")).hasValue(1);
  }

  @Test
  void whatStandsBeforeARawEntryKeepsToTheLimits() {
    var reader = BencodeReader.lenient(new BencodeLimits(2, 3));
    for (String input : List.of("d1:alleee4:infodee", "d1:ali1ei1ee4:infodee")) {
      assertThatExceptionOfType(MalformedMessage.class)
          .isThrownBy(() -> reader.rawEntry(bytes(input), "info"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dx", "d1:ax", "d1:a5:abc", "d1:aix", "d1:adi1e", "d1:alx", "d1:ad1:be"})
  void whatStandsBeforeARawEntryIsBencode(String input) {
    assertThatExceptionOfType(MalformedMessage.class)
        .isThrownBy(() -> LENIENT.rawEntry(bytes(input + "4:infodee"), "info"));
  }

  @Test
  void aRawEntryThatIsNotThereIsEmpty() throws MalformedMessage {
    assertThat(LENIENT.rawEntry(bytes("d4:infod1:ai1eee"), "a")).isEmpty();
    assertThat(LENIENT.rawEntry(bytes("de"), "info")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "le", "i1e", "d", "d4:info", "d4:infod", "d1:ai1e", "d4:infox"})
  void aRawEntryIsOfADictionary(String input) {
    assertThatExceptionOfType(MalformedMessage.class)
        .isThrownBy(() -> LENIENT.rawEntry(bytes(input), "info"));
  }

  private static Bencoded strict(String input) throws MalformedMessage {
    return Bencoded.decode(input.getBytes(ISO_8859_1));
  }

  private static ByteBuffer bytes(String input) {
    return ByteBuffer.wrap(input.getBytes(ISO_8859_1));
  }

  private static void assertRefused(BencodeReader reader, String input, String problem) {
    assertThatExceptionOfType(MalformedMessage.class)
        .isThrownBy(() -> reader.read(bytes(input)))
        .withMessage(problem)
        .satisfies(e -> assertThat(problem).endsWith("at byte " + e.offset()))
        .satisfies(e -> assertThat(e.getStackTrace()).isEmpty());
  }
}
