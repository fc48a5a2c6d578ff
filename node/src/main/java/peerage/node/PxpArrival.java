package peerage.node;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Somebody waits for a peer: by a dial, an adopted stream or a search.
final class PxpArrival {
  private final CompletableFuture<PxpPeer> outcome = new CompletableFuture<>();
  private volatile @Nullable PxpLink link;

  /// Has this called once, when it is a peer or will not be one.
  void whenSettled(Runnable action) {
    var _ = outcome.whenComplete((_, _) -> action.run());
  }

  /// It is a peer.
  void joined(PxpPeer peer) {
    outcome.complete(peer);
  }

  /// It will not be one.
  void failed(PxpException why) {
    outcome.completeExceptionally(why);
  }

  /// The connection is open, and may become a peer.
  void carriedBy(PxpLink opened) {
    link = opened;
    if (outcome.isDone()) {
      opened.close("nobody waits for it any more");
    }
  }

  /// Nobody waits any more; closes the connection if there is no peer yet.
  void cancel() {
    boolean gaveUp = outcome.completeExceptionally(new InterruptedException());
    PxpLink opened = link;
    if (gaveUp && opened != null) {
      opened.close("nobody waits for it any more");
    }
  }

  /// Waits for the peer.
  ///
  /// @throws TimeoutException if it takes too long
  PxpPeer await(Duration limit) throws PxpException, InterruptedException, TimeoutException {
    try {
      return outcome.get(Math.max(0, limit.toNanos()), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof PxpException why) {
        throw new PxpException(why.reason(), String.valueOf(why.getMessage()), why);
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
