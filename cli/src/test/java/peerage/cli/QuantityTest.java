package peerage.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/// Rates, times, goals, files and peers as people type them.
final class QuantityTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "500, 512000",
    "500K, 512000",
    "500k, 512000",
    "2M, 2097152",
    "2MiB/s, 2097152",
    "1.5M, 1572864",
    "1G, 1073741824"
  })
  void aRateIsInKibibytesUnlessItSaysOtherwise(String text, long bytesPerSecond) {
    assertThat(new Quantity.Rate().convert(text)).isEqualTo(bytesPerSecond);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "fast", "2X", "1e9", "1.2.3", "99999999999"})
  void whatIsNoRateIsRefused(String text) {
    assertThatThrownBy(() -> new Quantity.Rate().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("no rate");
  }

  @ParameterizedTest
  @CsvSource({"90, 90", "90s, 90", "30m, 1800", "2h, 7200", "1d, 86400", "1h30m, 5400"})
  void aTimeIsInSecondsUnlessItSaysOtherwise(String text, long seconds) {
    assertThat(new Quantity.Time().convert(text)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "0m", "-5", "1x", "m", "30m2h"})
  void whatIsNoTimeIsRefused(String text) {
    assertThatThrownBy(() -> Quantity.time(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("no time");
  }

  @Test
  void aSeedGoalIsARatioOrATimeOrNeverReached() {
    var goals = new SeedGoal.Converter();
    assertThat(goals.convert("2.0")).isEqualTo(new SeedGoal.Ratio(2));
    assertThat(goals.convert("30m")).isEqualTo(new SeedGoal.Time(Duration.ofMinutes(30)));
    assertThat(goals.convert("forever")).isEqualTo(new SeedGoal.Forever());
    assertThatThrownBy(() -> goals.convert("X.torrent")).hasMessageContaining("neither a ratio");
  }

  @Test
  void aSeedGoalIsReachedWhenItsNumberIs() {
    Duration hour = Duration.ofHours(1);
    assertThat(new SeedGoal.None().isReached(0, Duration.ZERO)).isTrue();
    assertThat(new SeedGoal.Forever().isReached(1000, hour)).isFalse();
    assertThat(new SeedGoal.Ratio(2).isReached(1.99, hour)).isFalse();
    assertThat(new SeedGoal.Ratio(2).isReached(2, Duration.ZERO)).isTrue();
    assertThat(new SeedGoal.Time(hour).isReached(9, hour.minusMillis(1))).isFalse();
    assertThat(new SeedGoal.Time(hour).isReached(0, hour)).isTrue();
    var either = new SeedGoal.Either(new SeedGoal.Ratio(2), new SeedGoal.Time(hour));
    assertThat(either.isReached(1, Duration.ZERO)).isFalse();
    assertThat(either.isReached(2, Duration.ZERO)).isTrue();
    assertThat(either.isReached(0, hour)).isTrue();
  }

  @Test
  void filesAreChosenByNumbersAndRanges() {
    assertThat(new FileChoice.Converter().convert("1,3-5,7-").ranges())
        .isEqualTo(
            List.of(
                new FileChoice.Range(1, 1),
                new FileChoice.Range(3, 5),
                new FileChoice.Range(7, Integer.MAX_VALUE)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "5-3", "1,,2", "a", "-3", "1-2-3"})
  void whatIsNoChoiceOfFilesIsRefused(String text) {
    assertThatThrownBy(() -> new FileChoice.Converter().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("no choice of files");
  }

  @Test
  void aPeerIsAHostAndAPort() throws CommandFailure {
    var peers = new HostPort.Converter();
    assertThat(peers.convert("example.org:6881")).isEqualTo(new HostPort("example.org", 6881));
    assertThat(peers.convert("[2001:db8::1]:80").resolve())
        .extracting(Object::toString)
        .containsExactly("[2001:db8::1]:80");
    assertThat(peers.convert("192.0.2.7:51413").resolve())
        .extracting(Object::toString)
        .containsExactly("192.0.2.7:51413");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "host", "host:", ":80", "host:0", "host:65536", "2001:db8::1:80"})
  void whatIsNoPeerIsRefused(String text) {
    assertThatThrownBy(() -> new HostPort.Converter().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("no peer");
  }
}
