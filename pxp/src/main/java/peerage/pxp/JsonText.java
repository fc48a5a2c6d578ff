package peerage.pxp;

import java.util.Optional;
import peerage.bencode.MalformedMessage;

/// One JSON value as the text that it came in: checked, bounded, and passed on as it is.
final class JsonText {
  /// `null`.
  static final JsonText NULL = new JsonText("null");

  private final String text;

  private JsonText(String text) {
    this.text = text;
  }

  /// Checks that this is one JSON value, with nothing but blanks around it, which are left out.
  ///
  /// @throws MalformedMessage if it is not, or has duplicate keys or half a character, or is beyond
  ///     what [PxpLimits] allows
  static JsonText parse(String text) throws MalformedMessage {
    throw new UnsupportedOperationException("not yet");
  }

  /// A string, written as `JSON.stringify` writes it.
  static JsonText ofString(String value) {
    throw new UnsupportedOperationException("not yet");
  }

  /// The text, on one line.
  String text() {
    return text;
  }

  /// The value, if it is a string.
  Optional<String> string() {
    throw new UnsupportedOperationException("not yet");
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
