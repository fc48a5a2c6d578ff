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
  /// After so many nobody reads them (guess).
  private static final int NOTES_MAX = 1_000;

  private enum Scene {
    OPEN,
    CHAT,
    ASIDE
  }

  private final OutputOptions output;
  private final Terminal terminal;
  private final Scene scene;
  private final Instant begun = Instant.now();
  private final Set<String> noted = ConcurrentHashMap.newKeySet();

  private PxpShow(OutputOptions output, Terminal terminal, Scene scene) {
    this.output = output;
    this.terminal = terminal;
    this.scene = scene;
  }

  /// For a command whose standard output is for words.
  static PxpShow of(OutputOptions output, Terminal terminal) {
    return new PxpShow(output, terminal, Scene.OPEN);
  }

  /// For a command whose standard output has something else: everything that is said goes to
  /// standard error, and only with `--verbose`.
  static PxpShow aside(OutputOptions output, Terminal terminal) {
    return new PxpShow(output, terminal, Scene.ASIDE);
  }

  /// For a conversation, which what we do for others would disturb.
  static PxpShow chat(OutputOptions output, Terminal terminal) {
    return new PxpShow(output, terminal, Scene.CHAT);
  }

  /// Says where we listen, and who we are.
  void opened(String network, List<URI> listening, Optional<IdentityFile> identity) {
    if (isJson()) {
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
    if (isJson()) {
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
                case SERVICE -> serve(event);
                case NOTE -> note(event);
              }
            });
  }

  private void serve(PxpEvent event) {
    if (scene != Scene.CHAT) {
      say(PxpWords.of(event));
    }
  }

  /// A node that cannot be reached is tried again and again, and one that is strange comes again
  /// and again: once is enough.
  private void note(PxpEvent event) {
    String text = PxpWords.of(event);
    if (!output.quiet && noted.size() < NOTES_MAX && noted.add(text)) {
      terminal.note(text);
    }
  }

  /// Says something to people, on standard output unless that has something else.
  void say(String text) {
    if (output.quiet || isJson()) {
      return;
    }
    if (scene != Scene.ASIDE) {
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
    if (isJson()) {
      line(EventJson.event(name, Instant.now(), content));
    }
  }

  private boolean isJson() {
    return output.jsonLines && scene != Scene.ASIDE;
  }

  private void line(String text) {
    terminal.out().println(text);
  }
}
