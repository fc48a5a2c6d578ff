package peerage.node;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import peerage.announce.AnnounceRequest;
import peerage.announce.AnnounceResponse;
import peerage.announce.ScrapeRequest;
import peerage.announce.ScrapeResponse;
import peerage.announce.SwarmFigures;
import peerage.peers.Family;
import peerage.peers.InfoHash;
import peerage.peers.IpAddress;

/// Asks trackers, each over the protocol of its URL. Blocking; called on virtual threads.
/// Thread-safe.
///
/// @param http for `http:` and `https:`
/// @param udp for `udp:`
record Trackers(TrackerClient http, UdpTrackers udp) implements AutoCloseable {
  /// How long to wait for an answer: with the look-up of a name less than the
  /// [peerage.announce.Announcer] does, and long enough for UDP to ask again once.
  static final Duration ANSWER_LIMIT = Duration.ofSeconds(25);

  /// What one address of a tracker said.
  ///
  /// @param tracker the address that answered, when we know it
  record Reply(AnnounceResponse response, Optional<IpAddress> tracker) {}

  /// Announces once in each address family that both the tracker and we have (BEP 7: a tracker
  /// learns an address only from the connection), in all at once, so that one which leads nowhere
  /// holds up none.
  ///
  /// @param limit how long to wait for an answer
  /// @param each is given the replies as they come, on threads of ours; has had all when this
  ///     returns
  /// @throws TrackerFailure if no family got an answer
  void announce(String url, AnnounceRequest request, Duration limit, Consumer<Reply> each)
      throws TrackerFailure {
    if (isUdp(url)) {
      udp.announce(url, request, limit, each);
    } else {
      http.announce(url, request, limit, each);
    }
  }

  /// Asks for the figures of swarms (BEP 48, BEP 15), one address after the other until one
  /// answers.
  ///
  /// @param hashes 1 to [ScrapeRequest#MAX_HASHES]
  /// @param limit how long to wait for an answer of one address
  /// @return those that the tracker knows
  /// @throws TrackerFailure if none answered, or the tracker refused
  SequencedMap<InfoHash, SwarmFigures> scrape(String url, List<InfoHash> hashes, Duration limit)
      throws TrackerFailure {
    if (!isUdp(url)) {
      return switch (http.scrape(url, hashes, limit)) {
        case ScrapeResponse.Figures(var figures, var _) -> figures;
        case ScrapeResponse.Refused(String reason) ->
            throw new TrackerFailure(url + " refused: " + reason);
      };
    }
    List<SwarmFigures> figures = udp.scrape(url, hashes, limit);
    var byHash = new LinkedHashMap<InfoHash, SwarmFigures>();
    for (int i = 0; i < figures.size(); i++) {
      byHash.put(hashes.get(i), figures.get(i));
    }
    return byHash;
  }

  private static boolean isUdp(String url) {
    return url.toLowerCase(Locale.ROOT).startsWith("udp:");
  }

  /// Asks one address.
  interface Asking<T> {
    Reply ask(T target) throws TrackerFailure;
  }

  /// Asks all addresses of a tracker at once.
  ///
  /// @throws TrackerFailure if none answered
  static <T> void askAll(List<T> targets, Asking<T> asking, Consumer<Reply> each)
      throws TrackerFailure {
    var failures = new ConcurrentLinkedQueue<TrackerFailure>();
    List<Thread> threads =
        targets.stream().map(target -> start(target, asking, each, failures)).toList();
    for (Thread thread : threads) {
      join(thread);
    }
    TrackerFailure failure = failures.poll();
    if (failure != null && failures.size() + 1 == targets.size()) {
      throw failure;
    }
  }

  /// One address of each family that a tracker's host has.
  static Map<Family, InetAddress> addresses(URI tracker) throws TrackerFailure {
    try {
      return Addresses.byFamily(tracker.getHost());
    } catch (UnknownHostException _) {
      throw new TrackerFailure("the tracker's host " + tracker.getHost() + " is unknown");
    }
  }

  private static <T> Thread start(
      T target,
      Asking<T> asking,
      Consumer<Reply> each,
      ConcurrentLinkedQueue<TrackerFailure> failures) {
    return Thread.ofVirtual()
        .name("announce")
        .start(
            () -> {
              try {
                each.accept(asking.ask(target));
              } catch (TrackerFailure e) {
                failures.add(e);
              }
            });
  }

  private static void join(Thread thread) throws TrackerFailure {
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new TrackerFailure("interrupted");
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
