package peerage.pxp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import peerage.testkit.Repository;

/// One file of `src/test/resources/captures`: all that one side of a connection sent.
///
/// @param name of the file
/// @param fields its lines
record Capture(String name, List<String> fields) {
  /// What precedes the frames.
  static final int MAGIC_LENGTH = 5;

  static List<Capture> all() {
    Path folder = Repository.module().resolve("src/test/resources/captures");
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().map(Capture::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Capture of(String name) {
    return all().stream().filter(capture -> capture.name.equals(name)).findFirst().orElseThrow();
  }

  private static Capture read(Path file) {
    try {
      String name = String.valueOf(file.getFileName()).replace(".txt", "");
      return new Capture(name, Files.readAllLines(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The frames, after the magic.
  byte[] frames() {
    byte[] bytes = HexFormat.of().parseHex(field("hex:"));
    return Arrays.copyOfRange(bytes, MAGIC_LENGTH, bytes.length);
  }

  /// The same, ready to be read.
  ByteBuffer buffer() {
    return ByteBuffer.wrap(frames());
  }

  private String field(String label) {
    return fields.stream()
        .filter(line -> line.startsWith(label))
        .map(line -> line.substring(label.length()).strip())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(name + " has no " + label));
  }

  @Override
  public String toString() {
    return name;
  }
}
