package peerage.cli;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// A command line whose output is kept.
final class Recorded {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Terminal terminal;

  Recorded() {
    this(Terminal.Style.PLAIN);
  }

  Recorded(Terminal.Style style) {
    this(style, InputStream.nullInputStream());
  }

  /// One that is given something to read.
  Recorded(InputStream in) {
    this(Terminal.Style.PLAIN, in);
  }

  private Recorded(Terminal.Style style, InputStream in) {
    terminal = new Terminal(in, stream(out), stream(err), style, new StopRequest());
  }

  /// What was written to standard output, as it is.
  byte[] bytes() {
    return out.toByteArray();
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  Terminal terminal() {
    return terminal;
  }

  ExitCode run(Object... arguments) {
    return Main.run(
        terminal, List.of(arguments).stream().map(Object::toString).toArray(String[]::new));
  }

  /// Ends what goes on, as Ctrl-C does.
  void stop() {
    terminal.stop().request();
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  List<String> lines() {
    return out().lines().toList();
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  /// Waits for a condition.
  ///
  /// @throws AssertionError if it does not come true within half a minute
  static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within 30 s: " + what);
      }
      LockSupport.parkNanos(5_000_000);
    }
  }
}
