package peerage.cli;

import java.io.PrintStream;
import java.util.List;

/// Lines at the bottom of a terminal that are drawn again and again, with ordinary lines going by
/// above them.
final class StatusBoard {
  private static final String CLEAR_BELOW = "\r\033[J";

  private final PrintStream out;
  private int drawn;

  StatusBoard(PrintStream out) {
    this.out = out;
  }

  /// Draws the lines in place of those drawn before.
  void draw(List<String> lines) {
    var frame = new StringBuilder(erasure());
    lines.forEach(line -> frame.append(line).append('\n'));
    out.print(frame);
    out.flush();
    drawn = lines.size();
  }

  /// Takes the drawn lines away, so that an ordinary line can be printed.
  void erase() {
    out.print(erasure());
    out.flush();
    drawn = 0;
  }

  private String erasure() {
    return drawn == 0 ? "" : "\033[" + drawn + "A" + CLEAR_BELOW;
  }
}
