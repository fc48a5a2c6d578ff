package peerage.cli;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import peerage.node.PxpBuilder;
import peerage.node.PxpException;
import peerage.node.PxpNetwork;
import peerage.node.PxpPeer;

/// One command's part in a PXP network, from its opening to its last word.
final class PxpRun implements AutoCloseable {
  private final PxpNetwork network;
  private final PxpWatch watch;
  private final CompletableFuture<Void> stop = new CompletableFuture<>();

  private PxpRun(PxpNetwork network, PxpWatch watch) {
    this.network = network;
    this.watch = watch;
  }

  /// Enters the network by the nodes that were named.
  ///
  /// @param more what the command wants besides its options
  static PxpRun enter(
      PxpOptions options, PxpShow show, Terminal terminal, Consumer<PxpBuilder> more)
      throws CommandFailure, PxpException {
    List<String> entries = options.uris();
    return open(
        options,
        show,
        terminal,
        builder -> {
          entries.forEach(builder::bootstrap);
          more.accept(builder);
        });
  }

  /// Opens the network, and enters it nowhere yet.
  static PxpRun open(PxpOptions options, PxpShow show, Terminal terminal, Consumer<PxpBuilder> more)
      throws CommandFailure, PxpException {
    boolean otherWays = !options.listen.isEmpty() || options.remember != null;
    var watch = new PxpWatch(show, otherWays ? List.of() : options.uris());
    Optional<IdentityFile> key = options.identityFile();
    PxpBuilder builder = options.builder(key).onEvent(watch::happened);
    try {
      more.accept(builder);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.BAD_OPTION, String.valueOf(e.getMessage()));
    }
    PxpNetwork network = builder.open();
    var run = new PxpRun(network, watch);
    show.opened(options.network, network.listening(), key);
    watch.open();
    terminal.stop().onRequest(run::stop);
    return run;
  }

  PxpNetwork network() {
    return network;
  }

  /// All that joined so far, those included that are gone.
  List<PxpPeer> met() {
    return watch.met();
  }

  /// Ends what waits here.
  void stop() {
    stop.complete(null);
  }

  /// Whether the user asked to end.
  boolean isStopped() {
    return stop.isDone();
  }

  /// Waits until the user asks to end, or the time is over.
  void awaitEnd(Optional<Duration> time) throws InterruptedException, CommandFailure {
    wait(stop, time);
  }

  /// Waits, not longer than until the user asks to end.
  void awaitStop(Duration time) throws InterruptedException {
    try {
      stop.get(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException _) {
      // The time is over.
    }
  }

  /// Waits for the first peer.
  ///
  /// @return empty if the user asked to end, or the time is over
  /// @throws CommandFailure if none can come
  Optional<PxpPeer> awaitFirst(Optional<Duration> time)
      throws InterruptedException, CommandFailure {
    wait(CompletableFuture.anyOf(stop, watch.first()), time);
    return watch.first().isDone() ? Optional.of(watch.first().resultNow()) : Optional.empty();
  }

  private static void wait(CompletableFuture<?> what, Optional<Duration> time)
      throws InterruptedException, CommandFailure {
    try {
      if (time.isPresent()) {
        what.get(time.get().toMillis(), TimeUnit.MILLISECONDS);
      } else {
        what.get();
      }
    } catch (TimeoutException _) {
      // The time is over, which is what was asked for.
    } catch (ExecutionException | CompletionException e) {
      if (e.getCause() instanceof CommandFailure failure) {
        throw failure;
      }
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    watch.hush();
    network.close();
  }
}
