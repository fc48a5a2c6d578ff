package peerage.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Short commands of the system.
final class Command {
  private static final int LIMIT_SECONDS = 20;

  /// What a command left.
  record Result(int exit, String output) {}

  private Command() {}

  /// Runs a command to its end.
  ///
  /// @param input what it reads
  /// @return with both its outputs together
  static Result run(String input, List<String> command) {
    try {
      Path output = Files.createTempFile("peerage-interop-", ".out");
      try {
        Process process =
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try (var stdin = process.getOutputStream()) {
          stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError(command + " did not end in " + LIMIT_SECONDS + " s");
        }
        return new Result(process.exitValue(), Files.readString(output));
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(command + " did not run", e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted in " + command);
    }
  }

  /// Runs a command that must not fail.
  static String must(String input, String... command) {
    Result result = run(input, List.of(command));
    if (result.exit() != 0) {
      throw new AssertionError(String.join(" ", command) + ": " + result.output().strip());
    }
    return result.output();
  }

  /// Whether there is such a program on the path.
  static boolean exists(String program) {
    for (String folder : System.getenv("PATH").split(":", -1)) {
      if (Files.isExecutable(Path.of(folder).resolve(program))) {
        return true;
      }
    }
    return false;
  }
}
