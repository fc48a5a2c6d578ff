package peerage.interop;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// A process in a host's namespace, with everything that it says kept for when the test fails.
final class Running {
  private static final int TAIL = 60;

  private final String name;
  private final Process process;
  private final Path errors;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final BufferedWriter stdin;
  private final Thread reader;

  private Running(String name, Process process, Path errors) {
    this.name = name;
    this.process = process;
    this.errors = errors;
    this.stdin = process.outputWriter();
    this.reader = Thread.ofPlatform().daemon().name("output of " + name).start(this::read);
  }

  /// Starts a process.
  ///
  /// @param name for people
  /// @param home its home and working directory; its standard error goes to a file in it
  static Running start(Host host, String name, Path home, List<String> command) {
    List<String> inside = new ArrayList<>(List.of("ip", "netns", "exec", host.namespace()));
    inside.addAll(command);
    Path errors = home.resolve("stderr.log");
    var builder = new ProcessBuilder(inside).directory(home.toFile());
    builder.redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
    Map<String, String> environment = builder.environment();
    environment.put("HOME", home.toString());
    environment.put("LC_ALL", "C.UTF-8");
    environment.keySet().removeIf(key -> key.startsWith("XDG_") || key.endsWith("_proxy"));
    try {
      return new Running(name + " at " + host.ip4(), builder.start(), errors);
    } catch (IOException e) {
      throw new UncheckedIOException(name + " did not start", e);
    }
  }

  private void read() {
    try (BufferedReader output = process.inputReader()) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        lines.add(line);
      }
    } catch (IOException _) {
      // killed: what it said until then is what there is
    }
  }

  long pid() {
    return process.pid(); // ip netns exec becomes the command
  }

  /// What it has written to its standard output.
  List<String> lines() {
    return lines;
  }

  /// Writes a line to its standard input.
  synchronized void say(String line) {
    try {
      stdin.write(line);
      stdin.newLine();
      stdin.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " does not listen", e);
    }
  }

  /// Says a line and waits for the one that it answers.
  String ask(String question) {
    int before = lines.size();
    say(question);
    await("an answer to " + question, () -> lines.size() > before);
    return lines.get(before);
  }

  /// Waits until something holds, and fails at once if the process ends before.
  void await(String what, BooleanSupplier condition) {
    await(what, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
  }

  /// Waits until there is something, and fails at once if the process ends before.
  <T> T await(String what, Supplier<Optional<T>> look) {
    return Await.value(
        name + ": " + what,
        () -> {
          boolean ended = !process.isAlive();
          Optional<T> found = look.get();
          if (ended && found.isEmpty()) {
            throw new AssertionError(
                name + " ended with " + process.exitValue() + " before: " + what);
          }
          return found;
        });
  }

  /// Its exit code, once it has ended and all that it said was read.
  Optional<Integer> exit() {
    return process.isAlive() || reader.isAlive()
        ? Optional.empty()
        : Optional.of(process.exitValue());
  }

  int awaitExit() {
    return Await.value("the end of " + name, this::exit);
  }

  /// Asks it to end, as `kill` does.
  void stop() {
    process.destroy();
  }

  /// Kills it and its children, as `kill -9` does, and waits until it is gone.
  void kill() {
    List<ProcessHandle> tree =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    tree.forEach(ProcessHandle::destroyForcibly);
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        throw new AssertionError(name + " does not die");
      }
      reader.join(10_000);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// What Peerage says all the time.
  private static boolean isRoutine(String line) {
    return line.matches("\\{\"event\":\"(progress|piece|checking)\".*");
  }

  /// The end of all that it said.
  String tail() {
    var text = new StringBuilder("--- " + name + ": ");
    text.append(process.isAlive() ? "running" : "ended with " + process.exitValue());
    List<String> told = lines.stream().filter(line -> !isRoutine(line)).toList();
    told.subList(Math.max(0, told.size() - TAIL), told.size())
        .forEach(line -> text.append("\n    ").append(line));
    try {
      List<String> said = Files.exists(errors) ? Files.readAllLines(errors) : List.of();
      said.subList(Math.max(0, said.size() - TAIL), said.size())
          .forEach(line -> text.append("\n    ! ").append(line));
    } catch (IOException e) {
      text.append("\n    ! ").append(e);
    }
    return text.toString();
  }
}
