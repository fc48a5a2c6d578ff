package peerage.node;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import java.util.random.RandomGenerator.SplittableGenerator;
import peerage.announce.AnnounceRequest;
import peerage.announce.AnnounceResponse;
import peerage.announce.Announcer;
import peerage.peers.IpAddress;
import peerage.peers.Origin;
import peerage.peers.PeerId;
import peerage.swarm.Swarm;

/// Drives the [Announcer] of one torrent. Owned by the torrent's loop; requests run on threads of
/// their own.
final class TrackerDesk {
  /// How long a goodbye may take; the process may be about to end.
  private static final Duration GOODBYE_LIMIT = Duration.ofMillis(1_500);

  private final TorrentLoop loop;
  private final Services services;
  private final Traffic traffic;
  private final Announcer announcer;
  private Instant now;
  private final PeerAppeals appeals = new PeerAppeals();
  private final Set<String> voters = new HashSet<>();
  private String current = "";
  private boolean started;

  TrackerDesk(
      TorrentLoop loop,
      Services services,
      Subject subject,
      Traffic traffic,
      PeerId ourId,
      int port,
      SplittableGenerator random) {
    this.loop = loop;
    this.services = services;
    this.traffic = traffic;
    this.now = services.clock().instant();
    RandomGenerator own = random.split();
    this.announcer =
        new Announcer(
            new Announcer.Identity(subject.infoHash(), port, ourId, own.nextInt()),
            subject.trackers(),
            own);
  }

  void start(long left) {
    started = true;
    now = services.clock().instant();
    handle(new Announcer.Input.Started(standing(left)));
  }

  void completed() {
    if (started) {
      handle(new Announcer.Input.Progressed(standing(0)));
      handle(new Announcer.Input.Completed());
    }
  }

  Optional<Instant> nextDeadline() {
    return started ? announcer.nextDeadline() : Optional.empty();
  }

  /// Serves a deadline that has passed, and asks for peers early when there is nobody.
  void settle(long left) {
    now = loop.now();
    if (started && left > 0) {
      appeals
          .due(loop.swarm().connections().size(), () -> loop.swarm().machine().exchange(now), now)
          .ifPresent(this::handle);
    }
    Optional<Instant> deadline = nextDeadline();
    if (deadline.isPresent() && !deadline.get().isAfter(now)) {
      handle(new Announcer.Input.Progressed(standing(left)));
      handle(new Announcer.Input.Tick());
    }
  }

  /// How many announces were left out because peer exchange was healthy.
  long saved() {
    return announcer.saved();
  }

  /// Says goodbye.
  ///
  /// @return what to [#await(List)]
  List<Thread> stop() {
    if (!started) {
      return List.of();
    }
    started = false;
    return announcer.handle(new Announcer.Input.Stopped(), services.clock().instant()).stream()
        .filter(Announcer.Output.Announce.class::isInstance)
        .map(Announcer.Output.Announce.class::cast)
        .map(last -> Thread.ofVirtual().name("goodbye").start(() -> goodbye(last)))
        .toList();
  }

  /// Waits a little for goodbyes to be said.
  static void await(List<Thread> goodbyes) {
    for (Thread goodbye : goodbyes) {
      try {
        goodbye.join(GOODBYE_LIMIT);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void goodbye(Announcer.Output.Announce last) {
    try {
      services.trackers().announce(last.url(), last.request(), GOODBYE_LIMIT, _ -> {});
    } catch (TrackerFailure _) {
      // nobody is left to tell
    }
  }

  private peerage.announce.Progress standing(long left) {
    return new peerage.announce.Progress(traffic.uploaded(), traffic.downloaded(), left);
  }

  private void handle(Announcer.Input input) {
    announcer.handle(input, now).forEach(this::obey);
  }

  private void obey(Announcer.Output output) {
    switch (output) {
      case Announcer.Output.Announce(String url, AnnounceRequest request) ->
          Thread.ofVirtual().name("announce").start(() -> announce(url, request));
      case Announcer.Output.Heard(String url, var answer) ->
          loop.publish(
              new TorrentEvent.TrackerAnswered(
                  url, answer.peers().size(), answer.seeds(), answer.leeches()));
      case Announcer.Output.TrackerFailed(String url, String why, var nextTry) ->
          loop.publish(new TorrentEvent.TrackerFailed(url, why, nextTry));
      case Announcer.Output.Skipped(String url, String why) ->
          loop.publish(new TorrentEvent.TrackerSkipped(url, why));
      case Announcer.Output.Exhausted _ -> {} // each failure was told already
    }
  }

  /// What is accepted in one address family is used at once; a refusal counts if all refuse.
  private void announce(String url, AnnounceRequest request) {
    var refusals = new ConcurrentLinkedQueue<AnnounceResponse.Failure>();
    var accepted = new AtomicBoolean();
    try {
      services
          .trackers()
          .announce(
              url,
              request,
              Trackers.ANSWER_LIMIT,
              reply -> {
                switch (reply.response()) {
                  case AnnounceResponse.Answer answer -> {
                    accepted.set(true);
                    loop.post(() -> answered(url, answer, reply.tracker()));
                  }
                  case AnnounceResponse.Failure refusal -> refusals.add(refusal);
                }
              });
      AnnounceResponse.Failure refusal = refusals.poll();
      if (refusal != null && !accepted.get()) {
        loop.post(() -> refused(url, refusal));
      }
    } catch (TrackerFailure failure) {
      loop.post(() -> failed(url, failure.sentence()));
    }
  }

  private void failed(String url, String why) {
    now = services.clock().instant();
    handle(new Announcer.Input.Failed(url, why));
  }

  /// BEP 27: "When switching between trackers, the peer MUST disconnect from all current peers and
  /// connect only to those provided from the new tracker".
  private void changedTo(String url) {
    if (loop.swarm().isPrivate() && !current.isEmpty() && !current.equals(url)) {
      loop.swarm().handle(new Swarm.Input.TrackerChanged(url));
    }
    current = url;
  }

  private void answered(String url, AnnounceResponse.Answer answer, Optional<IpAddress> tracker) {
    now = services.clock().instant();
    changedTo(url);
    handle(new Announcer.Input.Answered(url, answer));
    answer.externalIp().filter(_ -> voters.add(url)).ifPresent(this::reported);
    loop.heard(answer.peers(), new Origin.Tracker(url), tracker);
  }

  /// BEP 24. Each tracker has one vote, however often it answers.
  private void reported(IpAddress self) {
    loop.swarm().handle(new Swarm.Input.OwnIpReported(self));
  }

  private void refused(String url, AnnounceResponse.Failure refusal) {
    now = services.clock().instant();
    handle(new Announcer.Input.Refused(url, refusal));
  }
}
