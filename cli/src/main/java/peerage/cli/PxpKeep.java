package peerage.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How many peers a command of PXP wants to have.
final class PxpKeep {
  /// What the protocol's own examples keep.
  private static final int DEFAULT = 8;

  @Option(
      names = "--keep",
      paramLabel = "N",
      description = "Ask peers for others until N are connected; 0 asks for none. Default: 8.")
  @Nullable Integer keep;

  /// @param otherwise what to do when nothing was said
  int orElse(int otherwise) throws CommandFailure {
    if (keep != null && keep < 0) {
      throw new CommandFailure(ExitCode.BAD_OPTION, "--keep is 0 or more");
    }
    return keep == null ? otherwise : keep;
  }

  int orDefault() throws CommandFailure {
    return orElse(DEFAULT);
  }
}
