package peerage.cli;

import java.time.Duration;
import java.util.List;

/// How far hashing is, in one line of a terminal; elsewhere nothing.
final class HashingLine {
  private static final long PAUSE_NANOS = Duration.ofMillis(500).toNanos();

  private final Terminal terminal;
  private final StatusBoard board;
  private final String name;
  private final long total;
  private final long started = System.nanoTime();
  private long drawn = started;

  /// @param total bytes to hash
  HashingLine(Terminal terminal, String name, long total) {
    this.terminal = terminal;
    this.board = new StatusBoard(terminal.out());
    this.name = name;
    this.total = total;
  }

  /// Draws the line now and then.
  ///
  /// @param bytes hashed so far
  void hashed(long bytes) {
    long now = System.nanoTime();
    if (!terminal.style().live() || now - drawn < PAUSE_NANOS) {
      return;
    }
    drawn = now;
    long rate = (long) (bytes / ((now - started) / 1e9));
    String figures =
        Text.percent((double) bytes / total)
            + " "
            + Text.sizes(bytes, total)
            + " hashed, "
            + Text.rate(rate);
    String shown = Text.fit(name, terminal.style().width() - 2 - Text.width(figures));
    board.draw(List.of(shown + " " + figures));
  }

  void erase() {
    board.erase();
  }
}
