package peerage.node;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import peerage.announce.AnnounceRequest;
import peerage.announce.AnnounceResponse;
import peerage.announce.SwarmFigures;
import peerage.announce.UdpCalls;
import peerage.announce.UdpCalls.Input;
import peerage.announce.UdpCalls.Output;
import peerage.announce.UdpCalls.Question;
import peerage.node.Trackers.Reply;
import peerage.peers.InfoHash;
import peerage.peers.PeerAddress;

/// Asks UDP trackers: drives one [UdpCalls] for all torrents, over our UDP port. Blocking; called
/// on virtual threads, which serve the machine's deadlines while they wait. Thread-safe.
final class UdpTrackers {
  private final UdpPort port;
  private final MonotonicClock clock;
  private final UdpCalls calls = new UdpCalls(new SecureRandom());
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private final Map<Integer, Output> outcomes = new HashMap<>();
  private final LongAdder dropped = new LongAdder();
  private int lastCall;

  UdpTrackers(UdpPort port, MonotonicClock clock) {
    this.port = port;
    this.clock = clock;
    port.onTracker(this::received);
  }

  /// Datagrams that were no answer to anything we asked.
  long dropped() {
    return dropped.sum();
  }

  /// See [Trackers#announce(String, AnnounceRequest, Duration, Consumer)].
  void announce(String url, AnnounceRequest request, Duration limit, Consumer<Reply> each)
      throws TrackerFailure {
    URI uri = parse(url);
    var question = new Question.Announce(request, urlData(uri));
    Trackers.askAll(addresses(uri), tracker -> announce(tracker, question, limit), each);
  }

  private Reply announce(PeerAddress tracker, Question question, Duration limit)
      throws TrackerFailure {
    return new Reply(
        switch (ask(tracker, question, limit)) {
          case Output.Announced(int _, AnnounceResponse.Answer answer) -> answer;
          case Output.Refused(int _, String reason) ->
              new AnnounceResponse.Failure(reason, new AnnounceResponse.Retry.Unsaid());
          case Output.Failed(int _, String why) -> throw new TrackerFailure(tracker + " " + why);
          case Output.Scraped _, Output.Send _, Output.Dropped _ ->
              throw new IllegalStateException("an announce is not answered so");
        },
        Optional.of(tracker.ip()));
  }

  /// See [Trackers#scrape(String, List, Duration)].
  List<SwarmFigures> scrape(String url, List<InfoHash> hashes, Duration limit)
      throws TrackerFailure {
    URI uri = parse(url);
    var failure = new TrackerFailure(uri.getHost() + " has no address");
    for (PeerAddress tracker : addresses(uri)) {
      switch (ask(tracker, new Question.Scrape(hashes), limit)) {
        case Output.Scraped(int _, var figures) -> {
          return figures;
        }
        case Output.Refused(int _, String reason) ->
            failure = new TrackerFailure(uri.getHost() + " refused: " + reason);
        case Output.Failed(int _, String why) -> failure = new TrackerFailure(tracker + " " + why);
        case Output.Announced _, Output.Send _, Output.Dropped _ ->
            throw new IllegalStateException("a scrape is not answered so");
      }
    }
    throw failure;
  }

  // Where a tracker is

  private static URI parse(String url) throws TrackerFailure {
    try {
      URI uri = URI.create(url);
      if (uri.getHost() != null && uri.getPort() >= 1 && uri.getPort() <= 0xFFFF) {
        return uri;
      }
    } catch (IllegalArgumentException _) {
      // as below
    }
    throw new TrackerFailure("the tracker's address " + url + " is none");
  }

  /// BEP 41: "the concatenated PATH and QUERY portion of the UDP tracker URL".
  private static String urlData(URI uri) {
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
  }

  private List<PeerAddress> addresses(URI uri) throws TrackerFailure {
    List<PeerAddress> ours =
        Trackers.addresses(uri).values().stream()
            .map(address -> new PeerAddress(Addresses.toIp(address), uri.getPort()))
            .filter(tracker -> port.reaches(tracker.ip()))
            .toList();
    if (ours.isEmpty()) {
      throw new TrackerFailure(uri.getHost() + " has no address of a family that we have");
    }
    return ours;
  }

  // One call

  /// Asks, and serves the machine's deadlines until the call has ended.
  private Output ask(PeerAddress tracker, Question question, Duration limit) throws TrackerFailure {
    lock.lock();
    try {
      int call = ++lastCall;
      handle(new Input.Asked(call, tracker, question, limit));
      @Nullable Output outcome = outcomes.remove(call);
      while (outcome == null) {
        ended.await(nanosToDeadline(), TimeUnit.NANOSECONDS);
        handle(new Input.Tick());
        outcome = outcomes.remove(call);
      }
      return outcome;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new TrackerFailure("interrupted");
    } finally {
      lock.unlock();
    }
  }

  /// While a call is open there is one.
  private long nanosToDeadline() {
    Instant now = clock.instant();
    Instant deadline = calls.nextDeadline().orElse(now);
    return Math.max(0, Duration.between(now, deadline).toNanos());
  }

  private void received(PeerAddress from, byte[] datagram) {
    lock.lock();
    try {
      handle(new Input.Received(from, datagram));
    } finally {
      lock.unlock();
    }
  }

  private void handle(Input input) {
    calls.handle(input, clock.instant()).forEach(this::obey);
  }

  private void obey(Output output) {
    switch (output) {
      case Output.Send(PeerAddress to, byte[] datagram) -> port.send(to, datagram);
      case Output.Dropped _ -> dropped.increment();
      case Output.Announced(int call, var _) -> end(call, output);
      case Output.Scraped(int call, var _) -> end(call, output);
      case Output.Refused(int call, var _) -> end(call, output);
      case Output.Failed(int call, var _) -> end(call, output);
    }
  }

  private void end(int call, Output outcome) {
    outcomes.put(call, outcome);
    ended.signalAll();
  }
}
