package peerage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import peerage.testkit.Seeds;

/// Numbers in the words of people.
final class TextTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "999, 999 B",
    "1000, 1.0 KiB",
    "1024, 1.0 KiB",
    "1536, 1.5 KiB",
    "102348, 99.9 KiB",
    "102400, 100 KiB",
    "1048576, 1.0 MiB",
    "790626304, 754 MiB",
    "9223372036854775807, 8.0 EiB"
  })
  void aSizeHasAtMostThreeDigits(long bytes, String text) {
    assertThat(Text.size(bytes)).isEqualTo(text);
  }

  @Seeds(50)
  void aSizeIsNeverLongerThanEightColumns(long seed) {
    long bytes = new java.util.SplittableRandom(seed).nextLong() >>> (seed % 63);
    assertThat(Text.size(Math.abs(bytes))).hasSizeLessThanOrEqualTo(8);
  }

  @Test
  void twoSizesOfOneUnitSayItOnce() {
    assertThat(Text.sizes(1_500_000, 2_500_000)).isEqualTo("1.4/2.4 MiB");
    assertThat(Text.sizes(500, 2_500_000)).isEqualTo("500 B/2.4 MiB");
  }

  @ParameterizedTest
  @CsvSource({"0, 0.0%", "0.4567, 45.6%", "0.99999, 99.9%", "1, 100.0%", "2, 100.0%", "-1, 0.0%"})
  void onlyAllIsAHundredPercent(double fraction, String text) {
    assertThat(Text.percent(fraction)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0s",
    "59, 59s",
    "60, 1m00s",
    "725, 12m05s",
    "3599, 59m59s",
    "3600, 1h00m",
    "12000, 3h20m",
    "86400, 1d0h",
    "187200, 2d4h",
    "-5, 0s"
  })
  void aDurationHasTwoUnitsAtMost(long seconds, String text) {
    assertThat(Text.duration(Duration.ofSeconds(seconds))).isEqualTo(text);
  }

  @Test
  void aShortTimeHasHundredths() {
    assertThat(Text.seconds(Duration.ofMillis(40))).isEqualTo("0.04 s");
    assertThat(Text.seconds(Duration.ofMillis(12_340))).isEqualTo("12.3 s");
  }

  @Test
  void peersAreCountedByTheirOrigins() {
    Map<Character, Integer> origins = new LinkedHashMap<>();
    origins.put('T', 4);
    origins.put('X', 7);
    origins.put('G', 0);
    origins.put('I', 1);
    assertThat(Text.peers(12, origins)).isEqualTo("peers 12 (T4 X7 I1)");
    assertThat(Text.peers(0, Map.of())).isEqualTo("peers 0");
  }

  @Test
  void oneIsSingularAndThousandsAreGrouped() {
    assertThat(Text.count(1, "piece")).isEqualTo("1 piece");
    assertThat(Text.count(12_345, "piece")).isEqualTo("12,345 pieces");
    assertThat(Text.count(2, "leech", "leeches")).isEqualTo("2 leeches");
  }

  @Test
  void lettersOfEastAsiaTakeTwoColumnsAndMarksNone() {
    assertThat(Text.width("abc")).isEqualTo(3);
    assertThat(Text.width("日本")).isEqualTo(4);
    assertThat(Text.width("e\u0301")).isEqualTo(1);
    assertThat(Text.width("🎵")).isEqualTo(2);
  }

  @Test
  void whatDoesNotFitIsCutAndMarked() {
    assertThat(Text.fit("debian.iso", 10)).isEqualTo("debian.iso");
    assertThat(Text.fit("debian.iso", 7)).isEqualTo("debian~");
    assertThat(Text.fit("日本語", 4)).isEqualTo("日~");
    assertThat(Text.fit("debian.iso", 0)).isEmpty();
  }
}
