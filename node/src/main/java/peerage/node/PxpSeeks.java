package peerage.node;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import peerage.pxp.Exchange;
import peerage.pxp.Exchange.Input;

/// The searches for a new peer that the application waits for.
final class PxpSeeks {
  private final PxpLoop loop;
  private final AtomicInteger last = new AtomicInteger();
  private final Map<Integer, PxpArrival> waiting = new ConcurrentHashMap<>();

  PxpSeeks(PxpLoop loop) {
    this.loop = loop;
  }

  // For any thread

  /// Begins one.
  ///
  /// @return its number
  int begin(PxpArrival arrival) {
    int request = last.incrementAndGet();
    waiting.put(request, arrival);
    if (!loop.post(() -> loop.handle(new Input.Wanted(request)))) {
      waiting.remove(request);
      arrival.failed(new PxpException(PxpException.Reason.CLOSED, PxpLoop.CLOSED));
    }
    return request;
  }

  /// Nobody waits for it any more.
  void end(int request) {
    if (waiting.remove(request) != null) {
      loop.post(() -> loop.handle(new Input.Unwanted(request)));
    }
  }

  // For the loop

  void found(int request, Optional<PxpPeer> peer) {
    PxpArrival arrival = waiting.remove(request);
    if (arrival != null) {
      peer.ifPresentOrElse(
          arrival::joined,
          () -> arrival.failed(failure(Exchange.SeekFailure.UNREACHABLE))); // gone already
    }
  }

  void failed(int request, Exchange.SeekFailure why) {
    PxpArrival arrival = waiting.remove(request);
    if (arrival != null) {
      arrival.failed(failure(why));
    }
  }

  void failAll(PxpException why) {
    waiting.values().forEach(arrival -> arrival.failed(why));
    waiting.clear();
  }

  static PxpException failure(Exchange.SeekFailure why) {
    return switch (why) {
      case NOBODY_TO_ASK ->
          new PxpException(
              PxpException.Reason.NOBODY_TO_ASK,
              "there is no peer to ask for others: connect to one, or give a bootstrap address");
      case NO_CANDIDATES ->
          new PxpException(
              PxpException.Reason.NO_CANDIDATES,
              "none of our peers knows anybody else: try again when the network has grown");
      case UNREACHABLE ->
          new PxpException(
              PxpException.Reason.NO_CANDIDATE_REACHED,
              "none of those whom our peers named could be reached: try again later");
      case TIMED_OUT ->
          new PxpException(
              PxpException.Reason.TIMED_OUT,
              "no new peer was found in time: try again, or with other peers");
    };
  }
}
