package peerage.cli;

import picocli.CommandLine.Option;

/// How much a command says, and in which form.
final class OutputOptions {
  @Option(
      names = "--json-lines",
      description =
          "One JSON object per line and event, the last one {\"event\":\"end\",...}; nothing else"
              + " on standard output.")
  boolean jsonLines;

  @Option(
      names = {"-q", "--quiet"},
      description = "Say nothing but what went wrong.")
  boolean quiet;

  @Option(
      names = {"-v", "--verbose"},
      description = "Say everything that happens: who told us of whom, and what became of it.")
  boolean verbose;

  void check() throws CommandFailure {
    if (quiet && verbose) {
      throw new CommandFailure(
          ExitCode.BAD_OPTION, "--quiet and --verbose exclude each other: give one of them");
    }
  }

  Display display(Terminal terminal) {
    return jsonLines ? new JsonDisplay(terminal) : new HumanDisplay(terminal, volume());
  }

  private HumanDisplay.Volume volume() {
    if (quiet) {
      return HumanDisplay.Volume.QUIET;
    }
    return verbose ? HumanDisplay.Volume.VERBOSE : HumanDisplay.Volume.NORMAL;
  }
}
