package peerage.bencode;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.TreeMap;

/// A bencoded value: an integer, a byte string, a list or a dictionary.
public sealed interface Bencoded {

  /// An integer. Bencode has no bound; ours is 64 bits, as everywhere in the field.
  record Int(long value) implements Bencoded {}

  /// A byte string. Not necessarily text.
  final class Bytes implements Bencoded {
    private final byte[] bytes;

    /// Takes the array over: the caller must not change it afterwards.
    public Bytes(byte[] bytes) {
      this.bytes = bytes;
    }

    /// The UTF-8 bytes of a text.
    public static Bytes of(String text) {
      return new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /// The number of bytes.
    public int length() {
      return bytes.length;
    }

    /// A fresh copy.
    public byte[] toArray() {
      return bytes.clone();
    }

    /// A read-only view, big-endian.
    public ByteBuffer buffer() {
      return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /// The bytes as UTF-8, with U+FFFD where they are none.
    public String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    /// Whether the bytes are well-formed UTF-8.
    public boolean isText() {
      try {
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .decode(ByteBuffer.wrap(bytes));
        return true;
      } catch (CharacterCodingException _) {
        return false;
      }
    }

    byte[] raw() {
      return bytes;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return isText() ? '"' + text() + '"' : bytes.length + " bytes";
    }
  }

  /// A list, unmodifiable.
  record Items(List<Bencoded> values) implements Bencoded {
    /// Copies the list.
    public Items {
      values = List.copyOf(values);
    }
  }

  /// A dictionary, unmodifiable, in the byte order of its keys. Keys hold one `char` per byte
  /// (ISO 8859-1), so that any bytes can be a key and the natural order is the order of the wire.
  record Dict(SequencedMap<String, Bencoded> entries) implements Bencoded {
    /// The dictionary without entries.
    public static final Dict EMPTY = new Dict(new TreeMap<>());

    /// Copies the map and sorts its keys.
    ///
    /// @throws IllegalArgumentException if a key holds a character that is no byte
    public Dict {
      entries = Collections.unmodifiableSequencedMap(new TreeMap<>(entries));
      for (String key : entries.keySet()) {
        if (key.chars().anyMatch(c -> c > 0xFF)) {
          throw new IllegalArgumentException("a key holds one char per byte, not " + key);
        }
      }
    }

    /// The value at a key.
    public Optional<Bencoded> get(String key) {
      return Optional.ofNullable(entries.get(key));
    }

    /// The integer at a key; empty if there is none or it is of another type.
    public OptionalLong integer(String key) {
      return entries.get(key) instanceof Int(long value)
          ? OptionalLong.of(value)
          : OptionalLong.empty();
    }

    /// The byte string at a key; empty if there is none or it is of another type.
    public Optional<Bytes> bytes(String key) {
      return entries.get(key) instanceof Bytes bytes ? Optional.of(bytes) : Optional.empty();
    }

    /// The byte string at a key as UTF-8 text.
    public Optional<String> text(String key) {
      return bytes(key).map(Bytes::text);
    }

    /// The dictionary at a key; empty if there is none or it is of another type.
    public Optional<Dict> dict(String key) {
      return entries.get(key) instanceof Dict dict ? Optional.of(dict) : Optional.empty();
    }

    /// The list at a key; empty if there is none or it is of another type.
    public Optional<List<Bencoded>> items(String key) {
      return entries.get(key) instanceof Items(var values) ? Optional.of(values) : Optional.empty();
    }

    /// Starts a dictionary.
    public static Builder builder() {
      return new Builder();
    }

    /// Collects the entries of a dictionary, in any order.
    public static final class Builder {
      private final TreeMap<String, Bencoded> entries = new TreeMap<>();

      private Builder() {}

      /// Puts an entry, replacing an earlier one of the same key.
      public Builder put(String key, Bencoded value) {
        entries.put(key, value);
        return this;
      }

      /// Puts an integer.
      public Builder put(String key, long value) {
        return put(key, new Int(value));
      }

      /// Puts a text as UTF-8.
      public Builder put(String key, String text) {
        return put(key, Bytes.of(text));
      }

      /// Puts bytes.
      public Builder put(String key, byte[] bytes) {
        return put(key, new Bytes(bytes));
      }

      /// The dictionary.
      public Dict build() {
        return new Dict(entries);
      }
    }
  }

  /// A list of these values.
  static Items items(Iterable<? extends Bencoded> values) {
    var list = new ArrayList<Bencoded>();
    values.forEach(list::add);
    return new Items(list);
  }

  /// The canonical encoding: keys in byte order, shortest integers.
  default byte[] encode() {
    return BencodeWriter.encode(this);
  }

  /// Reads a whole input strictly.
  ///
  /// @throws MalformedMessage if the input is not exactly one value in canonical form within the
  ///     limits of [BencodeLimits#DEFAULT]
  static Bencoded decode(byte[] input) throws MalformedMessage {
    return BencodeReader.strict(BencodeLimits.DEFAULT).read(ByteBuffer.wrap(input));
  }

  /// A dictionary from a map.
  static Dict dict(Map<String, ? extends Bencoded> entries) {
    return new Dict(new TreeMap<>(entries));
  }
}
