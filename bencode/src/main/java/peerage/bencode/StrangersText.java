package peerage.bencode;

/// Text that a stranger wrote, made fit to stand on one line of a terminal or a page.
public final class StrangersText {
  private StrangersText() {}

  /// The text with line breaks as spaces, and `?` for whatever else would move the cursor or turn
  /// the direction of writing.
  ///
  /// @param max characters that are taken, in code points; what is longer is cut
  public static String printable(String text, int max) {
    var clean = new StringBuilder();
    text.codePoints().limit(max).map(StrangersText::harmless).forEach(clean::appendCodePoint);
    return clean.toString();
  }

  private static int harmless(int character) {
    return switch (Character.getType(character)) {
      case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> ' ';
      case Character.CONTROL -> character == '\n' || character == '\r' ? ' ' : '?';
      case Character.SURROGATE -> '?';
      default -> turnsDirection(character) ? '?' : character;
    };
  }

  /// The embeddings, overrides and isolates of the Unicode bidirectional algorithm (UAX 9).
  private static boolean turnsDirection(int character) {
    return (character >= 0x202A && character <= 0x202E)
        || (character >= 0x2066 && character <= 0x2069);
  }
}
