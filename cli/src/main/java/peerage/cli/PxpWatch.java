package peerage.cli;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import peerage.node.PxpEvent;
import peerage.node.PxpPeer;

/// Looks at the events of a network for a command: who came, and whether anybody can come at all.
final class PxpWatch {
  private final PxpShow show;

  /// The nodes to enter by, if they are the only hope; else empty.
  private final List<String> hopes;

  private final Set<URI> unreachable = new LinkedHashSet<>();
  private int strangers;
  private volatile boolean hushed;
  private final List<PxpPeer> met = new ArrayList<>();
  private final CountDownLatch opened = new CountDownLatch(1);
  private final CompletableFuture<PxpPeer> first = new CompletableFuture<>();

  /// @param hopes the only nodes by which a peer can come; empty if there are other ways
  PxpWatch(PxpShow show, List<String> hopes) {
    this.show = show;
    this.hopes = hopes.stream().distinct().toList();
  }

  /// Lets the events be looked at: what stands before them has been said.
  void open() {
    opened.countDown();
  }

  /// Lets nothing be said any more: what comes now is our own leaving.
  void hush() {
    hushed = true;
  }

  /// The first peer; fails with a [CommandFailure] when none of the nodes to enter by answers.
  CompletableFuture<PxpPeer> first() {
    return first;
  }

  /// All that joined so far, those included that are gone.
  synchronized List<PxpPeer> met() {
    return List.copyOf(met);
  }

  /// On the network's thread for events.
  void happened(PxpEvent event) {
    try {
      opened.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return;
    }
    Optional<String> failure = failure(event);
    // The last failure is said by the command that ends with it.
    if (!hushed && (failure.isEmpty() || !isHopeless() || first.isDone())) {
      show.event(event);
    }
    if (event instanceof PxpEvent.Joined(PxpPeer peer)) {
      joined(peer);
    } else if (failure.isPresent() && isHopeless()) {
      first.completeExceptionally(new CommandFailure(ExitCode.NETWORK, failure.get()));
    }
  }

  private void joined(PxpPeer peer) {
    synchronized (this) {
      met.add(peer);
    }
    first.complete(peer);
  }

  /// Whether the event is a failed try to enter, and which.
  private Optional<String> failure(PxpEvent event) {
    return switch (event) {
      case PxpEvent.DialFailed dial -> {
        unreachable.add(dial.where());
        yield Optional.of(PxpWords.of(dial));
      }
      case PxpEvent.RuleBroken broken -> {
        strangers++;
        yield Optional.of(PxpWords.of(broken));
      }
      case PxpEvent.Joined _,
          PxpEvent.Left _,
          PxpEvent.HandlerFailed _,
          PxpEvent.StreamGivenUp _,
          PxpEvent.Told _,
          PxpEvent.CandidateFailed _,
          PxpEvent.RelayBegun _,
          PxpEvent.RelayEnded _,
          PxpEvent.AskerRefused _,
          PxpEvent.Unavailable _ ->
          Optional.empty();
    };
  }

  /// Who answers and is no peer is not named by its address here, so of several it takes a second
  /// try to be sure that each was tried.
  private boolean isHopeless() {
    int tries = hopes.size() > 1 ? 2 : 1;
    return !hopes.isEmpty() && unreachable.size() + strangers / tries >= hopes.size();
  }
}
