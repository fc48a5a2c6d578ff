package peerage.pxp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NoncesTest {
  @Test
  void theyCountFromZeroInBaseThirtySixAsStrings() {
    Nonces nonces = new Nonces();
    assertThat(Stream.generate(nonces::next).limit(38).map(JsonText::text))
        .startsWith("\"0\"", "\"1\"")
        .endsWith("\"y\"", "\"z\"", "\"10\"", "\"11\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"res", "relay", "hello", "error", "connect", "upgrade", "incoming", "getpeers"})
  void noneIsAWordThatJavaScriptNodesDieOf(String word) {
    long number = Long.parseLong(word, 36);
    Nonces nonces = new Nonces(number);
    assertThat(nonces.next().string()).contains(Long.toString(number + 1, 36));
  }
}
