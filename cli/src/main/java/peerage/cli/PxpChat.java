package peerage.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import peerage.node.PxpException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `peerage pxp chat`.
@Command(
    name = "chat",
    description = "Talk with everybody in a network, without a server.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  peerage pxp chat tea --listen :8000 --nick ada        the first; the others:",
      "  peerage pxp chat tea tcp://10.0.0.1:8000 --nick ben",
      "",
      "Each line goes to all peers in one write, as \"ada: hello\". Who entered by the",
      "first one meets the others, and stays when it goes. Ctrl-D or Ctrl-C leaves."
    })
final class PxpChat implements Callable<ExitCode> {
  private static final int NICK_MAX = 32;

  private final Terminal terminal;

  @Option(
      names = "--nick",
      paramLabel = "NAME",
      description = "How we are called. Default: the user's name.")
  String nick = System.getProperty("user.name", "anonymous");

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = Quantity.Time.class,
      description = "Stay for so long, also when the input has ended. Default: until Ctrl-D.")
  @Nullable Duration time;

  @Mixin PxpOptions options = new PxpOptions();
  @Mixin PxpKeep keep = new PxpKeep();
  @Mixin OutputOptions output = new OutputOptions();

  PxpChat(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public ExitCode call() throws CommandFailure, PxpException, InterruptedException {
    output.check();
    check();
    int wanted = keep.orDefault();
    PxpShow show = PxpShow.chat(output, terminal);
    var chat = new ChatRun(nick, show, terminal);
    int met;
    try (PxpRun run =
        PxpRun.enter(
            options, show, terminal, builder -> builder.keep(wanted).onConnect(chat::listenTo))) {
      chat.talk(run, time == null);
      run.awaitEnd(Optional.ofNullable(time));
      met = run.met().size();
    }
    show.json("end", json -> json.put("exit", ExitCode.OK.number()).put("peers", met));
    return ExitCode.OK;
  }

  private void check() throws CommandFailure {
    if (options.isDeaf()) {
      throw new CommandFailure(
          ExitCode.BAD_OPTION,
          "name a node to enter by, such as tcp://10.0.0.1:8000, or wait for others by --listen"
              + " :8000");
    }
    if (nick.isBlank()
        || nick.length() > NICK_MAX
        || nick.contains(":")
        || !ChatText.isClean(nick)) {
      throw new CommandFailure(
          ExitCode.BAD_OPTION,
          "--nick is 1 to " + NICK_MAX + " letters, and has no colon: not " + ChatText.clean(nick));
    }
  }
}
