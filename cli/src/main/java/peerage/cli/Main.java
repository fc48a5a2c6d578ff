package peerage.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The command `peerage`.
@Command(
    name = "peerage",
    version = "peerage 0.1.0",
    mixinStandardHelpOptions = true,
    description = "BitTorrent peer exchange.")
final class Main implements Runnable {
  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Main()).execute(arguments));
  }
}
