package peerage.cli;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import peerage.node.PxpEvent;

/// Shows what happens in a PXP network, to people or to programs. Called from any thread.
final class PxpShow {
  private final OutputOptions output;
  private final Terminal terminal;
  private final boolean silentOut;
  private final Instant begun = Instant.now();
  private final Set<URI> failed = ConcurrentHashMap.newKeySet();

  private PxpShow(OutputOptions output, Terminal terminal, boolean silentOut) {
    this.output = output;
    this.terminal = terminal;
    this.silentOut = silentOut;
  }

  /// For a command whose standard output is for words.
  static PxpShow of(OutputOptions output, Terminal terminal) {
    return new PxpShow(output, terminal, false);
  }

  /// For a command whose standard output has something else: everything that is said goes to
  /// standard error, and only with `--verbose`.
  static PxpShow aside(OutputOptions output, Terminal terminal) {
    return new PxpShow(output, terminal, true);
  }

  /// Says where we listen, and who we are.
  void opened(String network, List<URI> listening, Optional<IdentityFile> identity) {
    if (output.jsonLines && !silentOut) {
      json(
          "listening",
          json ->
              json.put("network", network)
                  .texts("uris", listening)
                  .put("identity", identity.map(IdentityFile::publicHex)));
      return;
    }
    listening.forEach(uri -> say("listening on " + uri));
    identity.ifPresent(
        file -> say("identity " + file.publicHex() + (file.made() ? ", newly made" : "")));
  }

  /// Shows an event, if it is worth it.
  void event(PxpEvent event) {
    if (output.jsonLines && !silentOut) {
      line(PxpWords.json(event, Instant.now()));
      return;
    }
    if (output.verbose) {
      String stamp = String.format("%8s  ", Text.seconds(Duration.between(begun, Instant.now())));
      say(stamp + PxpWords.of(event));
      return;
    }
    PxpWords.loudness(event)
        .ifPresent(
            loudness -> {
              switch (loudness) {
                case RESULT -> say(PxpWords.of(event));
                case NOTE -> note(event);
              }
            });
  }

  /// A node that cannot be reached is tried again and again: once is enough.
  private void note(PxpEvent event) {
    boolean again = event instanceof PxpEvent.DialFailed dial && !failed.add(dial.where());
    if (!output.quiet && !again) {
      terminal.note(PxpWords.of(event));
    }
  }

  /// Says something to people, on standard output unless that has something else.
  void say(String text) {
    if (output.quiet || (output.jsonLines && !silentOut)) {
      return;
    }
    if (!silentOut) {
      line(text);
    } else if (output.verbose) {
      terminal.note(text.strip());
    }
  }

  /// Says to people what the command is for, however quiet it is to be.
  void print(String text) {
    if (!output.jsonLines) {
      line(text);
    }
  }

  /// Says something to programs.
  void json(String name, Consumer<Json> content) {
    if (output.jsonLines && !silentOut) {
      line(EventJson.event(name, Instant.now(), content));
    }
  }

  private void line(String text) {
    terminal.out().println(text);
  }
}
