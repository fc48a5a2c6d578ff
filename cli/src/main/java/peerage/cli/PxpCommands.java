package peerage.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `peerage pxp`: what it does is in its commands.
@Command(
    name = "pxp",
    description =
        "Networks of the Peer Exchange Protocol, together with npm peer-exchange 2.2.0 in Node and"
            + " browsers.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {
      "  peerage pxp listen my-app                       be a node that others meet by",
      "  peerage pxp peers my-app tcp://10.0.0.1:8000    see who is there",
      "  peerage pxp chat my-app tcp://10.0.0.1:8000     talk with them",
      "  peerage help pxp pipe                           every option of a command",
      "",
      "A network is a name. Any node of it is an entrance: a connected peer",
      "introduces others, who then connect directly, by TCP, WebSocket or WebRTC."
    })
final class PxpCommands implements Runnable {
  private static final List<String> COMMANDS =
      List.of("listen", "connect", "pipe", "peers", "chat");

  private final Terminal terminal;

  @Spec CommandSpec spec = CommandSpec.create();

  private PxpCommands(Terminal terminal) {
    this.terminal = terminal;
  }

  /// The parser with all of its commands, or with the one that is asked for after `pxp`.
  static CommandLine of(Terminal terminal, String... arguments) {
    var group = new CommandLine(new PxpCommands(terminal));
    String second = arguments.length < 2 ? "" : arguments[1];
    if (COMMANDS.contains(second)) {
      group.addSubcommand(second, make(second, terminal));
    } else {
      COMMANDS.forEach(name -> group.addSubcommand(name, make(name, terminal)));
      group.addSubcommand(new HelpOf());
    }
    return group;
  }

  private static Object make(String name, Terminal terminal) {
    return switch (name) {
      case "listen" -> new PxpListen(terminal);
      case "connect" -> new PxpConnect(terminal);
      case "pipe" -> new PxpPipe(terminal);
      case "peers" -> new PxpPeers(terminal);
      case "chat" -> new PxpChat(terminal);
      default -> throw new IllegalArgumentException(name);
    };
  }

  @Override
  public void run() {
    spec.commandLine().usage(terminal.out());
  }
}
