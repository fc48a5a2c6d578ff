package peerage.interop;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// The processes of a class of tests: one of each kind, at a host of its own, started when it is
/// first needed.
final class PxpStage {
  private static final AtomicInteger NETWORKS = new AtomicInteger();

  private final Lab lab;
  private final Map<PxpKind, PxpProcess> processes = new EnumMap<>(PxpKind.class);

  PxpStage(Lab lab) {
    this.lab = lab;
  }

  synchronized PxpProcess process(PxpKind kind) {
    return processes.computeIfAbsent(
        kind,
        missing ->
            switch (missing) {
              case JAVA -> PxpJava.start(lab);
              case NODE -> PxpNodeJs.start(lab);
              case CHROMIUM -> PxpChromium.start(lab);
            });
  }

  /// The name of a network that no other test uses.
  String network() {
    return "net/ünï-" + NETWORKS.incrementAndGet();
  }

  /// What happened that ends a process, or that a test did wrong.
  synchronized List<String> crashes() {
    return processes.values().stream().flatMap(process -> process.crashes().stream()).toList();
  }
}
