package peerage.interop;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// A process in which nodes of PXP live. All kinds of them take the same commands and tell what
/// happens in the same words.
interface PxpProcess {
  /// Makes the names of nodes differ.
  AtomicInteger NAMES = new AtomicInteger();

  /// What runs.
  Running running();

  /// Where it runs.
  Host host();

  /// Gives it a command.
  void say(Map<String, Object> command);

  /// Every line in which it told what happened, in order.
  List<String> told();

  /// A new node, without connections.
  default PxpNode join(String network) {
    return join(network, Map.of());
  }

  /// A new node.
  ///
  /// @param options what it is told beyond its network
  default PxpNode join(String network, Map<String, Object> options) {
    var node = new PxpNode(this, "n" + NAMES.incrementAndGet());
    node.say("join", "network", network, options);
    return node;
  }

  /// Every time that something went wrong which ends a process with only one node in it, or that
  /// the test did.
  default List<String> crashes() {
    return told().stream()
        .filter(line -> line.contains("\"event\":\"crash\"") || line.contains("\"mistake\""))
        .toList();
  }
}
