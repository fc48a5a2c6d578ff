package peerage.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `peerage help …`: what `--help` after the same words says.
@Command(
    name = "help",
    description = "Show how a command is used.",
    helpCommand = true,
    synopsisHeading = "Usage: ")
final class HelpOf implements Runnable {
  @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "Whose help to show.")
  List<String> words = new ArrayList<>();

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    CommandLine command = spec.parent().commandLine();
    for (String word : words) {
      CommandLine inner = command.getSubcommands().get(word);
      if (inner == null) {
        throw new ParameterException(
            command, "there is no command " + word + Suggestion.hint(word, command));
      }
      command = inner;
    }
    command.usage(command.getOut());
  }
}
