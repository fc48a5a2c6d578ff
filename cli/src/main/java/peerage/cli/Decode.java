package peerage.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `peerage decode`.
@Command(
    name = "decode",
    description =
        "Say in words what captured peer exchange messages say, and which rules they break.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  peerage decode swarm.pcap",
      "  tcpdump -i any -U -w - tcp | peerage decode -",
      "  echo 64353a6164646564363a0102030405063a65 | peerage decode -",
      "",
      "Exit code 44 if a message breaks a rule."
    })
final class Decode implements Callable<ExitCode> {
  private final Terminal terminal;

  @Parameters(
      paramLabel = "FILE",
      description =
          "A capture (pcap, pcapng), one message in bencode, or text with a message in hexadecimal"
              + " on each line; - is the standard input.")
  String source = "";

  @Option(names = "--json", description = "Print one JSON document instead.")
  boolean json;

  Decode(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public ExitCode call() throws CommandFailure {
    return new DecodeRun(source, json, terminal).run();
  }
}
