package peerage.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import peerage.dht.Dht;
import peerage.dht.LookupReport;
import peerage.node.DhtNode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options of every command that looks something up in the DHT, and the looking.
final class DhtOptions {
  /// How long to wait before a DHT in which nobody answered is asked again.
  private static final Duration RETRY = Duration.ofSeconds(1);

  private static final Duration DEFAULT_TIME = Duration.ofSeconds(30);

  @Option(
      names = "--dht-router",
      paramLabel = "HOST:PORT",
      description = "Where to enter the DHT; may be repeated. Default: the public routers.")
  List<String> routers = new ArrayList<>();

  @Option(names = "--port", paramLabel = "N", description = "The UDP port to use. Default: any.")
  int port;

  @Mixin BindOption bind = new BindOption();

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = Quantity.Time.class,
      description = "Give up after so long: 10s, 2m. Default: 30s.")
  @Nullable Duration time;

  /// Does one task, over again as long as nobody answers and there is time.
  ///
  /// @param sink told of what is found, on this thread
  /// @return what it came to; empty if the time was over or the user asked to end
  Optional<LookupReport> run(Terminal terminal, Dht.Task task, Consumer<Dht.Output> sink)
      throws CommandFailure, InterruptedException {
    var outputs = new LinkedBlockingQueue<Optional<Dht.Output>>();
    terminal.stop().onRequest(() -> outputs.add(Optional.empty()));
    long end = System.nanoTime() + (time == null ? DEFAULT_TIME : time).toNanos();
    try (DhtNode node = open()) {
      while (true) {
        int number = node.begin(task, output -> outputs.add(Optional.of(output)));
        Optional<LookupReport> report = until(end, outputs, sink);
        if (report.isEmpty() || report.get().answers() > 0) {
          return report;
        }
        node.cancel(number);
        Optional<Dht.Output> stop = outputs.poll(RETRY.toMillis(), TimeUnit.MILLISECONDS);
        if (stop != null || System.nanoTime() > end) {
          return Optional.empty();
        }
      }
    }
  }

  private static Optional<LookupReport> until(
      long end, BlockingQueue<Optional<Dht.Output>> outputs, Consumer<Dht.Output> sink)
      throws InterruptedException {
    while (true) {
      long left = end - System.nanoTime();
      Optional<Dht.Output> next =
          Objects.requireNonNullElse(outputs.poll(left, TimeUnit.NANOSECONDS), Optional.empty());
      if (next.isEmpty()) {
        return Optional.empty();
      }
      if (next.get() instanceof Dht.Output.Done(int _, LookupReport report)) {
        return Optional.of(report);
      }
      sink.accept(next.get());
    }
  }

  private DhtNode open() throws CommandFailure {
    var builder = DhtNode.builder().readOnly().routers(DhtRouter.checked(routers));
    bind.address().ifPresent(builder::address);
    if (routers.isEmpty()) {
      builder.publicRouters();
    }
    NetworkOptions.checkPort(port);
    try {
      return builder.port(port).open();
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.NETWORK, "cannot listen: " + e.getMessage());
    }
  }

  /// Twenty bytes as 40 hex digits.
  static byte[] twenty(String hex) throws CommandFailure {
    return hex(hex, 20);
  }

  /// So many bytes as hex digits.
  static byte[] hex(String text, int size) throws CommandFailure {
    if (!text.matches("[0-9A-Fa-f]{" + 2 * size + "}")) {
      throw new CommandFailure(
          ExitCode.BAD_OPTION, "'" + text + "' is not " + 2 * size + " hex digits");
    }
    return java.util.HexFormat.of().parseHex(text);
  }

  /// When nobody could be asked.
  static CommandFailure nobody() {
    return new CommandFailure(
        ExitCode.NETWORK, "no node of the DHT answered: is the router right (--dht-router)?");
  }
}
