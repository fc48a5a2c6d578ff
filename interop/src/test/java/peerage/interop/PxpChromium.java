package peerage.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// Nodes of the npm package `peer-exchange` in a page of headless Chromium.
///
/// It is driven over the pipe of its developer tools, which needs no port: messages end with a zero
/// byte there, with a line break here.
final class PxpChromium implements PxpProcess {
  private static final Path PAGE = PxpNodeJs.HOME.resolve("page.html");
  private static final String PROGRAM = "chromium";

  /// Standard input becomes its descriptor 3, standard output its descriptor 4.
  private static final String PIPE =
      """
      stdbuf -o0 tr '\\n' '\\0' | "$@" 3<&0 4>&1 </dev/null >&2 | stdbuf -o0 tr '\\0' '\\n'
      """;

  private final Host host;
  private final Running running;
  private final AtomicInteger questions = new AtomicInteger();
  private Optional<String> session = Optional.empty();

  private PxpChromium(Host host, Running running) {
    this.host = host;
    this.running = running;
  }

  static Optional<String> missing() {
    if (!Command.exists(PROGRAM)) {
      return Optional.of("not installed (Debian: chromium)");
    }
    return isBundled()
        ? PxpNodeJs.missing()
        : Optional.of("without its page, or with an old one (interop/pxp: npm run bundle)");
  }

  /// Whether the page's script was made of its sources as they are now.
  private static boolean isBundled() {
    try {
      FileTime bundle = Files.getLastModifiedTime(PAGE.resolveSibling("bundle.js"));
      return bundle.compareTo(Files.getLastModifiedTime(PAGE.resolveSibling("page.js"))) >= 0
          && bundle.compareTo(Files.getLastModifiedTime(PAGE.resolveSibling("node.js"))) >= 0;
    } catch (IOException _) {
      return false; // there is none
    }
  }

  static PxpChromium start(Lab lab) {
    lab.need("Chromium", missing());
    Host host = lab.host();
    // It tells only the address of the default route, which may lead nowhere.
    Command.must("", "ip", "-n", host.namespace(), "route", "add", "default", "dev", "eth0");
    var chromium = new PxpChromium(host, lab.start(host, "chromium", command()));
    chromium.open();
    return chromium;
  }

  private static List<String> command() {
    return List.of(
        "sh",
        "-c",
        PIPE,
        "sh",
        PROGRAM,
        "--headless",
        "--no-sandbox", // root
        "--disable-gpu",
        "--log-level=3",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--user-data-dir=profile",
        // Its addresses are given as they are: nobody here resolves names by multicast.
        "--disable-features=WebRtcHideLocalIpsWithMdns",
        "--remote-debugging-pipe");
  }

  private void open() {
    var target = ask("Target.createTarget", Map.of("url", "about:blank")).text("targetId");
    var attach = Map.<String, Object>of("targetId", target, "flatten", true);
    session = Optional.of(ask("Target.attachToTarget", attach).text("sessionId"));
    ask("Runtime.enable", Map.of());
    ask("Runtime.addBinding", Map.of("name", "tell"));
    ask("Page.navigate", Map.of("url", PAGE.toUri().toString()));
    running.await("the page", () -> !told().isEmpty());
  }

  private JsonLine ask(String method, Map<String, Object> parameters) {
    String answer = "{\"id\":" + send(method, parameters) + ",";
    running.await("an answer to " + method, () -> lines(answer).findFirst().isPresent());
    return JsonLine.parse(lines(answer).findFirst().orElseThrow()).object("result");
  }

  private int send(String method, Map<String, Object> parameters) {
    int id = questions.incrementAndGet();
    Map<String, Object> message =
        new HashMap<>(Map.of("id", id, "method", method, "params", parameters));
    session.ifPresent(value -> message.put("sessionId", value));
    running.say(Json.write(message));
    return id;
  }

  private Stream<String> lines(String start) {
    return running.lines().stream().filter(line -> line.startsWith(start));
  }

  @Override
  public Host host() {
    return host;
  }

  @Override
  public Running running() {
    return running;
  }

  @Override
  public void say(Map<String, Object> command) {
    String call = "take(" + Json.write(Json.write(command)) + ")";
    send("Runtime.evaluate", Map.of("expression", call));
  }

  @Override
  public List<String> told() {
    return lines("{\"method\":\"Runtime.bindingCalled\"")
        .map(line -> JsonLine.parse(line).object("params").text("payload"))
        .toList();
  }
}
