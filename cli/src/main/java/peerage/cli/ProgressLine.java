package peerage.cli;

import java.util.ArrayList;
import java.util.List;
import peerage.node.Progress;

/// One torrent's progress in one line.
final class ProgressLine {
  private static final int BAR = 20;
  private static final int SHORTEST_BAR = 5;
  private static final int SHORTEST_NAME = 8;
  private static final String GREEN = "\033[32m";
  private static final String DIM = "\033[2m";
  private static final String NORMAL = "\033[0m";

  private final Terminal.Style style;

  ProgressLine(Terminal.Style style) {
    this.style = style;
  }

  String live(String name, Progress progress) {
    return live(name, progress, "");
  }

  String plain(String name, Progress progress) {
    return plain(name, progress, "");
  }

  /// A line that fits in the width: the bar gives way first, then all but the beginning of the
  /// name, then what stands last.
  ///
  /// @param more a word to end with; may be empty
  String live(String name, Progress progress, String more) {
    List<String> parts = parts(progress, more);
    String figures = String.join(" ", parts);
    while (parts.size() > 1 && Text.width(figures) > style.width() - 2 - SHORTEST_NAME) {
      parts.removeLast();
      figures = String.join(" ", parts);
    }
    // The last column stays free: some terminals go to the next line there.
    int room = style.width() - 1 - Text.width(figures);
    int bar = Math.min(BAR, room - SHORTEST_NAME - 4);
    if (bar < SHORTEST_BAR) {
      return room > 1 ? Text.fit(name, room - 1) + " " + figures : figures;
    }
    return Text.fit(name, room - bar - 4) + " " + bar(progress.fraction(), bar) + " " + figures;
  }

  /// The same for a file or pipe: all of it, without a bar.
  String plain(String name, Progress progress, String more) {
    return name + ": " + String.join(" ", parts(progress, more));
  }

  private List<String> parts(Progress progress, String more) {
    List<String> parts = parts(progress);
    if (!more.isEmpty()) {
      parts.add(more);
    }
    return parts;
  }

  private List<String> parts(Progress progress) {
    List<String> parts = new ArrayList<>();
    if (progress.state() != Progress.State.METADATA) {
      parts.add(Text.percent(progress.fraction()));
      parts.add(Text.sizes(progress.done(), progress.total()));
    }
    switch (progress.state()) {
      case METADATA -> {
        parts.add(EventText.metadata(progress.metadata()));
        parts.add(peers(progress));
      }
      case CHECKING -> parts.add("checking");
      case DOWNLOADING -> {
        parts.add(down(progress));
        parts.add(up(progress));
        progress.eta().ifPresent(eta -> parts.add("ETA " + Text.duration(eta)));
        parts.add(peers(progress));
      }
      case SEEDING -> {
        parts.add("seeding");
        parts.add(up(progress));
        parts.add(peers(progress));
      }
      case ENDED -> parts.add("ended");
    }
    return parts;
  }

  private String down(Progress progress) {
    return (style.symbols() ? "↓" : "down ") + Text.rate(progress.downRate());
  }

  private String up(Progress progress) {
    return (style.symbols() ? "↑" : "up ") + Text.rate(progress.upRate());
  }

  private static String peers(Progress progress) {
    return Text.peers(progress.peers(), progress.peersByOrigin());
  }

  private String bar(double fraction, int width) {
    int full = (int) (Math.clamp(fraction, 0, 1) * width);
    String done = (style.symbols() ? "━" : "#").repeat(full);
    String left = (style.symbols() ? "·" : "-").repeat(width - full);
    return style.colour()
        ? " " + GREEN + done + NORMAL + DIM + left + NORMAL + " "
        : "[" + done + left + "]";
  }
}
