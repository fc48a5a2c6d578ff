package peerage.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Rates and times as people type them.
final class Quantity {
  private static final Pattern RATE =
      Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,3})?)([kmg]?)(?:i?b)?(?:/s)?");
  private static final Pattern TIME =
      Pattern.compile("(?:([0-9]{1,5})d)?(?:([0-9]{1,6})h)?(?:([0-9]{1,7})m)?(?:([0-9]{1,9})s?)?");
  private static final int KIB = 1024;

  private Quantity() {}

  /// Bytes per second: a number alone is KiB/s as in every client; `500K`, `2M`, `1.5M`.
  static final class Rate implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      Matcher matcher = RATE.matcher(text.toLowerCase(Locale.ROOT));
      if (!matcher.matches()) {
        throw new TypeConversionException(
            "'" + text + "' is no rate: give KiB/s as a number, or 500K, or 2M");
      }
      long unit =
          switch (matcher.group(2)) {
            case "m" -> KIB * KIB;
            case "g" -> KIB * KIB * KIB;
            default -> KIB;
          };
      return new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit)).longValue();
    }
  }

  /// A time: `90` or `90s`, `30m`, `1h30m`, `2d`.
  static final class Time implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      return time(text);
    }
  }

  static Duration time(String text) {
    Matcher matcher = TIME.matcher(text.toLowerCase(Locale.ROOT));
    if (text.isEmpty() || !matcher.matches()) {
      throw new TypeConversionException(
          "'" + text + "' is no time: give seconds as a number, or 90s, 30m, 2h, 1d, 1h30m");
    }
    Duration time =
        Duration.ofDays(number(matcher, 1))
            .plusHours(number(matcher, 2))
            .plusMinutes(number(matcher, 3))
            .plusSeconds(number(matcher, 4));
    if (time.isZero()) {
      throw new TypeConversionException("'" + text + "' is no time: it must be longer than 0");
    }
    return time;
  }

  private static long number(Matcher matcher, int group) {
    String digits = matcher.group(group);
    return digits == null ? 0 : Long.parseLong(digits);
  }
}
