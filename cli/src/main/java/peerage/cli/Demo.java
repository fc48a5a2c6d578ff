package peerage.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `peerage demo`.
@Command(
    name = "demo",
    description = "See peer exchange at work, on this machine alone.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nWhat happens:%n",
    footer = {
      "  Eight peers meet by a small tracker and download a file from the one that has it. Then"
          + " the",
      "  tracker is stopped, and a newcomer is let in that knows one peer. It hears of the others",
      "  from peers, by ut_pex (BEP 11), and ends with the file. Takes about half a minute.",
      "",
      "Needs no network, no rights and no other program. Each peer is a whole client, with an",
      "address, a port and threads of its own; it is the code of peerage get, and nothing is"
          + " staged."
    })
final class Demo implements Callable<ExitCode> {
  private final Terminal terminal;

  @Option(
      names = "--quick",
      description = "Less data, and no pauses to read. Default: ${DEFAULT-VALUE}.")
  boolean quick;

  Demo(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public ExitCode call() throws Exception {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    return new DemoRun(terminal, quick ? DemoScale.QUICK : DemoScale.READABLE).run(temporary);
  }
}
