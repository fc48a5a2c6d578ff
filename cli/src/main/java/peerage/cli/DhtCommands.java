package peerage.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `peerage dht`: what it does is in its commands.
@Command(
    name = "dht",
    description = "Look things up in the distributed hash table, or put them there.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {
      "  peerage dht peers 0123456789abcdef0123456789abcdef01234567",
      "                                                  who is in a swarm",
      "  peerage dht scrape 0123456789abcdef0123456789abcdef01234567",
      "                                                  how many they are",
      "  peerage dht put \"hello\"                         keep a text for two hours",
      "  peerage dht put --key me.pem \"hello again\"      keep a text that you can change",
      "  peerage dht get e5f96f6f38320f0f33959cb4d3d656452117aadb",
      "",
      "Everybody can read what is put there."
    })
final class DhtCommands implements Runnable {
  private final Terminal terminal;

  @Spec CommandSpec spec = CommandSpec.create();

  private DhtCommands(Terminal terminal) {
    this.terminal = terminal;
  }

  /// The parser with all of its commands.
  static CommandLine of(Terminal terminal) {
    var group = new CommandLine(new DhtCommands(terminal));
    group.addSubcommand("peers", new DhtPeers(terminal));
    group.addSubcommand("scrape", new DhtScrape(terminal));
    group.addSubcommand("sample", new DhtSample(terminal));
    group.addSubcommand("get", new DhtGet(terminal));
    group.addSubcommand("put", new DhtPut(terminal));
    group.addSubcommand(new HelpOf());
    return group;
  }

  @Override
  public void run() {
    spec.commandLine().usage(terminal.out());
  }
}
