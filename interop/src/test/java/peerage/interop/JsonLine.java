package peerage.interop;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// A JSON object in one line. A name that is not there is a mistake of the test.
record JsonLine(Map<String, Object> values) {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final Object NULL = new Object();

  static JsonLine parse(String line) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), line)) {
      parser.nextToken();
      return object(parser);
    } catch (RuntimeException e) {
      throw new AssertionError("no JSON object: " + line, e);
    }
  }

  private static JsonLine object(JsonParser parser) {
    Map<String, Object> values = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      values.put(name, value(parser));
    }
    return new JsonLine(values);
  }

  private static Object value(JsonParser parser) {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> {
        List<Object> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          items.add(value(parser));
        }
        yield items;
      }
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> NULL;
      default -> parser.getString();
    };
  }

  String text(String name) {
    return get(name, String.class);
  }

  long number(String name) {
    return get(name, Long.class);
  }

  boolean flag(String name) {
    return get(name, Boolean.class);
  }

  JsonLine object(String name) {
    return get(name, JsonLine.class);
  }

  List<JsonLine> objects(String name) {
    return ((List<?>) get(name, List.class)).stream().map(JsonLine.class::cast).toList();
  }

  List<String> texts(String name) {
    return ((List<?>) get(name, List.class)).stream().map(String.class::cast).toList();
  }

  private <T> T get(String name, Class<T> type) {
    Object value = values.get(name);
    if (!type.isInstance(value)) {
      throw new AssertionError(name + " is no " + type.getSimpleName() + " in " + values);
    }
    return type.cast(value);
  }
}
