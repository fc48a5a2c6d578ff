package peerage.cli;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How long a command of PXP stays in its network.
final class PxpStay {
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
