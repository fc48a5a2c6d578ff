package peerage.pxp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import peerage.bencode.MalformedMessage;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/// Reads JSON of strangers, strictly (RFC 8259) and within the bounds of [PxpLimits].
final class JsonReader {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(PxpLimits.JSON_DEPTH_MAX)
                  .maxNumberLength(PxpLimits.JSON_NUMBER_MAX)
                  .maxNameLength(PxpLimits.JSON_NAME_MAX)
                  .maxStringLength(PxpLimits.LINE_BYTES_MAX)
                  .maxDocumentLength(PxpLimits.LINE_BYTES_MAX)
                  .maxTokenCount(PxpLimits.JSON_TOKENS_MAX)
                  .build())
          // names of strangers are not worth keeping from one message to the next
          .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
          .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
          .build();

  private final String source;
  private final JsonParser parser;

  private JsonReader(String source, JsonParser parser) {
    this.source = source;
    this.parser = parser;
  }

  /// Reads one value with nothing but blanks around it.
  ///
  /// @param text at most [PxpLimits#LINE_BYTES_MAX] characters, on one line
  /// @throws MalformedMessage if it is none, has duplicate names or half a character, or is beyond
  ///     a bound
  static JsonValue read(String text) throws MalformedMessage {
    if (text.length() > PxpLimits.LINE_BYTES_MAX || text.indexOf('\n') >= 0) {
      throw new MalformedMessage("JSON that is no line of a message");
    }
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      JsonReader reader = new JsonReader(text, parser);
      JsonValue value = reader.value(parser.nextToken());
      if (parser.nextToken() != null) {
        throw reader.malformed("something after the JSON");
      }
      return value;
    } catch (JacksonException e) {
      // its own message would repeat what the stranger wrote
      int offset = e.getLocation() == null ? 0 : (int) e.getLocation().getCharOffset();
      throw new MalformedMessage("no JSON, or beyond the bounds", Math.max(0, offset));
    }
  }

  private JsonValue value(@Nullable JsonToken token) throws MalformedMessage {
    int start = Math.toIntExact(parser.currentTokenLocation().getCharOffset());
    if (token == null) {
      throw malformed("a JSON value is missing");
    }
    return switch (token) {
      case START_OBJECT -> {
        SequencedMap<String, JsonValue> values = fields();
        yield new JsonValue.Fields(since(start), values);
      }
      case START_ARRAY -> {
        List<JsonValue> values = items();
        yield new JsonValue.Items(since(start), values);
      }
      case VALUE_STRING -> {
        String value = whole(parser.getString());
        yield new JsonValue.Text(since(start), value);
      }
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser.getString());
      case VALUE_TRUE -> new JsonValue.Bool(since(start), true);
      case VALUE_FALSE -> new JsonValue.Bool(since(start), false);
      case VALUE_NULL -> new JsonValue.Null(since(start));
      default -> throw malformed("a JSON value is missing");
    };
  }

  /// The parser checks the length only of numbers that it is asked to convert.
  private JsonValue number(String text) throws MalformedMessage {
    if (text.length() > PxpLimits.JSON_NUMBER_MAX) {
      throw malformed("a number of more than " + PxpLimits.JSON_NUMBER_MAX + " characters");
    }
    return new JsonValue.Numeric(JsonText.checked(text), Double.parseDouble(text));
  }

  private SequencedMap<String, JsonValue> fields() throws MalformedMessage {
    SequencedMap<String, JsonValue> values = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = whole(parser.currentName());
      if (values.put(name, value(parser.nextToken())) != null) {
        throw malformed("a name that comes twice");
      }
    }
    return values;
  }

  private List<JsonValue> items() throws MalformedMessage {
    List<JsonValue> values = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      values.add(value(token));
    }
    return values;
  }

  /// `\ud800` alone is half a character, which no UTF-8 can say again.
  private String whole(String text) throws MalformedMessage {
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (Character.isSurrogate(unit)) {
        if (i + 1 == text.length() || !Character.isSurrogatePair(unit, text.charAt(i + 1))) {
          throw malformed("half a character");
        }
        i++;
      }
    }
    return text;
  }

  /// What was read from `start` up to here.
  private JsonText since(int start) {
    int end = Math.toIntExact(parser.currentLocation().getCharOffset());
    return JsonText.checked(source.substring(start, end));
  }

  private MalformedMessage malformed(String problem) {
    return new MalformedMessage(
        problem, Math.max(0, (int) parser.currentLocation().getCharOffset()));
  }
}
