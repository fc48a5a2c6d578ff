package peerage.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `peerage sim`: what it does is in its commands.
@Command(
    name = "sim",
    description = "Simulate networks of many nodes in this process, on a clock of their own.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExample:%n",
    footer = "  peerage sim dht --nodes 1000 --seed 7      how lookups fare, in four worlds")
final class SimCommands implements Runnable {
  private final Terminal terminal;

  @Spec CommandSpec spec = CommandSpec.create();

  private SimCommands(Terminal terminal) {
    this.terminal = terminal;
  }

  /// The parser with all of its commands.
  static CommandLine of(Terminal terminal) {
    var group = new CommandLine(new SimCommands(terminal));
    group.addSubcommand("dht", new SimDht(terminal));
    group.addSubcommand(new HelpOf());
    return group;
  }

  @Override
  public void run() {
    spec.commandLine().usage(terminal.out());
  }
}
