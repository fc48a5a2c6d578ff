package peerage.bencode;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads bencode within limits. Depth is bounded, so recursion is too; a string's length is checked
/// against the bytes that are there before anything is allocated.
///
/// *Strict* takes canonical bencode only. *Lenient* also takes what real peers send without harm:
/// unsorted keys, duplicate keys (the first wins), leading zeros, and bytes after the value. What
/// neither takes: a value that is cut off, that is no bencode, or that exceeds the limits.
public final class BencodeReader {
  private static final int MAX_INT_DIGITS = 19; // of Long.MAX_VALUE
  private static final int MAX_LENGTH_DIGITS = 10; // of Integer.MAX_VALUE

  private final BencodeLimits limits;
  private final boolean strict;

  private BencodeReader(BencodeLimits limits, boolean strict) {
    this.limits = limits;
    this.strict = strict;
  }

  /// A reader of canonical bencode with nothing after it.
  public static BencodeReader strict(BencodeLimits limits) {
    return new BencodeReader(limits, true);
  }

  /// A reader that forgives what the wild sends.
  public static BencodeReader lenient(BencodeLimits limits) {
    return new BencodeReader(limits, false);
  }

  /// Reads one value from the buffer's position. A lenient read leaves the position behind the
  /// value; a strict one insists that nothing follows.
  ///
  /// @throws MalformedMessage if the bytes are no value that this reader takes
  public Bencoded read(ByteBuffer input) throws MalformedMessage {
    var run = new Run(input);
    Bencoded value = run.value(1);
    if (strict && input.hasRemaining()) {
      throw run.malformed("bytes after the value");
    }
    return value;
  }

  /// Reads one value that must be a dictionary.
  ///
  /// @throws MalformedMessage if the bytes are no dictionary that this reader takes
  public Bencoded.Dict readDict(ByteBuffer input) throws MalformedMessage {
    int start = input.position();
    if (read(input) instanceof Bencoded.Dict dict) {
      return dict;
    }
    throw new MalformedMessage("no dictionary", start);
  }

  /// The undecoded bytes of the value at a key of a dictionary: a torrent's info-hash is over the
  /// bytes as they stand, never over a second encoding. Leaves the buffer's position alone, and
  /// reads no further than the value: [#readDict(ByteBuffer)] judges the whole.
  ///
  /// @return empty if the dictionary has no such key
  /// @throws MalformedMessage if the bytes are no dictionary that this reader takes
  public Optional<ByteBuffer> rawEntry(ByteBuffer input, String wanted) throws MalformedMessage {
    ByteBuffer in = input.duplicate();
    var run = new Run(in);
    if (run.next() != 'd') {
      throw new MalformedMessage("no dictionary", input.position());
    }
    while (run.peek() != 'e') {
      String key = new String(run.string(), StandardCharsets.ISO_8859_1);
      int start = in.position();
      run.skip(2);
      if (key.equals(wanted)) {
        return Optional.of(input.slice(start, in.position() - start));
      }
    }
    return Optional.empty();
  }

  /// One reading of one input.
  private final class Run {
    private final ByteBuffer in;
    private int values;

    Run(ByteBuffer in) {
      this.in = in;
    }

    MalformedMessage malformed(String problem) {
      return new MalformedMessage(problem, in.position());
    }

    Bencoded value(int depth) throws MalformedMessage {
      count();
      byte first = peek();
      if (first >= '0' && first <= '9') {
        return new Bencoded.Bytes(string());
      }
      in.get();
      return switch (first) {
        case 'i' -> new Bencoded.Int(digits('e', MAX_INT_DIGITS, Sign.ALLOWED));
        case 'l' -> list(depth);
        case 'd' -> dict(depth);
        default -> throw malformed("no bencode");
      };
    }

    /// Passes a value without keeping it: a torrent has a hundred thousand of them.
    void skip(int depth) throws MalformedMessage {
      count();
      byte first = peek();
      if (first >= '0' && first <= '9') {
        skipString();
        return;
      }
      in.get();
      switch (first) {
        case 'i' -> digits('e', MAX_INT_DIGITS, Sign.ALLOWED);
        case 'l', 'd' -> {
          enter(depth);
          while (peek() != 'e') {
            if (first == 'd') {
              skipString();
            }
            skip(depth + 1);
          }
          in.get();
        }
        default -> throw malformed("no bencode");
      }
    }

    private void count() throws MalformedMessage {
      if (++values > limits.values()) {
        throw malformed("more than " + limits.values() + " values");
      }
    }

    private Bencoded.Items list(int depth) throws MalformedMessage {
      enter(depth);
      var items = new ArrayList<Bencoded>();
      while (peek() != 'e') {
        items.add(value(depth + 1));
      }
      in.get();
      return new Bencoded.Items(items);
    }

    private Bencoded.Dict dict(int depth) throws MalformedMessage {
      enter(depth);
      var entries = new TreeMap<String, Bencoded>();
      @Nullable String previous = null;
      while (peek() != 'e') {
        String key = new String(string(), StandardCharsets.ISO_8859_1);
        if (strict && previous != null && key.compareTo(previous) <= 0) {
          throw malformed("keys out of order or twice");
        }
        previous = key;
        entries.putIfAbsent(key, value(depth + 1));
      }
      in.get();
      return new Bencoded.Dict(entries);
    }

    private void enter(int depth) throws MalformedMessage {
      if (depth > limits.depth()) {
        throw malformed("nested deeper than " + limits.depth());
      }
    }

    private byte[] string() throws MalformedMessage {
      byte[] bytes = new byte[stringLength()];
      in.get(bytes);
      return bytes;
    }

    private void skipString() throws MalformedMessage {
      int length = stringLength();
      in.position(in.position() + length);
    }

    private int stringLength() throws MalformedMessage {
      long length = digits(':', MAX_LENGTH_DIGITS, Sign.REFUSED);
      if (length > in.remaining()) {
        throw malformed("a string of " + length + " bytes is cut off");
      }
      return (int) length;
    }

    private long digits(char end, int maxDigits, Sign sign) throws MalformedMessage {
      var text = new StringBuilder(maxDigits + 1);
      for (byte b = next(); b != end; b = next()) {
        boolean minus = b == '-' && text.isEmpty() && sign == Sign.ALLOWED;
        if ((b < '0' || b > '9') && !minus) {
          throw malformed("no digit in a number");
        }
        if (text.length() > maxDigits) {
          throw malformed("a number of too many digits");
        }
        text.append((char) b);
      }
      return number(text.toString());
    }

    private long number(String text) throws MalformedMessage {
      String magnitude = text.startsWith("-") ? text.substring(1) : text;
      boolean canonical = !magnitude.startsWith("0") || text.equals("0");
      if (strict && !canonical) {
        throw malformed("a number with leading zeros or a negative zero");
      }
      try {
        return Long.parseLong(text);
      } catch (NumberFormatException _) {
        throw malformed("a number without digits or beyond 64 bits");
      }
    }

    private byte peek() throws MalformedMessage {
      if (!in.hasRemaining()) {
        throw malformed("the input ends inside a value");
      }
      return in.get(in.position());
    }

    private byte next() throws MalformedMessage {
      byte b = peek();
      in.get();
      return b;
    }
  }

  private enum Sign {
    ALLOWED,
    REFUSED
  }
}
