package peerage.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import peerage.node.Download;
import peerage.node.DownloadException;
import peerage.node.DownloadOptions;
import peerage.node.Peerage;
import peerage.node.TorrentEvent;
import peerage.peers.AddressFilter;
import peerage.peers.PeerAddress;
import peerage.wire.Magnet;
import peerage.wire.Metainfo;

/// Runs `get` and `seed`: several torrents in one process on one port, until each is over.
final class TransferRun {
  /// How often the line of a terminal is drawn.
  private static final Duration TICK = Duration.ofMillis(500);

  private record Wanted(String source, Named named) {}

  private final TransferPlan plan;
  private final NetworkOptions network;
  private final Display display;
  private final StopRequest stop;
  private final Inbox inbox = new Inbox();
  private final List<Job> jobs = new ArrayList<>();
  private ExitCode exit = ExitCode.OK;

  TransferRun(TransferPlan plan, NetworkOptions network, Display display, StopRequest stop) {
    this.plan = plan;
    this.network = network;
    this.display = display;
    this.stop = stop;
  }

  ExitCode run() throws CommandFailure {
    List<PeerAddress> peers = network.resolvedPeers();
    List<Wanted> wanted = readAll();
    if (!wanted.isEmpty() && !stop.isRequested()) {
      try (Peerage peerage = open(network)) {
        display.listening(peerage.port(), network.port);
        stop.onRequest(inbox::wake);
        wanted.forEach(one -> start(peerage, one, peers));
        follow(peerage);
      } catch (IOException e) {
        throw new CommandFailure(ExitCode.NETWORK, "cannot listen for peers: " + e.getMessage());
      }
    }
    inbox.drain(Duration.ZERO, this::happened);
    for (Job job : jobs) {
      exit = exit.or(job.exit());
    }
    display.end(exit, jobs);
    return exit;
  }

  static Peerage open(NetworkOptions network) throws IOException, CommandFailure {
    Peerage.Builder builder =
        Peerage.builder()
            .port(network.port)
            .limitDown(network.downLimit)
            .limitUp(network.upLimit)
            .connect(new AddressFilter(network.noConnect))
            .share(new AddressFilter(network.noShare));
    network.bind.address().ifPresent(builder::address);
    if (network.state != null) {
      builder.state(network.state);
    }
    if (network.noMemory) {
      builder.withoutMemory();
    }
    network.discovery(builder);
    return builder.open();
  }

  /// One bad torrent does not keep the others from going on.
  private List<Wanted> readAll() {
    List<Wanted> wanted = new ArrayList<>();
    stop.onRequest(Thread.currentThread()::interrupt);
    for (String source : plan.sources()) {
      try {
        Named named = Sources.find(source);
        plan.options(named);
        if (wanted.stream().anyMatch(w -> w.named().infoHash().equals(named.infoHash()))) {
          display.note(source + " is the same torrent as one before it, and is left out");
        } else {
          wanted.add(new Wanted(source, named));
        }
      } catch (CommandFailure e) {
        refuse(e.exit(), e);
      } catch (DownloadException e) {
        refuse(ExitCode.of(e.reason()), e);
      } catch (InterruptedException _) {
        exit = exit.or(ExitCode.UNFINISHED);
        break;
      }
    }
    return wanted;
  }

  private void refuse(ExitCode why, Exception e) {
    exit = exit.or(why);
    display.complain(String.valueOf(e.getMessage()));
  }

  private void start(Peerage peerage, Wanted wanted, List<PeerAddress> peers) {
    try {
      Download download = download(peerage, wanted.named());
      var _ = download.done().whenComplete((_, _) -> inbox.wake());
      Job job = new Job(wanted.source(), plan.directory(), download, Instant.now());
      jobs.add(job);
      display.added(job);
      peers.forEach(download::tell);
    } catch (CommandFailure e) {
      refuse(e.exit(), e);
    }
  }

  private Download download(Peerage peerage, Named named) throws CommandFailure {
    DownloadOptions options = plan.options(named);
    Consumer<TorrentEvent> listener = event -> inbox.put(named.infoHash(), event);
    return switch (named) {
      case Named.Torrent(Metainfo torrent) -> peerage.download(torrent, options, listener);
      case Named.Link(Magnet magnet) -> peerage.download(magnet, options, listener);
    };
  }

  private void follow(Peerage peerage) {
    Instant nextTick = Instant.now();
    while (jobs.stream().anyMatch(job -> !job.isOver()) && !stop.isRequested()) {
      Instant now = Instant.now();
      inbox.drain(Duration.between(now, nextTick), this::happened);
      reportLost();
      now = Instant.now();
      boolean due = !now.isBefore(nextTick);
      for (Job job : jobs) {
        if (!job.isOver()) {
          look(job, now, due);
        }
      }
      if (due) {
        display.tick(jobs, peerage::dht, now);
        nextTick = now.plus(TICK);
      }
    }
    if (stop.isRequested()) {
      stopAll();
    }
  }

  private void happened(Inbox.Happening happening) {
    for (Job job : jobs) {
      if (job.infoHash().equals(happening.torrent())) {
        job.see(happening.event());
        display.happened(job, happening.event(), happening.at());
      }
    }
  }

  private void reportLost() {
    long lost = inbox.takeLost();
    if (lost > 0) {
      display.lost(lost);
    }
  }

  private void look(Job job, Instant now, boolean due) {
    boolean ended = job.stage() == Job.Stage.UNFINISHED && job.download().done().isDone();
    if (due || ended) {
      job.refresh(now);
    }
    if (ended) {
      // What led to the end is shown before the end.
      inbox.drain(Duration.ZERO, this::happened);
    }
    if (ended && job.download().done().isCompletedExceptionally()) {
      failed(job, now);
      return;
    }
    if (ended) {
      job.complete(now);
      display.complete(job);
    }
    if (job.stage() == Job.Stage.COMPLETE && plan.goal().isReached(job.ratio(), job.seeding(now))) {
      job.leave();
    }
    if (job.stage() == Job.Stage.UNFINISHED) {
      giveUpIfIdle(job, now);
    }
  }

  private void failed(Job job, Instant now) {
    Throwable why = job.download().done().exceptionNow();
    job.fail(why instanceof DownloadException e ? ExitCode.of(e.reason()) : ExitCode.UNKNOWN, now);
    display.complain(String.valueOf(why.getMessage()));
  }

  private void giveUpIfIdle(Job job, Instant now) {
    if (plan.giveUpAfter().isEmpty()
        || job.idle(now).compareTo(plan.giveUpAfter().orElseThrow()) < 0) {
      return;
    }
    String idle = Text.duration(plan.giveUpAfter().orElseThrow());
    if (job.metPeers() && job.torrent().isEmpty()) {
      job.fail(ExitCode.NO_METADATA, now);
      display.complain(
          "nobody gave the metadata of "
              + job.name()
              + " in "
              + idle
              + ": none of its peers has it; name one that does with --peer");
    } else if (job.metPeers()) {
      job.fail(ExitCode.UNFINISHED, now);
      display.complain(
          "gave up on "
              + job.name()
              + " after "
              + idle
              + " without progress; to go on: "
              + plan.toGoOn(job.source()));
    } else {
      job.fail(ExitCode.NO_PEER, now);
      display.complain(
          "found no peer of "
              + job.name()
              + " in "
              + idle
              + ": its trackers know none, or cannot be reached; name one with --peer");
    }
  }

  private void stopAll() {
    Instant now = Instant.now();
    for (Job job : jobs) {
      if (job.stage() == Job.Stage.COMPLETE) {
        job.refresh(now);
        job.leave();
      } else if (job.stage() == Job.Stage.UNFINISHED) {
        job.refresh(now);
        job.fail(ExitCode.UNFINISHED, now);
        display.complain(
            "stopped "
                + job.name()
                + (job.torrent().isPresent()
                    ? " at " + Text.percent(job.progress().fraction()) + ", the progress is kept"
                    : " before its metadata came")
                + "; to go on: "
                + plan.toGoOn(job.source()));
      }
    }
  }
}
