package peerage.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import peerage.testkit.Repository;

/// One file of `src/test/resources/messages`: bytes, and what they mean.
///
/// @param name of the file
/// @param fields its lines
record Vector(String name, List<String> fields) {
  static Stream<Vector> all() throws IOException {
    Path folder = Repository.module().resolve("src/test/resources/messages");
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().map(Vector::read).toList().stream();
    }
  }

  private static Vector read(Path file) {
    try {
      String name = String.valueOf(file.getFileName()).replace(".txt", "");
      return new Vector(name, Files.readAllLines(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isGood() {
    return !name.startsWith("bad-");
  }

  byte[] bytes() {
    return HexFormat.of().parseHex(field("hex:").replace(" ", ""));
  }

  String message() {
    return field("message:");
  }

  String refused() {
    return field("refused:");
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
