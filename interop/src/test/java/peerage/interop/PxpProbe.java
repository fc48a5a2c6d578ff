package peerage.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A process of Peerage nodes: reads commands from standard input and writes what happens to
/// standard output, in the words of `interop/pxp/peer.js`.
final class PxpProbe {
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  private static final Map<String, PxpProbeNode> NODES = new ConcurrentHashMap<>();

  private PxpProbe() {}

  public static void main(String[] arguments) throws IOException {
    tell(Map.of("event", "ready"));
    var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      JsonLine command = JsonLine.parse(line);
      String name = command.text("as");
      if (command.text("do").equals("join")) {
        NODES.put(name, new PxpProbeNode(command, what -> tell(name, what)));
      } else {
        NODES.get(name).take(command);
      }
    }
    System.exit(0);
  }

  private static void tell(String name, Map<String, Object> what) {
    Map<String, Object> line = new HashMap<>(what);
    line.put("as", name);
    tell(line);
  }

  private static synchronized void tell(Map<String, Object> what) {
    OUT.println(Json.write(what));
  }
}
