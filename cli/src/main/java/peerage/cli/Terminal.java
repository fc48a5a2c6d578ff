package peerage.cli;

import java.io.BufferedOutputStream;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// Where a command reads and writes, and what can be done there.
///
/// @param in what the user gives
/// @param out results and progress
/// @param err what goes wrong, and nothing else
/// @param style what `out` can show
/// @param stop how the user ends a command that goes on
record Terminal(InputStream in, PrintStream out, PrintStream err, Style style, StopRequest stop) {
  private static final int DEFAULT_WIDTH = 80;

  /// Below this no line says anything.
  private static final int MIN_WIDTH = 20;

  /// What a stream can show.
  ///
  /// @param live whether a line can be drawn again: a terminal, that is
  /// @param colour whether it may be coloured
  /// @param symbols whether it can show more than ASCII
  /// @param width in columns
  record Style(boolean live, boolean colour, boolean symbols, int width) {
    /// Of a file or a pipe.
    static final Style PLAIN = new Style(false, false, true, DEFAULT_WIDTH);

    /// @param environment `COLUMNS`, `NO_COLOR` and `TERM` are looked at
    static Style of(boolean isTerminal, Charset charset, Map<String, String> environment) {
      boolean live = isTerminal && !"dumb".equals(environment.get("TERM"));
      boolean colour = live && environment.getOrDefault("NO_COLOR", "").isEmpty();
      String columns = environment.getOrDefault("COLUMNS", "");
      int width = columns.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(columns) : DEFAULT_WIDTH;
      boolean symbols = charset.newEncoder().canEncode("↓━·");
      return new Style(live, colour, symbols, Math.max(width, MIN_WIDTH));
    }
  }

  /// The one that this process was started in. A file or pipe gets UTF-8 whatever the locale, as
  /// JSON and file names need it.
  static Terminal ofThisProcess() {
    boolean isTerminal =
        Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    Charset charset =
        isTerminal
            ? Charset.forName(System.getProperty("stdout.encoding", "UTF-8"))
            : StandardCharsets.UTF_8;
    return new Terminal(
        System.in,
        stream(FileDescriptor.out, charset),
        stream(FileDescriptor.err, charset),
        Style.of(isTerminal, charset, System.getenv()),
        new StopRequest());
  }

  private static PrintStream stream(FileDescriptor descriptor, Charset charset) {
    OutputStream buffered = new BufferedOutputStream(new FileOutputStream(descriptor));
    return new PrintStream(buffered, true, charset);
  }

  /// Says in one sentence what went wrong.
  void complain(String sentence) {
    err.println("peerage: " + sentence);
  }

  /// Says in one sentence what a user should know and did not ask for.
  void note(String sentence) {
    err.println("peerage: " + sentence);
  }
}
