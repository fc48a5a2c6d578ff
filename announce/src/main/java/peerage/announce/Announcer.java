package peerage.announce;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedCollection;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import peerage.announce.AnnounceResponse.Answer;
import peerage.announce.AnnounceResponse.Failure;
import peerage.announce.AnnounceResponse.Retry;
import peerage.peers.InfoHash;
import peerage.peers.PeerId;

/// Announces one torrent to its trackers: to which, when, and with what event (BEP 3, BEP 12). A
/// machine: no clock, no socket; owned by one loop, not thread-safe.
///
/// An announce goes through the trackers in order until one answers. That is a *round*. After a
/// good one the next begins when the answer's interval has passed; after one in which all failed,
/// when a growing pause has.
public final class Announcer {
  /// How long one tracker may take. The driver should give up sooner; this is the safety net.
  public static final Duration TIMEOUT = Duration.ofSeconds(30);

  /// How soon a starving swarm may ask a tracker again that names no `min interval` (libtorrent's
  /// floor), unless its regular interval is shorter still.
  public static final Duration MIN_INTERVAL_DEFAULT = Duration.ofSeconds(60);

  /// How many peers we ask for (libtorrent's default; trackers commonly give 50 to 200).
  public static final int NUM_WANT = 200;

  /// How long `completed` waits behind another answer: that of the other address family may still
  /// be under way, and would be taken for one to `completed` (guess).
  static final Duration SETTLE = Duration.ofSeconds(5);

  /// The pauses after rounds in which every tracker failed; the last one repeats. Short at first,
  /// because most often it is our own network that comes up late (guess).
  static final List<Duration> PAUSES =
      List.of(
          Duration.ofSeconds(15),
          Duration.ofSeconds(30),
          Duration.ofMinutes(1),
          Duration.ofMinutes(2),
          Duration.ofMinutes(5),
          Duration.ofMinutes(10),
          Duration.ofMinutes(30));

  /// The spread of a pause, both ways: or else all who lost a tracker come back at once (guess).
  static final double JITTER = 0.2;

  /// Who announces; the same for as long as the torrent runs.
  ///
  /// @param infoHash the swarm
  /// @param port where we listen: 1 to 65535
  /// @param peerId our id
  /// @param key 32 random bits (BEP 7)
  public record Identity(InfoHash infoHash, int port, PeerId peerId, int key) {}

  /// What happened.
  public sealed interface Input {
    /// The torrent runs: begin. Said once.
    record Started(Progress progress) implements Input {}

    /// Payload was moved, or the torrent's size became known. Cheap, and may be said often.
    record Progressed(Progress progress) implements Input {}

    /// The download has become complete. What was complete when it started does not complete.
    record Completed() implements Input {}

    /// The swarm is starving: announce as soon as manners allow.
    record PeersWanted() implements Input {}

    /// The swarm would like more peers, but peer exchange is healthy: nothing is announced out of
    /// turn. The announce that [PeersWanted] would have made is counted, see [Announcer#saved()].
    record PeersExchanged() implements Input {}

    /// The tracker at this URL accepted. The driver may announce once for each address family
    /// (BEP 7) and then says this once for each that answers.
    record Answered(String url, Answer answer) implements Input {}

    /// The tracker refused, and accepted over no other address family.
    record Refused(String url, Failure failure) implements Input {}

    /// The tracker gave no answer over any address family.
    ///
    /// @param why a sentence for the user
    record Failed(String url, String why) implements Input {}

    /// The torrent stops. The end of this machine.
    record Stopped() implements Input {}

    /// Time has passed.
    record Tick() implements Input {}
  }

  /// What to do, or what was learned.
  public sealed interface Output {
    /// Ask this tracker, over each address family we have. An announce `stopped` is not waited for:
    /// whatever becomes of it need not be said.
    record Announce(String url, AnnounceRequest request) implements Output {}

    /// A tracker answered: there are peers, figures, perhaps a warning.
    record Heard(String url, Answer answer) implements Output {}

    /// A tracker did not answer, or refused.
    ///
    /// @param nextTry not again before this; empty if it is asked again with the next announce, or
    ///     never
    record TrackerFailed(String url, String why, Optional<Instant> nextTry) implements Output {}

    /// A tracker is not used, or not any more.
    record Skipped(String url, String why) implements Output {}

    /// Every tracker of every tier failed.
    ///
    /// @param nextTry when the next round begins; empty if no tracker is left
    record Exhausted(Optional<Instant> nextTry) implements Output {}
  }

  private enum Phase {
    NEW,
    RUNNING,
    STOPPED
  }

  private record Outstanding(Tracker tracker, Instant deadline) {}

  private final Identity identity;
  private final Tiers tiers;
  private final RandomGenerator random;
  private final ArrayDeque<Tracker> untried = new ArrayDeque<>();
  private Phase phase = Phase.NEW;
  private Progress progress = new Progress(0, 0, 1);
  private boolean everComplete;
  private boolean completedWaits;
  private int failedRounds;
  private long saved;
  private Instant savedAt = Instant.MIN; // when the last one would have gone
  private @Nullable Outstanding outstanding;
  private @Nullable Tracker lastHeard;
  private @Nullable Instant nextRound;

  /// @param identity who announces
  /// @param urls the announce URLs, tier by tier, as the torrent names them: what is no good among
  ///     them is reported as [Output.Skipped]
  /// @param random for the order within the tiers and for the pauses
  public Announcer(
      Identity identity,
      SequencedCollection<? extends SequencedCollection<String>> urls,
      RandomGenerator random) {
    this.identity = identity;
    this.tiers = new Tiers(urls, random);
    this.random = random;
  }

  /// Takes one input.
  ///
  /// @param now monotonic
  public List<Output> handle(Input input, Instant now) {
    return switch (input) {
      case Input.Started(Progress at) -> onStarted(at, now);
      case Input.Progressed(Progress at) -> onProgressed(at);
      case Input.Completed() -> onCompleted(now);
      case Input.PeersWanted() -> onPeersWanted(now);
      case Input.PeersExchanged() -> onPeersExchanged(now);
      case Input.Answered(String url, Answer answer) -> onAnswered(url, answer, now);
      case Input.Refused(String url, Failure(String reason, Retry retry)) ->
          onFailed(url, "refused: " + reason, retry, now);
      case Input.Failed(String url, String why) -> onFailed(url, why, new Retry.Unsaid(), now);
      case Input.Stopped() -> onStopped();
      case Input.Tick() -> onTick(now);
    };
  }

  /// When to say [Input.Tick]; empty before the start, after the end, and when no tracker is left.
  public Optional<Instant> nextDeadline() {
    return outstanding != null
        ? Optional.of(outstanding.deadline())
        : Optional.ofNullable(nextRound);
  }

  private List<Output> onStarted(Progress at, Instant now) {
    if (phase != Phase.NEW) {
      return List.of();
    }
    phase = Phase.RUNNING;
    progress = at;
    everComplete = at.isComplete();
    var outputs = new ArrayList<Output>(tiers.skipped());
    outputs.addAll(beginRound(now));
    return outputs;
  }

  private List<Output> onProgressed(Progress at) {
    progress = at;
    return List.of();
  }

  /// BEP 3: "No `completed` is sent if the file was complete when started."
  private List<Output> onCompleted(Instant now) {
    if (phase != Phase.RUNNING || everComplete) {
      return List.of();
    }
    everComplete = true;
    completedWaits = true;
    progress = new Progress(progress.uploaded(), progress.downloaded(), 0);
    return isCalm() ? beginRound(now) : List.of();
  }

  private List<Output> onPeersWanted(Instant now) {
    if (!isCalm() || nextRound == null || lastHeard == null) {
      return List.of();
    }
    Instant soon = later(now, lastHeard.minUntil());
    nextRound = soon.isBefore(nextRound) ? soon : nextRound;
    return onTick(now);
  }

  /// What is left out is never more than an announce ahead of its time: the next regular one goes
  /// when the tracker's own interval has passed.
  private List<Output> onPeersExchanged(Instant now) {
    if (!isCalm() || nextRound == null || lastHeard == null || now.isBefore(savedAt)) {
      return List.of();
    }
    Instant again = saved == 0 ? now : savedAt.plus(lastHeard.gap());
    Instant early = later(later(now, lastHeard.minUntil()), again);
    if (early.isBefore(nextRound)) {
      saved++;
      savedAt = early;
    }
    return List.of();
  }

  /// How many announces were left out because peer exchange was healthy.
  public long saved() {
    return saved;
  }

  /// Whether nothing is under way, and the last round was good.
  private boolean isCalm() {
    return phase == Phase.RUNNING && outstanding == null && failedRounds == 0;
  }

  private List<Output> onTick(Instant now) {
    if (outstanding != null) {
      String why = "no answer within " + TIMEOUT.toSeconds() + " s";
      return now.isBefore(outstanding.deadline())
          ? List.of()
          : onFailed(outstanding.tracker().url(), why, new Retry.Unsaid(), now);
    }
    return nextRound == null || now.isBefore(nextRound) ? List.of() : beginRound(now);
  }

  private List<Output> onAnswered(String url, Answer answer, Instant now) {
    Optional<Tracker> known = tiers.find(url).filter(Tracker::wasAsked);
    if (phase != Phase.RUNNING || known.isEmpty()) {
      return List.of();
    }
    Tracker tracker = known.get();
    tracker.answered(answer, now);
    if (tracker.isLastAsked(AnnounceEvent.COMPLETED)) {
      completedWaits = false;
    }
    if (outstanding == null || outstanding.tracker() == tracker) {
      endRound(tracker, answer, now);
    }
    return List.of(new Output.Heard(url, answer));
  }

  /// Of several answers to one announce the one with the longest interval counts.
  private void endRound(Tracker tracker, Answer answer, Instant now) {
    Duration wait =
        answer
            .minInterval()
            .filter(min -> min.compareTo(answer.interval()) > 0)
            .orElse(answer.interval());
    Instant due = now.plus(completedWaits ? SETTLE : wait);
    nextRound = isCalm() && nextRound != null ? later(nextRound, due) : due;
    outstanding = null;
    untried.clear();
    failedRounds = 0;
    lastHeard = tracker;
    tiers.moveToFront(tracker);
  }

  private List<Output> onFailed(String url, String why, Retry retry, Instant now) {
    if (outstanding == null || !outstanding.tracker().url().equals(url)) {
      return List.of();
    }
    Tracker tracker = outstanding.tracker();
    tracker.refused(retry, now);
    outstanding = null;
    List<Output> then =
        nextUntried(now).map(next -> announceTo(next, now)).orElseGet(() -> exhaust(now));
    var outputs = new ArrayList<Output>();
    outputs.add(new Output.TrackerFailed(url, why, nextTry(tracker, now)));
    if (tracker.isRetired()) {
      outputs.add(new Output.Skipped(url, "it asks never to be asked again"));
    }
    outputs.addAll(then);
    return outputs;
  }

  private Optional<Instant> nextTry(Tracker tracker, Instant now) {
    Instant at = nextRound == null ? tracker.retryAt() : later(nextRound, tracker.retryAt());
    return tracker.isRetired() || !at.isAfter(now) ? Optional.empty() : Optional.of(at);
  }

  private List<Output> exhaust(Instant now) {
    Duration pause = PAUSES.get(Math.min(failedRounds, PAUSES.size() - 1));
    double factor = 1 - JITTER + 2 * JITTER * random.nextDouble();
    Instant due = now.plusMillis(Math.round(pause.toMillis() * factor));
    failedRounds++;
    nextRound = earliestTry().map(at -> later(at, due)).orElse(null);
    return List.of(new Output.Exhausted(Optional.ofNullable(nextRound)));
  }

  private List<Output> beginRound(Instant now) {
    untried.clear();
    tiers.inOrder().forEach(untried::add);
    nextRound = null;
    Optional<Tracker> first = nextUntried(now);
    if (first.isEmpty()) {
      nextRound = earliestTry().orElse(null);
    }
    return first.map(tracker -> announceTo(tracker, now)).orElse(List.of());
  }

  private Optional<Tracker> nextUntried(Instant now) {
    while (!untried.isEmpty()) {
      Tracker tracker = untried.pop();
      if (!now.isBefore(askableFrom(tracker))) {
        return Optional.of(tracker);
      }
    }
    return Optional.empty();
  }

  private Optional<Instant> earliestTry() {
    return tiers.inOrder().map(this::askableFrom).min(Instant::compareTo);
  }

  /// Departure: an event does not wait for `min interval`. No client lets it, and a tracker that
  /// hears of a completion half an hour late counts one seed too few.
  private Instant askableFrom(Tracker tracker) {
    return completedWaits ? tracker.retryAt() : later(tracker.minUntil(), tracker.retryAt());
  }

  private List<Output> announceTo(Tracker tracker, Instant now) {
    @Nullable AnnounceEvent event = eventFor(tracker);
    tracker.asked(event);
    outstanding = new Outstanding(tracker, now.plus(TIMEOUT));
    return List.of(announce(tracker, Optional.ofNullable(event), NUM_WANT));
  }

  /// BEP 3 sends `started` "when a download first begins". A tracker of a later tier may hear of us
  /// long after that, but for it we begin then.
  private @Nullable AnnounceEvent eventFor(Tracker tracker) {
    if (!tracker.hasAccepted()) {
      return AnnounceEvent.STARTED;
    }
    return completedWaits ? AnnounceEvent.COMPLETED : null;
  }

  private List<Output> onStopped() {
    boolean wasRunning = phase == Phase.RUNNING;
    phase = Phase.STOPPED;
    outstanding = null;
    nextRound = null;
    untried.clear();
    return wasRunning
        ? tiers
            .inOrder()
            .filter(Tracker::hasAccepted)
            .map(tracker -> announce(tracker, Optional.of(AnnounceEvent.STOPPED), 0))
            .toList()
        : List.of();
  }

  private Output announce(Tracker tracker, Optional<AnnounceEvent> event, int numWant) {
    var request =
        new AnnounceRequest(
            identity.infoHash(),
            identity.peerId(),
            identity.port(),
            progress,
            event,
            numWant,
            tracker.trackerId(),
            identity.key());
    return new Output.Announce(tracker.url(), request);
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }
}
