package peerage.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import peerage.dht.DhtStatus;
import peerage.node.TorrentEvent;

/// Shows what happens to programs: one JSON object per line.
final class JsonDisplay implements Display {
  private static final Duration PROGRESS_PAUSE = Duration.ofSeconds(1);

  private final Terminal terminal;
  private Instant nextProgress = Instant.MIN;

  JsonDisplay(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void listening(int port, int wanted) {
    line(EventJson.event("listening", Instant.now(), json -> json.put("port", port)));
  }

  @Override
  public void added(Job job) {
    line(
        EventJson.event(
            "added",
            Instant.now(),
            json -> {
              json.put("torrent", job.infoHash().toString()).put("name", job.name());
              job.torrent()
                  .ifPresent(t -> json.put("size", t.totalLength()).put("pieces", t.pieceCount()));
              json.put("directory", job.directory().toString());
            }));
  }

  @Override
  public void happened(Job job, TorrentEvent event, Instant at) {
    line(EventJson.of(event, at, job.infoHash().toString()));
  }

  @Override
  public void lost(long events) {
    line(EventJson.event("lost", Instant.now(), json -> json.put("events", events)));
  }

  @Override
  public void tick(List<Job> jobs, Supplier<Optional<DhtStatus>> dht, Instant now) {
    if (now.isBefore(nextProgress)) {
      return;
    }
    nextProgress = now.plus(PROGRESS_PAUSE);
    Optional<DhtStatus> status = dht.get();
    for (Job job : jobs) {
      if (!job.isOver()) {
        line(EventJson.event("progress", now, json -> write(job, status, json)));
      }
    }
  }

  private static void write(Job job, Optional<DhtStatus> dht, Json json) {
    write(job, json);
    if (job.mayUseDht()) {
      dht.ifPresent(status -> json.object("dht", nodes -> DhtWords.write(status, nodes)));
    }
  }

  @Override
  public void complete(Job job) {
    line(
        EventJson.event(
            "complete",
            Instant.now(),
            json -> {
              write(job, json);
              json.put("path", job.result());
            }));
  }

  /// If the library knows why, the event `failed` says it as well.
  @Override
  public void complain(String sentence) {
    terminal.complain(sentence);
  }

  @Override
  public void note(String sentence) {
    terminal.note(sentence);
  }

  @Override
  public void end(ExitCode exit, List<Job> jobs) {
    line(
        EventJson.event(
            "end",
            Instant.now(),
            json ->
                json.put("exit", exit.number())
                    .objects(
                        "torrents",
                        jobs,
                        (each, job) -> {
                          write(job, each);
                          each.put("saved_announces", job.savedAnnounces())
                              .put("exit", job.exit().number());
                        })));
  }

  private static void write(Job job, Json json) {
    EventJson.write(job.progress(), json.put("torrent", job.infoHash().toString()));
  }

  private void line(String json) {
    terminal.out().println(json);
  }
}
