package peerage.cli;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.Writer;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// A JSON object that is written name by name.
final class Json {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final JsonGenerator generator;

  private Json(JsonGenerator generator) {
    this.generator = generator;
  }

  /// An object in one line.
  static String object(Consumer<Json> content) {
    var text = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
      generator.writeStartObject();
      content.accept(new Json(generator));
      generator.writeEndObject();
    }
    return text.toString();
  }

  /// An object that is written as its parts become known; to be closed.
  static Json open(PrintStream out) {
    var json = new Json(FACTORY.createGenerator(ObjectWriteContext.empty(), unclosed(out)));
    json.generator.writeStartObject();
    return json;
  }

  /// Closing the generator flushes the stream and leaves it open.
  private static Writer unclosed(PrintStream out) {
    return new FilterWriter(new OutputStreamWriter(out, out.charset())) {
      @Override
      public void close() throws IOException {
        flush();
      }
    };
  }

  Json beginList(String name) {
    generator.writeArrayPropertyStart(name);
    return this;
  }

  /// Writes an object into the list that was begun, and lets it be seen.
  void item(Consumer<Json> content) {
    generator.writeStartObject();
    content.accept(this);
    generator.writeEndObject();
    generator.flush();
  }

  Json endList() {
    generator.writeEndArray();
    return this;
  }

  void close() {
    generator.writeEndObject();
    generator.close();
  }

  Json put(String name, String value) {
    generator.writeStringProperty(name, value);
    return this;
  }

  Json put(String name, long value) {
    generator.writeNumberProperty(name, value);
    return this;
  }

  /// Writes a fraction with four digits.
  Json put(String name, double value) {
    generator.writeNumberProperty(name, Math.round(value * 10_000) / 10_000.0);
    return this;
  }

  Json put(String name, boolean value) {
    generator.writeBooleanProperty(name, value);
    return this;
  }

  /// Writes the value, or nothing at all.
  <T> Json put(String name, Optional<T> value) {
    value.ifPresent(some -> put(name, some.toString()));
    return this;
  }

  /// Writes the value, or `null`.
  Json putOrNull(String name, @Nullable Long value) {
    if (value == null) {
      generator.writeNullProperty(name);
    } else {
      generator.writeNumberProperty(name, value);
    }
    return this;
  }

  /// Writes the texts of the values.
  Json texts(String name, Iterable<?> values) {
    generator.writeArrayPropertyStart(name);
    values.forEach(value -> generator.writeString(value.toString()));
    generator.writeEndArray();
    return this;
  }

  /// Writes lists of texts.
  Json textLists(String name, List<List<String>> lists) {
    generator.writeArrayPropertyStart(name);
    for (List<String> list : lists) {
      generator.writeStartArray();
      list.forEach(generator::writeString);
      generator.writeEndArray();
    }
    generator.writeEndArray();
    return this;
  }

  /// Writes an object.
  Json object(String name, Consumer<Json> content) {
    generator.writeObjectPropertyStart(name);
    content.accept(this);
    generator.writeEndObject();
    return this;
  }

  /// Writes objects.
  <T> Json objects(String name, Iterable<T> values, BiConsumer<Json, T> content) {
    generator.writeArrayPropertyStart(name);
    for (T value : values) {
      generator.writeStartObject();
      content.accept(this, value);
      generator.writeEndObject();
    }
    generator.writeEndArray();
    return this;
  }
}
