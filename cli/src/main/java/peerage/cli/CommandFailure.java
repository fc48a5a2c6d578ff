package peerage.cli;

/// A command cannot do what it was asked. The message is one sentence for people.
final class CommandFailure extends Exception {
  private final ExitCode exit;

  CommandFailure(ExitCode exit, String sentence) {
    super(sentence);
    this.exit = exit;
  }

  ExitCode exit() {
    return exit;
  }
}
