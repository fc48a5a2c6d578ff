package peerage.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import peerage.node.DownloadException;
import peerage.node.PxpException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/// The command `peerage`.
@Command(
    name = "peerage",
    version = Main.VERSION,
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description =
        "Peer exchange: one known peer is enough to meet the others, of a torrent or of an"
            + " application's own network.",
    exitCodeListHeading = "%nExit codes:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  peerage demo                    see peer exchange at work, without a network",
      "  peerage get debian.torrent      download",
      "  peerage pxp listen my-app       be a node that an application's peers meet by",
      "  peerage help get                every option of a command",
      "",
      "Results and progress go to standard output, errors to standard error.",
      "NO_COLOR and COLUMNS are honoured; PEERAGE_DEBUG=1 shows where an error comes from."
    })
final class Main implements Runnable {
  static final String VERSION = "peerage 0.1.0";

  private static final List<String> COMMANDS =
      List.of(
          "get",
          "seed",
          "create",
          "show",
          "verify",
          "peers",
          "magnet",
          "scrape",
          "decode",
          "demo",
          "pxp",
          "dht",
          "dht-router",
          "sim");

  /// Those that go on until they are stopped, or may.
  private static final List<String> LONG =
      List.of("get", "seed", "peers", "magnet", "demo", "pxp", "dht", "dht-router", "sim");

  private static final int USAGE_WIDTH = 100;

  private final Terminal terminal;

  @Spec CommandSpec spec = CommandSpec.create();

  private Main(Terminal terminal) {
    this.terminal = terminal;
  }

  public static void main(String[] arguments) {
    Terminal terminal = Terminal.ofThisProcess();
    boolean isLong = arguments.length > 0 && LONG.contains(arguments[0]);
    if (isLong) {
      terminal.stop().takeSignals();
    }
    ExitCode exit = run(terminal, arguments);
    terminal.out().flush();
    // Where nothing runs any more, returning is quicker: System.exit first sets up a log.
    if (isLong || exit != ExitCode.OK) {
      System.exit(exit.number());
    }
  }

  /// Runs one command line.
  static ExitCode run(Terminal terminal, String... arguments) {
    CommandLine command = commandLine(terminal, arguments);
    int number = command.execute(arguments);
    return Arrays.stream(ExitCode.values())
        .filter(exit -> exit.number() == number)
        .findFirst()
        .orElse(ExitCode.UNKNOWN);
  }

  /// The parser with all commands, or with the one that is asked for.
  static CommandLine commandLine(Terminal terminal, String... arguments) {
    var command = new CommandLine(new Main(terminal));
    String first = arguments.length == 0 ? "" : arguments[0];
    if (COMMANDS.contains(first)) {
      command.addSubcommand(first, make(first, terminal, arguments));
    } else {
      COMMANDS.forEach(name -> command.addSubcommand(name, make(name, terminal)));
      command.addSubcommand(new HelpOf());
    }
    configure(command, terminal);
    return command;
  }

  /// Made on demand: reading the annotations of a command that is not asked for takes time.
  private static Object make(String name, Terminal terminal, String... arguments) {
    return switch (name) {
      case "get" -> new Get(terminal);
      case "seed" -> new Seed(terminal);
      case "create" -> new Create(terminal);
      case "show" -> new Show(terminal);
      case "verify" -> new Verify(terminal);
      case "peers" -> new Peers(terminal);
      case "magnet" -> new MagnetLine(terminal);
      case "scrape" -> new Scrape(terminal);
      case "decode" -> new Decode(terminal);
      case "demo" -> new Demo(terminal);
      case "dht" -> DhtCommands.of(terminal);
      case "dht-router" -> new DhtRouter(terminal);
      case "sim" -> SimCommands.of(terminal);
      case "pxp" -> PxpCommands.of(terminal, arguments);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static void configure(CommandLine command, Terminal terminal) {
    Map<String, String> codes = new LinkedHashMap<>();
    for (ExitCode code : ExitCode.values()) {
      codes.put(String.format("%4d", code.number()), code.meaning());
    }
    UsageMessageSpec usage = command.getCommandSpec().usageMessage();
    usage.exitCodeList(codes);
    command
        .setOut(writer(terminal.out()))
        .setErr(writer(terminal.err()))
        .setColorScheme(
            CommandLine.Help.defaultColorScheme(terminal.style().colour() ? Ansi.ON : Ansi.OFF))
        .setUsageHelpWidth(Math.clamp(terminal.style().width(), 60, USAGE_WIDTH))
        // A file may be called @anything.
        .setExpandAtFiles(false)
        .setExecutionExceptionHandler((e, _, _) -> failed(terminal, e).number())
        .setParameterExceptionHandler((e, _) -> misspelt(terminal, e).number())
        .setExecutionStrategy(Main::execute);
    setVersion(command);
  }

  private static void setVersion(CommandLine command) {
    command.getCommandSpec().version(VERSION);
    command.getSubcommands().values().forEach(Main::setVersion);
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, stream.charset());
  }

  /// picocli takes exit codes from commands that return an `Integer`; ours return their own type.
  private static int execute(ParseResult parsed) {
    int number = new CommandLine.RunLast().execute(parsed);
    Object result = parsed.asCommandLineList().getLast().getExecutionResult();
    return result instanceof ExitCode exit ? exit.number() : number;
  }

  private static ExitCode failed(Terminal terminal, Exception e) {
    if (System.getenv("PEERAGE_DEBUG") != null) {
      e.printStackTrace(terminal.err());
    }
    String message = String.valueOf(e.getMessage());
    return switch (e) {
      case CommandFailure failure -> complain(terminal, failure.exit(), message);
      case PxpException failure ->
          complain(terminal, ExitCode.of(failure.reason()), PxpWords.of(failure));
      case DownloadException failure -> complain(terminal, ExitCode.of(failure.reason()), message);
      case InterruptedException _ -> complain(terminal, ExitCode.UNFINISHED, "stopped");
      default ->
          complain(
              terminal,
              ExitCode.UNKNOWN,
              "an error of this program: " + e + " (PEERAGE_DEBUG=1 shows where)");
    };
  }

  private static ExitCode complain(Terminal terminal, ExitCode exit, String sentence) {
    terminal.complain(sentence);
    return exit;
  }

  private static ExitCode misspelt(Terminal terminal, ParameterException e) {
    CommandSpec command = e.getCommandLine().getCommandSpec();
    terminal.complain(mistake(command, e) + " (see " + command.qualifiedName() + " --help)");
    return ExitCode.BAD_OPTION;
  }

  private static String mistake(CommandSpec command, ParameterException e) {
    if (!(e instanceof UnmatchedArgumentException unmatched)) {
      String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("?");
      return Character.toLowerCase(message.charAt(0)) + message.substring(1);
    }
    String word = unmatched.getUnmatched().getFirst();
    boolean isOption = word.startsWith("-");
    boolean isCommand = !isOption && !command.subcommands().isEmpty();
    Set<String> known = isOption ? command.optionsMap().keySet() : command.subcommands().keySet();
    String kind = isOption ? "no option " : isCommand ? "no command " : "no use for ";
    return "there is " + kind + word + Suggestion.hint(word, known);
  }

  @Override
  public void run() {
    spec.commandLine().usage(terminal.out());
  }
}
