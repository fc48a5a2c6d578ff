package peerage.cli;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How long a command stays in its network that has nothing to finish.
final class StayOption {
  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = Quantity.Time.class,
      description = "Stay for so long: 90s, 30m, 2h. Default: until Ctrl-C.")
  @Nullable Duration time;

  /// Empty if until it is stopped.
  Optional<Duration> time() {
    return Optional.ofNullable(time);
  }
}
