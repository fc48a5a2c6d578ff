package peerage.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import peerage.pxp.Backlog;
import peerage.pxp.Exchange;
import peerage.pxp.Exchange.Input;
import peerage.pxp.PeerRef;
import peerage.pxp.Transport;

/// The peers of one network and their streams. Owned by the loop, but for what any thread may look
/// up.
final class PxpPeers {
  private final PxpLoop loop;
  private final PxpLoop.Settings settings;
  private final ConcurrentSkipListMap<PeerRef, PxpPeer> peers = new ConcurrentSkipListMap<>();
  private final Set<PxpPeer> holding = new LinkedHashSet<>();
  private final Set<PxpLink> toldHeld = new LinkedHashSet<>();

  PxpPeers(PxpLoop loop, PxpLoop.Settings settings) {
    this.loop = loop;
    this.settings = settings;
  }

  // For any thread

  /// Those that are connected, in the order of their joining.
  List<PxpPeer> all() {
    return List.copyOf(peers.values());
  }

  Optional<PxpPeer> get(PeerRef ref) {
    return Optional.ofNullable(peers.get(ref));
  }

  int count() {
    return peers.size();
  }

  // For the loop

  PxpPeer joined(Exchange.Output.PeerJoined joined, PxpLink link) {
    Optional<PxpPeer> introducer = joined.info().introducedBy().flatMap(this::get);
    var peer = new PxpPeer(joined, link, loop, introducer, settings);
    peers.put(joined.peer(), peer);
    loop.publish(new PxpEvent.Joined(peer));
    settings.threads().start("pxp handler of " + joined.peer(), () -> handle(peer));
    return peer;
  }

  /// The application's part; what goes wrong there ends this connection, and nothing else.
  private void handle(PxpPeer peer) {
    try {
      settings.handler().connected(peer);
    } catch (IOException e) {
      boolean isOver = !peer.isOpen(); // that it is gone was said already
      fail(peer, isOver ? null : e);
    } catch (InterruptedException e) {
      fail(peer, loop.isClosing() ? null : e);
    } catch (RuntimeException | Error e) {
      fail(peer, e);
    }
  }

  private void fail(PxpPeer peer, @Nullable Throwable why) {
    if (why != null && !loop.isClosing()) {
      loop.publish(new PxpEvent.HandlerFailed(peer, why));
    }
    peer.close();
  }

  void wrote(PeerRef ref, ByteBuffer bytes, Exchange.Part part) {
    PxpPeer peer = peers.get(ref);
    if (peer != null) {
      peer.in().add(bytes, part);
      if (settings.counters().buffered.get() > settings.bufferedMax()) {
        giveUpLargest();
      }
    }
  }

  private void giveUpLargest() {
    peers.values().stream()
        .filter(peer -> peer.in().advice() != Backlog.Advice.GIVE_UP)
        .max(Comparator.comparingInt(peer -> peer.in().waiting()))
        .ifPresent(peer -> peer.in().giveUp());
  }

  void ended(PeerRef ref) {
    PxpPeer peer = peers.get(ref);
    if (peer != null) {
      peer.ended();
    }
  }

  void left(PeerRef ref, String why) {
    PxpPeer peer = peers.remove(ref);
    if (peer != null) {
      boolean isComplete = peer.transport() != Transport.RELAY && peer.link().isEnded();
      peer.gone(isComplete ? null : why);
      holding.remove(peer);
      tellHeld(peer.link());
      loop.publish(new PxpEvent.Left(peer, why));
    }
  }

  void linkEnded(PxpLink link) {
    toldHeld.remove(link);
  }

  /// The backlog of a stream has changed its mind.
  void flowChanged(PxpPeer peer) {
    switch (peer.in().advice()) {
      case HOLD -> holding.add(peer);
      case KEEP_READING -> holding.remove(peer);
      case GIVE_UP -> {
        holding.remove(peer);
        if (peers.containsKey(peer.ref())) {
          loop.handle(new Input.ReadsEnded(peer.ref()));
          loop.publish(new PxpEvent.StreamGivenUp(peer, PxpInput.GIVEN_UP));
        }
      }
    }
    tellHeld(peer.link());
  }

  private void tellHeld(PxpLink link) {
    boolean isHeld = holding.stream().anyMatch(peer -> peer.link().equals(link));
    if (isHeld && toldHeld.add(link)) {
      loop.handle(new Input.Held(link.link()));
    } else if (!isHeld && toldHeld.remove(link)) {
      loop.handle(new Input.Released(link.link()));
    }
  }

  /// When a reader has paused too long to hold anybody back.
  Optional<Instant> nextDeadline() {
    return holding.stream()
        .flatMap(peer -> peer.in().nextDeadline().stream())
        .min(Comparator.naturalOrder());
  }

  void settle(Instant now) {
    for (PxpPeer peer : List.copyOf(holding)) {
      peer.in().look(now);
    }
  }

  /// Says goodbye to everybody.
  void leaveAll() {
    for (PxpPeer peer : all()) {
      peer.leave();
      peer.in().drop(PxpLoop.CLOSED);
      left(peer.ref(), PxpLoop.CLOSED);
    }
  }
}
