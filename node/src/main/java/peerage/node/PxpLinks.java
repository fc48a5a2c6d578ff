package peerage.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import peerage.peers.IpAddress;
import peerage.peers.Link;
import peerage.pxp.Attempt;
import peerage.pxp.Exchange;
import peerage.pxp.Exchange.Input;
import peerage.pxp.Role;
import peerage.pxp.Route;

/// The connections of one network, and who waits for them to become peers.
final class PxpLinks implements PxpLink.Owner {
  private final PxpLoop loop;
  private final PxpLink.Shared shared;
  private final AtomicInteger last = new AtomicInteger();
  private final Map<Link, PxpLink> links = new ConcurrentSkipListMap<>();
  private final Map<Link, PxpArrival> arrivals = new ConcurrentSkipListMap<>();

  PxpLinks(PxpLoop loop, PxpLink.Shared shared) {
    this.loop = loop;
    this.shared = shared;
  }

  // For any thread

  /// Those that are open.
  int count() {
    return links.size();
  }

  /// A byte stream that the application or somebody else has opened.
  void arrive(ByteChannel channel, Role role, Route route, PxpArrival arrival) {
    loop.postOrElse(
        () -> {
          PxpLink link = add(channel, route, () -> {});
          arrivals.put(link.link(), arrival);
          arrival.carriedBy(link);
          open(link, role, route, Optional.empty());
        },
        () -> {
          closeQuietly(channel);
          arrival.failed(new PxpException(PxpException.Reason.CLOSED, PxpLoop.CLOSED));
        });
  }

  static void closeQuietly(ByteChannel channel) {
    try {
      channel.close();
    } catch (IOException _) {
      // closed is closed
    }
  }

  /// Ends all links at once.
  void cut() {
    links.values().forEach(link -> link.close(PxpLoop.CLOSED));
  }

  // For the loop

  Optional<PxpLink> get(Link link) {
    return Optional.ofNullable(links.get(link));
  }

  /// Where a link comes from, if known.
  Optional<IpAddress> remote(Link link) {
    return get(link).flatMap(PxpLink::remote);
  }

  /// A byte stream that an attempt of the machine has led to.
  ///
  /// @param afterClose called when it has ended
  void open(ByteChannel channel, Role role, Route route, Attempt attempt, Runnable afterClose) {
    open(add(channel, route, afterClose), role, route, Optional.of(attempt));
  }

  private PxpLink add(ByteChannel channel, Route route, Runnable afterClose) {
    var name = new Link(last.incrementAndGet());
    var link = new PxpLink(channel, name, route.remote(), this, shared, afterClose);
    links.put(name, link);
    return link;
  }

  private void open(PxpLink link, Role role, Route route, Optional<Attempt> attempt) {
    loop.handle(new Input.Opened(link.link(), role, route, attempt));
    link.start();
  }

  /// A link carries a peer now.
  void joined(Exchange.Output.PeerJoined joined, PxpPeer peer) {
    PxpArrival arrival = arrivals.remove(joined.link());
    if (arrival != null) {
      arrival.joined(peer);
    }
  }

  /// The loop ends.
  void finishAll() {
    var closed = new PxpException(PxpException.Reason.CLOSED, PxpLoop.CLOSED);
    arrivals.values().forEach(arrival -> arrival.failed(closed));
    links.values().forEach(link -> link.finish(PxpLoop.CLOSED));
  }

  // What links say, on their own threads

  @Override
  public void received(PxpLink link, ByteBuffer bytes) {
    int size = bytes.remaining();
    loop.post(
        () -> {
          loop.handle(new Input.Received(link.link(), bytes));
          link.handled(size);
        });
  }

  @Override
  public void stalled(PxpLink link) {
    loop.post(() -> loop.handle(new Input.Held(link.link())));
  }

  @Override
  public void flows(PxpLink link) {
    loop.post(() -> loop.handle(new Input.Released(link.link())));
  }

  @Override
  public void ended(PxpLink link, String why) {
    if (!loop.post(() -> endedNow(link, why))) {
      links.remove(link.link());
    }
  }

  private void endedNow(PxpLink link, String why) {
    links.remove(link.link());
    loop.peers().linkEnded(link);
    loop.handle(new Input.Closed(link.link(), why));
    PxpArrival arrival = arrivals.remove(link.link());
    if (arrival != null) {
      arrival.failed(
          new PxpException(
              PxpException.Reason.REFUSED, "the connection did not become a peer: " + why));
    }
  }
}
