package peerage.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import peerage.node.PxpNetwork;
import peerage.node.PxpPeer;

/// Copies both ways between standard input and output and one peer.
final class PipeRun {
  /// What one read of a pipe brings at most on Linux, and one frame holds with ease.
  private static final int BUFFER = 64 * 1024;

  private final PxpPeer peer;
  private final PxpNetwork network;
  private final Terminal terminal;

  /// Done when standard input has ended and was passed on.
  private final CompletableFuture<Void> sent = new CompletableFuture<>();

  private final AtomicReference<Optional<String>> unsent = new AtomicReference<>(Optional.empty());

  /// Whether the peer went on for longer than it may, and we have parted from it.
  private volatile boolean parted;

  PipeRun(PxpPeer peer, PxpNetwork network, Terminal terminal) {
    this.peer = peer;
    this.network = network;
    this.terminal = terminal;
  }

  /// @param linger how long the peer may go on when standard input has ended
  ExitCode run(Optional<Duration> linger) throws CommandFailure, InterruptedException {
    Thread.ofPlatform().daemon().name("stdin").start(this::send);
    linger.ifPresent(this::endAfter);
    try {
      receive();
    } catch (IOException e) {
      if (parted) {
        new Farewell(network).await();
        return ExitCode.OK;
      }
      failIfStopped();
      throw new CommandFailure(ExitCode.NETWORK, "lost the peer: " + e.getMessage());
    }
    failIfStopped();
    if (!peer.hasEnded()) {
      throw new CommandFailure(
          ExitCode.NETWORK,
          "the peer closed the connection without ending its stream: what came may be cut short");
    }
    if (peer.isOpen()) {
      sent.join();
    }
    if (unsent.get().isPresent()) {
      throw new CommandFailure(ExitCode.NETWORK, unsent.get().get());
    }
    peer.close();
    new Farewell(network).await();
    return ExitCode.OK;
  }

  private void endAfter(Duration linger) {
    Executor later = CompletableFuture.delayedExecutor(linger.toMillis(), TimeUnit.MILLISECONDS);
    var _ =
        sent.thenRunAsync(
            () -> {
              parted = true;
              peer.close();
            },
            later);
  }

  private void failIfStopped() throws CommandFailure {
    if (terminal.stop().isRequested()) {
      throw new CommandFailure(ExitCode.UNFINISHED, "stopped");
    }
  }

  private void receive() throws IOException, CommandFailure {
    byte[] buffer = new byte[BUFFER];
    InputStream in = peer.input();
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      terminal.out().write(buffer, 0, count);
      if (terminal.out().checkError()) {
        throw new CommandFailure(ExitCode.UNFINISHED, "nobody reads standard output any more");
      }
    }
  }

  /// On a thread of its own, which may wait for the user for ever.
  private void send() {
    byte[] buffer = new byte[BUFFER];
    boolean waiting = false;
    try (OutputStream out = peer.output()) {
      for (int count = terminal.in().read(buffer); count >= 0; count = terminal.in().read(buffer)) {
        waiting = true;
        out.write(buffer, 0, count);
        waiting = false;
      }
    } catch (IOException e) {
      unsent.set(
          Optional.of(
              waiting
                  ? "the peer went before all was sent"
                  : "cannot read standard input: " + e.getMessage()));
    } finally {
      sent.complete(null);
    }
  }
}
