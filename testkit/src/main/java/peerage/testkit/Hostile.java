package peerage.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Bytes as an attacker or a broken client sends them, made from valid samples. The same generator
/// in the same state gives the same bytes.
public final class Hostile {
  /// Deeper than any honest message, and deep enough to overflow the stack of a careless reader.
  private static final int DEEPEST = 20_000;

  private static final Pattern DIGITS = Pattern.compile("[0-9]+");
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "00",
          "01",
          "-0",
          "-1",
          "+1",
          "",
          "2147483647",
          "2147483648",
          "4294967295",
          "4294967296",
          "9223372036854775807",
          "9223372036854775808",
          "18446744073709551616",
          "9".repeat(400));
  private static final List<Long> LENGTHS =
      List.of(0L, 1L, -1L, 0x7fL, 0x80L, 0x7fffL, 0x8000L, 0x7fffffffL, 0x80000000L, 1L << 63);

  private final RandomGenerator random;
  private final List<byte[]> samples;

  private Hostile(RandomGenerator random, List<byte[]> samples) {
    this.random = random;
    this.samples = samples;
  }

  /// A lazy stream of `count` hostile messages: truncated, flipped, grown, shrunk and spliced
  /// samples, samples with wrong length fields and absurd decimal numbers, deeply nested bencode,
  /// and plain noise. Some of them may still be valid.
  ///
  /// @param samples valid messages, at least one
  public static Stream<byte[]> mutations(RandomGenerator random, List<byte[]> samples, int count) {
    if (samples.isEmpty()) {
      throw new IllegalArgumentException("hostile bytes are made from at least one valid sample");
    }
    Hostile hostile = new Hostile(random, samples);
    return Stream.generate(hostile::next).limit(count);
  }

  /// Bencode nested `depth` deep and never closed: lists, or dictionaries under the key `a`.
  public static Stream<byte[]> nested(int depth) {
    return Stream.of("l", "d", "d1:a", "ld1:a").map(unit -> latin(unit.repeat(depth)));
  }

  private byte[] next() {
    byte[] sample = samples.get(random.nextInt(samples.size()));
    return switch (random.nextInt(10)) {
      case 0 -> Arrays.copyOf(sample, random.nextInt(sample.length + 1));
      case 1 -> flipped(sample);
      case 2 -> replaced(sample, position(sample), 0, noise(1 + random.nextInt(16)));
      case 3 -> replaced(sample, position(sample), 1 + random.nextInt(16), new byte[0]);
      case 4 -> spliced(sample, samples.get(random.nextInt(samples.size())));
      case 5 -> withLengthField(sample);
      case 6, 7 -> withNumber(sample);
      case 8 -> deep(sample);
      default -> noise(random.nextInt(2 * sample.length + 16));
    };
  }

  private byte[] flipped(byte[] sample) {
    byte[] bytes = sample.clone();
    for (int flips = 1 + random.nextInt(4); flips > 0 && bytes.length > 0; flips--) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  /// The head of one message and the tail of another, or a part said twice.
  private byte[] spliced(byte[] head, byte[] tail) {
    int from = position(tail);
    return replaced(head, position(head), head.length, Arrays.copyOfRange(tail, from, tail.length));
  }

  /// A big-endian field of 1, 2, 4 or 8 bytes somewhere, overwritten by a length that hurts.
  private byte[] withLengthField(byte[] sample) {
    int size = 1 << random.nextInt(4);
    long length =
        random.nextBoolean()
            ? LENGTHS.get(random.nextInt(LENGTHS.size()))
            : sample.length + random.nextInt(-2, 3);
    byte[] field = new byte[size];
    for (int i = 0; i < size; i++) {
      field[i] = (byte) (length >>> (8 * (size - 1 - i)));
    }
    return replaced(sample, random.nextBoolean() ? 0 : position(sample), size, field);
  }

  /// A decimal number, such as the length of a bencoded string, replaced by an absurd one.
  private byte[] withNumber(byte[] sample) {
    String text = new String(sample, ISO_8859_1);
    List<int[]> runs =
        DIGITS.matcher(text).results().map(run -> new int[] {run.start(), run.end()}).toList();
    byte[] number = latin(NUMBERS.get(random.nextInt(NUMBERS.size())));
    if (runs.isEmpty()) {
      return replaced(
          sample, position(sample), 0, latin("i" + new String(number, ISO_8859_1) + "e"));
    }
    int[] run = runs.get(random.nextInt(runs.size()));
    return replaced(sample, run[0], run[1] - run[0], number);
  }

  private byte[] deep(byte[] sample) {
    int depth = 1 + random.nextInt(DEEPEST);
    List<byte[]> nests = nested(depth).toList();
    byte[] nest = nests.get(random.nextInt(nests.size()));
    byte[] closed =
        random.nextBoolean() ? replaced(nest, nest.length, 0, latin("e".repeat(depth))) : nest;
    return random.nextBoolean() ? closed : replaced(sample, position(sample), 0, closed);
  }

  private int position(byte[] bytes) {
    return random.nextInt(bytes.length + 1);
  }

  private byte[] noise(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] replaced(byte[] bytes, int at, int length, byte[] by) {
    int end = Math.min(bytes.length, at + length);
    byte[] result = new byte[at + by.length + bytes.length - end];
    System.arraycopy(bytes, 0, result, 0, at);
    System.arraycopy(by, 0, result, at, by.length);
    System.arraycopy(bytes, end, result, at + by.length, bytes.length - end);
    return result;
  }

  private static byte[] latin(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
