package peerage.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import peerage.dht.DhtStatus;
import peerage.node.Progress;
import peerage.node.TorrentEvent;
import peerage.wire.Metainfo;

/// Shows what happens to people: on a terminal a line per torrent that is drawn again and again,
/// elsewhere a line now and then.
final class HumanDisplay implements Display {
  /// How much to say.
  enum Volume {
    QUIET,
    NORMAL,
    VERBOSE
  }

  /// Without a terminal, a line this often: logs are read later, not watched.
  private static final Duration PLAIN_PAUSE = Duration.ofSeconds(10);

  /// More torrents than this would scroll the terminal.
  private static final int MAX_LINES = 16;

  private final Terminal terminal;
  private final Volume volume;
  private final StatusBoard board;
  private final ProgressLine line;
  private final Set<String> failedTrackers = new LinkedHashSet<>();
  private Instant nextPlain = Instant.MIN;

  HumanDisplay(Terminal terminal, Volume volume) {
    this.terminal = terminal;
    this.volume = volume;
    this.board = new StatusBoard(terminal.out());
    this.line = new ProgressLine(terminal.style());
  }

  @Override
  public void listening(int port, int wanted) {
    if (wanted != 0 && port != wanted) {
      say(Volume.NORMAL, "port " + wanted + " is taken, listening on " + port + " instead");
    } else {
      say(Volume.VERBOSE, "listening on port " + port);
    }
  }

  @Override
  public void added(Job job) {
    say(
        Volume.VERBOSE,
        job.name()
            + ": "
            + job.torrent().map(t -> Text.size(t.totalLength())).orElse("a magnet link")
            + ", into "
            + job.directory());
    if (job.torrent().isEmpty()) {
      say(Volume.NORMAL, job.name() + ": fetching the metadata from peers");
    }
  }

  @Override
  public void happened(Job job, TorrentEvent event, Instant at) {
    if (volume == Volume.VERBOSE) {
      String stamp = String.format("%8s  ", Text.seconds(job.age(at)));
      EventText.of(event).ifPresent(text -> say(Volume.VERBOSE, stamp + text));
    } else if (event instanceof TorrentEvent.MetadataArrived(Metainfo torrent)) {
      say(Volume.NORMAL, EventText.arrived(torrent));
    } else if (event instanceof TorrentEvent.Joined(int have, int of) && !terminal.style().live()) {
      say(Volume.NORMAL, job.name() + ": " + have + " of " + Text.count(of, "piece") + " are here");
    } else if (event instanceof TorrentEvent.TrackerFailed failed
        && failedTrackers.add(failed.url())) {
      // Each time it is asked again, every few minutes, it may fail again: once is enough.
      EventText.of(event).ifPresent(text -> say(Volume.NORMAL, job.name() + ": " + text));
    }
  }

  @Override
  public void lost(long events) {
    say(Volume.VERBOSE, Text.count(events, "event") + " came too fast to be shown");
  }

  @Override
  public void tick(List<Job> jobs, Supplier<Optional<DhtStatus>> dht, Instant now) {
    if (volume == Volume.QUIET) {
      return;
    }
    List<Job> running = jobs.stream().filter(job -> !job.isOver()).toList();
    if (terminal.style().live()) {
      board.draw(lines(running, word(dht)));
    } else if (!now.isBefore(nextPlain)) {
      if (!nextPlain.equals(Instant.MIN)) {
        String word = word(dht);
        running.forEach(
            job -> terminal.out().println(line.plain(job.name(), job.progress(), word(job, word))));
      }
      nextPlain = now.plus(PLAIN_PAUSE);
    }
  }

  /// How many nodes of the DHT we know, for who wants to know everything; else nothing.
  private String word(Supplier<Optional<DhtStatus>> dht) {
    return volume == Volume.VERBOSE ? dht.get().map(DhtWords::text).orElse("") : "";
  }

  private static String word(Job job, String dht) {
    return job.mayUseDht() ? dht : "";
  }

  private List<String> lines(List<Job> running, String dht) {
    List<String> lines = new ArrayList<>();
    running.stream()
        .limit(MAX_LINES)
        .forEach(job -> lines.add(line.live(job.name(), job.progress(), word(job, dht))));
    if (running.size() > MAX_LINES) {
      lines.add("and " + (running.size() - MAX_LINES) + " more");
    }
    return lines;
  }

  @Override
  public void complete(Job job) {
    Progress progress = job.progress();
    String where = job.result().map(Path::toString).orElse("");
    if (progress.downloaded() == 0) {
      say(Volume.NORMAL, job.name() + ": complete already: " + where);
      return;
    }
    Duration took = job.took();
    long rate = progress.downloaded() * 1000 / Math.max(1, took.toMillis());
    say(
        Volume.NORMAL,
        job.name()
            + ": complete, "
            + Text.size(progress.total())
            + " ("
            + Text.size(progress.downloaded())
            + " in "
            + Text.duration(took)
            + ", "
            + Text.rate(rate)
            + "): "
            + where);
  }

  @Override
  public void complain(String sentence) {
    board.erase();
    terminal.complain(sentence);
  }

  @Override
  public void note(String sentence) {
    if (volume != Volume.QUIET) {
      board.erase();
      terminal.note(sentence);
    }
  }

  @Override
  public void end(ExitCode exit, List<Job> jobs) {
    board.erase();
    for (Job job : jobs) {
      if (job.savedAnnounces() > 0) {
        String saved = Text.count(job.savedAnnounces(), "announce");
        say(Volume.NORMAL, job.name() + ": peer exchange saved its trackers " + saved);
      }
    }
    terminal.out().flush();
  }

  private void say(Volume least, String sentence) {
    if (volume.compareTo(least) >= 0) {
      board.erase();
      terminal.out().println(sentence);
    }
  }
}
