package peerage.bencode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import peerage.testkit.Hostile;
import peerage.testkit.Seeds;

final class BencodeHostileTest {
  private static final BencodeReader STRICT = BencodeReader.strict(BencodeLimits.DEFAULT);
  private static final BencodeReader LENIENT = BencodeReader.lenient(BencodeLimits.DEFAULT);

  @ParameterizedTest
  @MethodSource
  void deepNestingCostsNoStack(byte[] nested) {
    for (BencodeLimits limits : List.of(BencodeLimits.DEFAULT, BencodeLimits.TORRENT)) {
      assertThatExceptionOfType(MalformedMessage.class)
          .isThrownBy(() -> BencodeReader.lenient(limits).read(ByteBuffer.wrap(nested)))
          .withMessageMatching("(nested deeper than " + limits.depth() + "|no digit).*");
    }
  }

  static Stream<byte[]> deepNestingCostsNoStack() {
    String closed = "l".repeat(100_000) + "e".repeat(100_000);
    return Stream.concat(Hostile.nested(100_000), Stream.of(closed.getBytes(ISO_8859_1)));
  }

  @Test
  void deepNestingInsideARawEntryCostsNoStack() {
    byte[] bytes = ("d4:info" + "l".repeat(100_000)).getBytes(ISO_8859_1);
    assertThatExceptionOfType(MalformedMessage.class)
        .isThrownBy(() -> LENIENT.rawEntry(ByteBuffer.wrap(bytes), "info"))
        .withMessageStartingWith("nested deeper than 16");
  }

  @Test
  void aClaimedLengthAllocatesNothing() {
    List<byte[]> claims =
        Stream.of("9999999999:", "2147483647:abc", "l99999999:", "d999999999:", "d1:a100000000:")
            .map(text -> text.getBytes(ISO_8859_1))
            .toList();
    claims.forEach(BencodeHostileTest::refusal); // classes are loaded now
    for (byte[] claim : claims) {
      long before = allocated();
      String problem = refusal(claim);
      assertThat(allocated() - before).isLessThan(20_000);
      assertThat(problem).contains("is cut off");
    }
  }

  @Test
  void manyTinyValuesAreLimited() {
    byte[] bytes = ("l" + "0:".repeat(1_000_000) + "e").getBytes(ISO_8859_1);
    assertThatExceptionOfType(MalformedMessage.class)
        .isThrownBy(() -> LENIENT.read(ByteBuffer.wrap(bytes)))
        .withMessageStartingWith("more than 20000 values");
  }

  @Seeds(20)
  void hostileBytesAreAValueOrMalformed(long seed) {
    var random = new SplittableRandom(seed);
    List<byte[]> samples =
        Stream.generate(() -> RandomBencode.dict(random, 4).encode()).limit(5).toList();
    Hostile.mutations(random, samples, 300).forEach(BencodeHostileTest::readIfItIsOne);
  }

  private static void readIfItIsOne(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      LENIENT.read(in);
      assertThat(in.position()).isPositive();
    } catch (MalformedMessage e) {
      assertThat(e.offset()).isBetween(0, bytes.length);
    }
    try {
      assertThat(STRICT.read(ByteBuffer.wrap(bytes)).encode()).isEqualTo(bytes);
    } catch (MalformedMessage e) {
      assertThat(e.offset()).isBetween(0, bytes.length);
    }
    try {
      Optional<ByteBuffer> raw = LENIENT.rawEntry(ByteBuffer.wrap(bytes), "a");
      if (raw.isPresent()) {
        assertThat(LENIENT.read(raw.get())).isNotNull();
        assertThat(raw.get().hasRemaining()).isFalse();
      }
    } catch (MalformedMessage e) {
      assertThat(e.offset()).isBetween(0, bytes.length);
    }
  }

  private static String refusal(byte[] bytes) {
    try {
      return "read " + LENIENT.read(ByteBuffer.wrap(bytes));
    } catch (MalformedMessage e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }
}
