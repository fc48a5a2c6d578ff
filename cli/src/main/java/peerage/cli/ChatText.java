package peerage.cli;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// What strangers write, made fit to be shown on a terminal.
final class ChatText {
  /// More than anybody types; what is beyond is cut (guess).
  static final int LINE_MAX = 2_000;

  /// So many lines of one message are shown (guess).
  static final int LINES_MAX = 50;

  /// Stands for what is left out.
  private static final int UNFIT = 0xFFFD;

  private ChatText() {}

  /// The lines of a message.
  static List<String> lines(byte[] message) {
    int length = Math.min(message.length, LINE_MAX * LINES_MAX);
    return new String(message, 0, length, StandardCharsets.UTF_8)
        .lines()
        .filter(line -> !line.isBlank())
        .limit(LINES_MAX)
        .map(line -> clean(line.substring(0, Math.min(line.length(), LINE_MAX))))
        .toList();
  }

  /// The text without what would move the cursor, colour the screen or turn the writing direction.
  static String clean(String text) {
    var clean = new StringBuilder(text.length());
    text.codePoints().forEach(each -> clean.appendCodePoint(isPlain(each) ? each : UNFIT));
    return clean.toString();
  }

  static boolean isClean(String text) {
    return text.codePoints().allMatch(ChatText::isPlain);
  }

  private static boolean isPlain(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
