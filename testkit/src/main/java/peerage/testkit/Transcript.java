package peerage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// A readable script of what went into a machine (`> …`) and what came out of it (`< …`), kept as
/// a file under `src/test/resources` and reviewed as prose. `-Dtranscripts.rewrite=true` writes
/// the files anew from what happened.
public final class Transcript {
  private static final String IN = "> ";
  private static final String OUT = "< ";

  private final List<String> lines = new ArrayList<>();

  /// An empty script.
  public Transcript() {}

  /// Plays the inputs of a script to a machine, which answers each with its outputs, and compares.
  /// Lines that are neither input nor output (headings, blank lines) stay as they are. A new
  /// script is written by hand as its `> ` lines alone, then rewritten.
  public static void play(String resource, Function<String, List<String>> machine) {
    Transcript played = new Transcript();
    for (String line : read(file(resource))) {
      if (line.startsWith(IN)) {
        String input = line.substring(IN.length());
        played.in(input);
        machine.apply(input).forEach(played::out);
      } else if (!line.startsWith(OUT)) {
        played.lines.add(line);
      }
    }
    played.assertMatches(resource);
  }

  /// Adds one input.
  public Transcript in(String input) {
    lines.add(IN + input);
    return this;
  }

  /// Adds one output.
  public Transcript out(String output) {
    lines.add(OUT + output);
    return this;
  }

  /// Adds a heading for the reader, after a blank line.
  public Transcript note(String text) {
    if (!lines.isEmpty()) {
      lines.add("");
    }
    lines.add("# " + text);
    return this;
  }

  /// Fails when the file `src/test/resources/<resource>` of this module says something else.
  public void assertMatches(String resource) {
    Path file = file(resource);
    if (Boolean.getBoolean("transcripts.rewrite")) {
      write(file);
    }
    assertThat(file).as("write it with -Dtranscripts.rewrite=true").exists();
    assertThat(toString())
        .as("%s; if the new course is right: -Dtranscripts.rewrite=true", resource)
        .isEqualTo(String.join("\n", read(file)) + "\n");
  }

  /// The script as it stands in a file.
  @Override
  public String toString() {
    return String.join("\n", lines) + "\n";
  }

  private static Path file(String resource) {
    return Repository.module().resolve("src/test/resources").resolve(resource);
  }

  private static List<String> read(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(Path file) {
    try {
      Files.createDirectories(file.resolveSibling("."));
      Files.writeString(file, toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
