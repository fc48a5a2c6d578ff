package peerage.pxp;

import java.util.Optional;
import peerage.bencode.MalformedMessage;

/// One JSON value as the text that it came in: checked, bounded, and passed on as it is.
final class JsonText {
  /// `null`.
  static final JsonText NULL = new JsonText("null");

  private static final int FIRST_PRINTABLE = 0x20;

  private final String text;

  private JsonText(String text) {
    this.text = text;
  }

  /// Checks that this is one JSON value, with nothing but blanks around it, which are left out.
  ///
  /// @throws MalformedMessage if it is not, or has duplicate names or half a character, or is
  ///     beyond what [PxpLimits] allows
  static JsonText parse(String text) throws MalformedMessage {
    return JsonReader.read(text).text();
  }

  /// What [JsonReader] has checked.
  static JsonText checked(String text) {
    return new JsonText(text);
  }

  /// A string, written as `JSON.stringify` writes it.
  static JsonText ofString(String value) {
    StringBuilder out = new StringBuilder(value.length() + 2).append('"');
    for (int i = 0; i < value.length(); i++) {
      char unit = value.charAt(i);
      if (Character.isHighSurrogate(unit)
          && i + 1 < value.length()
          && Character.isLowSurrogate(value.charAt(i + 1))) {
        out.append(unit).append(value.charAt(++i));
      } else {
        append(unit, out);
      }
    }
    return new JsonText(out.append('"').toString());
  }

  private static void append(char unit, StringBuilder out) {
    switch (unit) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        if (unit < FIRST_PRINTABLE || Character.isSurrogate(unit)) {
          out.append(String.format("\\u%04x", (int) unit));
        } else {
          out.append(unit);
        }
      }
    }
  }

  /// The text, on one line.
  String text() {
    return text;
  }

  /// The value.
  JsonValue value() {
    try {
      return JsonReader.read(text);
    } catch (MalformedMessage e) {
      throw new IllegalStateException("JSON that was checked is none: " + text, e);
    }
  }

  /// The value, if it is a string.
  Optional<String> string() {
    return value() instanceof JsonValue.Text(_, String value)
        ? Optional.of(value)
        : Optional.empty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JsonText that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
