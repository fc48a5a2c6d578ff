package peerage.cli;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import peerage.node.PxpEvent;
import peerage.node.PxpPeer;

/// Looks at the events of a network for a command: who came, and whether anybody can come at all.
final class PxpWatch {
  private final PxpShow show;

  /// The nodes to enter by, if they are the only hope; else empty.
  private final List<String> hopes;

  private final Map<URI, String> failures = new LinkedHashMap<>();
  private final List<PxpPeer> met = new ArrayList<>();
  private final CountDownLatch opened = new CountDownLatch(1);
  private final CompletableFuture<PxpPeer> first = new CompletableFuture<>();

  /// @param hopes the only nodes by which a peer can come; empty if there are other ways
  PxpWatch(PxpShow show, List<String> hopes) {
    this.show = show;
    this.hopes = List.copyOf(hopes);
  }

  /// Lets the events be looked at: what stands before them has been said.
  void open() {
    opened.countDown();
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
    show.event(event);
    switch (event) {
      case PxpEvent.Joined(PxpPeer peer) -> joined(peer);
      case PxpEvent.DialFailed(URI where, String why) -> failed(where, why);
      case PxpEvent.Left _,
          PxpEvent.HandlerFailed _,
          PxpEvent.StreamGivenUp _,
          PxpEvent.Told _,
          PxpEvent.CandidateFailed _,
          PxpEvent.RelayBegun _,
          PxpEvent.RelayEnded _,
          PxpEvent.AskerRefused _,
          PxpEvent.RuleBroken _,
          PxpEvent.Unavailable _ -> {}
    }
  }

  private void joined(PxpPeer peer) {
    synchronized (this) {
      met.add(peer);
    }
    first.complete(peer);
  }

  private void failed(URI where, String why) {
    failures.put(where, why);
    if (!hopes.isEmpty() && failures.size() >= hopes.stream().distinct().count()) {
      first.completeExceptionally(
          new CommandFailure(
              ExitCode.NETWORK,
              failures.size() == 1
                  ? "nobody was reached"
                  : "nobody was reached at any of the " + failures.size() + " addresses"));
    }
  }
}
