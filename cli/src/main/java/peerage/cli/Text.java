package peerage.cli;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/// Numbers in the words of people.
final class Text {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  private static final int THOUSAND = 1000;

  /// What terminals draw two columns wide (Unicode TR 11), blocks rounded up.
  private static final List<Range> WIDE =
      List.of(
          new Range(0x1100, 0x115F),
          new Range(0x2E80, 0xA4CF),
          new Range(0xAC00, 0xD7A3),
          new Range(0xF900, 0xFAFF),
          new Range(0xFE30, 0xFE6F),
          new Range(0xFF00, 0xFF60),
          new Range(0xFFE0, 0xFFE6),
          new Range(0x1F300, 0x1FAFF),
          new Range(0x2_0000, 0x3_FFFF));

  private record Range(int first, int last) {}

  private Text() {}

  /// `0 B`, `999 B`, `1.0 KiB`, `12.3 MiB`, `123 MiB`: at most three digits, or `1000 KiB`.
  static String size(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= THOUSAND && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    String digits = unit == 0 || value >= 99.95 ? "%.0f %s" : "%.1f %s";
    return String.format(Locale.ROOT, digits, value, UNITS[unit]);
  }

  /// `790,626,304`.
  static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /// `1.2/2.8 GiB`: the unit once if it is the same.
  static String sizes(long done, long total) {
    String[] one = size(done).split(" ", 2);
    String[] two = size(total).split(" ", 2);
    return one[1].equals(two[1])
        ? one[0] + "/" + two[0] + " " + two[1]
        : one[0] + " " + one[1] + "/" + two[0] + " " + two[1];
  }

  /// `1.2 MiB/s`.
  static String rate(long bytesPerSecond) {
    return size(bytesPerSecond) + "/s";
  }

  /// `45.3%`; `100.0%` only if it is all.
  static String percent(double fraction) {
    double floor = Math.floor(Math.clamp(fraction, 0, 1) * 1000) / 10;
    return String.format(Locale.ROOT, "%.1f%%", floor);
  }

  /// `8s`, `12m05s`, `3h20m`, `2d4h`: two units at most.
  static String duration(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3600) {
      return String.format(Locale.ROOT, "%dm%02ds", seconds / 60, seconds % 60);
    }
    if (seconds < 86_400) {
      return String.format(Locale.ROOT, "%dh%02dm", seconds / 3600, seconds / 60 % 60);
    }
    return seconds / 86_400 + "d" + seconds / 3600 % 24 + "h";
  }

  /// `0.04 s`, `12.3 s`.
  static String seconds(Duration duration) {
    double seconds = duration.toNanos() / 1e9;
    return String.format(Locale.ROOT, seconds < 10 ? "%.2f s" : "%.1f s", seconds);
  }

  /// `1 piece`, `2 pieces`.
  static String count(long number, String one) {
    return count(number, one, one + "s");
  }

  /// `1 leech`, `2 leeches`.
  static String count(long number, String one, String many) {
    return grouped(number) + " " + (number == 1 ? one : many);
  }

  /// `peers 12 (T4 X7 I1)`.
  static String peers(int connected, Map<Character, Integer> byOrigin) {
    var origins = new StringJoiner(" ", " (", ")");
    origins.setEmptyValue("");
    byOrigin.forEach(
        (letter, number) -> {
          if (number > 0) {
            origins.add(letter.toString() + number);
          }
        });
    return "peers " + connected + origins;
  }

  /// The columns that a text takes: letters of East Asia take two, combining marks none.
  static int width(String text) {
    return text.codePoints().map(Text::width).sum();
  }

  private static int width(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
      default -> isWide(codePoint) ? 2 : 1;
    };
  }

  private static boolean isWide(int codePoint) {
    return WIDE.stream().anyMatch(range -> range.first <= codePoint && codePoint <= range.last);
  }

  /// The text cut to a width, its end replaced by `~` if something is cut.
  static String fit(String text, int columns) {
    if (width(text) <= columns) {
      return text;
    }
    var fitting = new StringBuilder();
    int used = 1;
    for (int at = 0; at < text.length() && columns > 0; ) {
      int codePoint = text.codePointAt(at);
      used += width(codePoint);
      if (used > columns) {
        break;
      }
      fitting.appendCodePoint(codePoint);
      at += Character.charCount(codePoint);
    }
    return columns > 0 ? fitting.append('~').toString() : "";
  }
}
