package peerage.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class HostileTest {
  private static final byte[] SAMPLE = latin("d5:added6:123456e");
  private static final List<byte[]> SAMPLES = List.of(SAMPLE, latin("i42e"), new byte[0]);

  @Seeds(20)
  void theSameSeedGivesTheSameBytes(long seed) {
    assertThat(texts(seed, 50)).isEqualTo(texts(seed, 50));
    assertThat(texts(seed, 50)).isNotEqualTo(texts(seed + 1, 50));
  }

  @Test
  void theSamplesStayAsTheyWere() {
    texts(1, 500);
    assertThat(SAMPLE).isEqualTo(latin("d5:added6:123456e"));
  }

  @Test
  void everyKindOfHarmTurnsUp() {
    List<String> texts = texts(0, 2000);
    String sample = new String(SAMPLE, ISO_8859_1);
    assertThat(texts)
        .anyMatch(text -> text.isEmpty())
        .anyMatch(text -> sample.startsWith(text) && text.length() > 3 && !text.equals(sample))
        .anyMatch(text -> text.length() == sample.length() && distance(text, sample) == 1)
        .anyMatch(text -> text.contains("99999999999999999999"))
        .anyMatch(text -> text.contains("4294967296:added"))
        .anyMatch(text -> text.startsWith("\u007f\u00ff\u00ff\u00ff"))
        .anyMatch(text -> text.startsWith("l".repeat(5000)))
        .anyMatch(text -> text.startsWith("d1:a".repeat(2000)));
  }

  @Test
  void withoutASampleThereIsNothingToHarm() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Hostile.mutations(new Random(0), List.of(), 1));
  }

  private static List<String> texts(long seed, int count) {
    return Hostile.mutations(new Random(seed), SAMPLES, count)
        .map(bytes -> new String(bytes, ISO_8859_1))
        .toList();
  }

  private static int distance(String one, String other) {
    byte[] a = latin(one);
    byte[] b = latin(other);
    int first = Arrays.mismatch(a, b);
    return first < 0 ? 0 : 1 + distance(one.substring(first + 1), other.substring(first + 1));
  }

  private static byte[] latin(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
