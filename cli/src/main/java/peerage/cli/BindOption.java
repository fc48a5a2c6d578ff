package peerage.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The option of every command that opens a port to others.
final class BindOption {
  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      description = "The address of this machine to use. Default: all of them.")
  @Nullable String bind;

  /// Looked up; empty for all addresses.
  Optional<InetAddress> address() throws CommandFailure {
    if (bind == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(bind));
    } catch (UnknownHostException _) {
      throw new CommandFailure(ExitCode.BAD_OPTION, "--bind: no address is known for " + bind);
    }
  }
}
