package peerage.node;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import peerage.peers.Link;
import peerage.pieces.LinkSnapshot;
import peerage.swarm.TellerView;

/// What a torrent's loop answers to the public classes. Their threads ask; a question goes into the
/// inbox and is answered on the loop's own thread, which owns everything that is looked at. Before
/// the loop serves its inbox and after it has ended, the answer is what was known last.
final class Answers {
  private final TorrentLoop loop;
  private final Services services;
  private final Inbox inbox;
  private final Housekeeping housekeeping;
  private volatile Progress lastProgress;

  Answers(TorrentLoop loop, Services services, Inbox inbox, Housekeeping housekeeping) {
    this.loop = loop;
    this.services = services;
    this.inbox = inbox;
    this.housekeeping = housekeeping;
    this.lastProgress = measure();
  }

  // From any thread

  Progress progress() {
    return ask(this::measure, lastProgress);
  }

  /// What peer exchange moved so far.
  PexTraffic pex() {
    return loop.isServing() ? inbox.ask(this::pexNow, PexTraffic.NONE) : pexNow();
  }

  List<PeerReport> reports() {
    return ask(() -> PeerReports.all(loop.swarm().machine(), links()), List.of());
  }

  List<Passport> passports() {
    return ask(this::passportsNow, List.of());
  }

  List<TellerView> tellers() {
    return ask(() -> loop.swarm().machine().tellers(services.clock().instant()), List.of());
  }

  /// What is on disk is read before the inbox is served, so until then nobody can be asked.
  private <T> T ask(Supplier<T> question, T otherwise) {
    return loop.isServing() ? inbox.ask(question, otherwise) : otherwise;
  }

  // On the loop's own thread

  /// The loop is ending: how it stood is the answer from now on.
  void end() {
    lastProgress = measure();
  }

  /// The report of one peer, for listeners.
  Optional<PeerReport> reportNow(Link link) {
    return PeerReports.one(link, loop.swarm().machine(), links());
  }

  private Progress measure() {
    TransferDesk desk = loop.subject().transfers().orElse(null);
    return housekeeping.measure(
        state(desk),
        desk == null ? null : desk.machine(),
        desk == null ? null : desk.disk(),
        loop.subject().length(),
        loop.metadata().progress(),
        loop.swarm().machine());
  }

  private Progress.State state(@Nullable TransferDesk desk) {
    if (loop.isClosing()) {
      return Progress.State.ENDED;
    }
    if (desk == null) {
      return loop.subject().torrent().isEmpty() ? Progress.State.METADATA : Progress.State.CHECKING;
    }
    return desk.machine().isDone() ? Progress.State.SEEDING : Progress.State.DOWNLOADING;
  }

  private PexTraffic pexNow() {
    return loop.swarm().pex().saving(loop.trackersSaved());
  }

  private List<Passport> passportsNow() {
    Instant machines = services.clock().instant();
    Duration ahead = Duration.between(machines, Instant.now());
    return loop.swarm().machine().candidates(machines).stream()
        .map(view -> Passport.of(view, ahead))
        .toList();
  }

  private List<LinkSnapshot> links() {
    return loop.subject().transfers().map(TransferDesk::links).orElse(List.of());
  }
}
