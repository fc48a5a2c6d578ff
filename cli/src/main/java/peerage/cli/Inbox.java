package peerage.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import peerage.node.TorrentEvent;
import peerage.peers.InfoHash;

/// Carries events from the swarms' threads, which must not wait, to the command's thread, which
/// may: a terminal that is stopped, or a pipe that nobody reads, holds up the display and nothing
/// else.
final class Inbox {
  /// So many events wait at most; beyond, they are counted and forgotten. A guess: a second of
  /// everything that a hundred peers can do.
  private static final int CAPACITY = 20_000;

  /// What happened to which torrent, when.
  record Happening(InfoHash torrent, TorrentEvent event, Instant at) {}

  private sealed interface Item {}

  private record Event(Happening happening) implements Item {}

  private record Wake() implements Item {}

  private final BlockingQueue<Item> queue = new ArrayBlockingQueue<>(CAPACITY);
  private final AtomicLong lost = new AtomicLong();

  void put(InfoHash torrent, TorrentEvent event) {
    if (!queue.offer(new Event(new Happening(torrent, event, Instant.now())))) {
      lost.incrementAndGet();
    }
  }

  /// Ends the waiting of [#drain]. In a full queue there is no waiting.
  void wake() {
    boolean waiting = queue.offer(new Wake());
    assert waiting || !queue.isEmpty();
  }

  /// Hands over what is there; waits if there is nothing, but not longer than `limit`.
  void drain(Duration limit, Consumer<Happening> taker) {
    Item item = first(limit);
    while (item != null) {
      switch (item) {
        case Event(Happening happening) -> taker.accept(happening);
        case Wake() -> {}
      }
      item = queue.poll();
    }
  }

  private @Nullable Item first(Duration limit) {
    try {
      return queue.poll(Math.max(0, limit.toNanos()), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      // Only a stop request interrupts, and whoever drains looks for it next.
      return null;
    }
  }

  /// How many events were lost since the last call.
  long takeLost() {
    return lost.getAndSet(0);
  }
}
