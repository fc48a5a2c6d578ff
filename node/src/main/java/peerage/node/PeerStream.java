package peerage.node;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Spliterator;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import peerage.peers.Link;
import peerage.peers.PeerAddress;
import peerage.swarm.SwarmEvent;

/// The verified peers of a swarm as a stream that waits for the next one.
final class PeerStream implements Spliterator<PeerReport> {
  /// Peers that nobody takes out of the stream; more are left out (they stay in
  /// [Membership#connected()]).
  private static final int MAX_WAITING = 10_000;

  private final LinkedBlockingQueue<PeerReport> found = new LinkedBlockingQueue<>(MAX_WAITING);
  private final LinkedHashSet<PeerAddress> seen = new LinkedHashSet<>();
  private final TorrentLoop loop;
  private final long endsAt;

  private PeerStream(TorrentLoop loop, Duration limit) {
    this.loop = loop;
    this.endsAt = System.nanoTime() + limit.toNanos();
  }

  static Stream<PeerReport> open(Membership membership, Duration limit) {
    var stream = new PeerStream(membership.loop, limit);
    var subscription = membership.onEvent(stream::onEvent);
    membership.connected().forEach(stream.found::offer);
    return StreamSupport.stream(stream, false).onClose(subscription::close);
  }

  private void onEvent(TorrentEvent event) {
    if (event instanceof TorrentEvent.OfSwarm(SwarmEvent.Introduced introduced)) {
      offer(introduced.link());
    }
  }

  private void offer(Link link) {
    loop.answers().reportNow(link).ifPresent(found::offer);
  }

  @Override
  public boolean tryAdvance(Consumer<? super PeerReport> action) {
    while (true) {
      PeerReport next = poll();
      if (next == null) {
        return false;
      }
      if (seen.add(next.address())) {
        action.accept(next);
        return true;
      }
    }
  }

  private @Nullable PeerReport poll() {
    try {
      while (true) {
        long left = endsAt - System.nanoTime();
        long step = Math.min(left, TimeUnit.MILLISECONDS.toNanos(50));
        PeerReport next = found.poll(Math.max(step, 0), TimeUnit.NANOSECONDS);
        if (next != null || left <= 0 || loop.isEnded()) {
          return next;
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // streams cannot throw it: the end, with the flag set
      return null;
    }
  }

  @Override
  public @Nullable Spliterator<PeerReport> trySplit() {
    return null;
  }

  @Override
  public long estimateSize() {
    return Long.MAX_VALUE;
  }

  @Override
  public int characteristics() {
    return ORDERED | DISTINCT | NONNULL;
  }
}
