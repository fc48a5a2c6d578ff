package peerage.pxp;

import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// A JSON value of a stranger, read and within bounds, with its exact text.
sealed interface JsonValue {
  /// As it stands in the message.
  JsonText text();

  /// An object; no name comes twice.
  record Fields(JsonText text, SequencedMap<String, JsonValue> values) implements JsonValue {
    /// A field that is a string.
    Optional<String> string(String name) {
      return values.get(name) instanceof Text(_, String value)
          ? Optional.of(value)
          : Optional.empty();
    }

    /// Whether a field is `true`.
    boolean isTrue(String name) {
      return values.get(name) instanceof Bool(_, boolean value) && value;
    }
  }

  /// An array.
  record Items(JsonText text, List<JsonValue> values) implements JsonValue {}

  /// A string of whole characters.
  record Text(JsonText text, String value) implements JsonValue {}

  /// A number, as precise as JavaScript knows it.
  record Numeric(JsonText text, double value) implements JsonValue {
    /// The number, if it is a whole one of 32 bits.
    Optional<Integer> whole() {
      return value == (int) value ? Optional.of((int) value) : Optional.empty();
    }
  }

  /// `true` or `false`.
  record Bool(JsonText text, boolean value) implements JsonValue {}

  /// `null`.
  record Null(JsonText text) implements JsonValue {}
}
