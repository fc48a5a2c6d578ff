package peerage.interop;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Nodes of the npm package `peer-exchange` in Node.js, run by `interop/pxp/peer.js`.
record PxpNodeJs(Host host, Running running) implements PxpProcess {
  /// Where `npm ci` has put it, seen from the folder of this module.
  static final Path HOME = Path.of("pxp").toAbsolutePath();

  static Optional<String> missing() {
    if (!Command.exists("node")) {
      return Optional.of("not installed (Debian: nodejs and npm)");
    }
    return Files.exists(HOME.resolve("node_modules/peer-exchange/index.js"))
        ? Optional.empty()
        : Optional.of("not installed (interop/pxp: npm ci --ignore-scripts)");
  }

  static PxpNodeJs start(Lab lab) {
    lab.need("peer-exchange", missing());
    Host host = lab.host();
    String script = HOME.resolve("peer.js").toString();
    var node = lab.start(host, "peer-exchange", List.of("node", "--no-deprecation", script));
    node.await("ready", () -> !node.lines().isEmpty());
    return new PxpNodeJs(host, node);
  }

  @Override
  public void say(Map<String, Object> command) {
    running.say(Json.write(command));
  }

  @Override
  public List<String> told() {
    return running.lines();
  }
}
