package peerage.interop;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Hosts that are joined by a bridge. The bridge lives in a namespace of its own and has no uplink:
/// nothing that runs here reaches the machine's network, and nothing there reaches it.
///
/// The names hold this process's id, so that several runs do not meet. Whatever happens, closing
/// removes what was made here, with the processes inside, and nothing else; when the JVM ends, what
/// is still open is closed.
final class Namespaces implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final Set<Namespaces> OPEN = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> List.copyOf(OPEN).forEach(Namespaces::close)));
  }

  private final String prefix =
      "peerage-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet() + "-";
  private final String bridge = prefix + "bridge";
  private final List<String> made = new ArrayList<>();
  private final List<Host> hosts = new ArrayList<>();

  private Namespaces() {}

  /// Why there can be none on this machine; empty if there can.
  static Optional<String> missing() {
    if (!Command.exists("ip")) {
      return Optional.of("there is no command `ip` (Debian: iproute2)");
    }
    if (!Command.must("", "id", "-u").strip().equals("0")) {
      return Optional.of("network namespaces need root");
    }
    try (Namespaces probe = open()) {
      probe.addHost();
      return Optional.empty();
    } catch (AssertionError e) {
      return Optional.of("network namespaces cannot be made here: " + e.getMessage());
    }
  }

  static Namespaces open() {
    var namespaces = new Namespaces();
    OPEN.add(namespaces);
    try {
      namespaces.add(namespaces.bridge);
      configure(
          namespaces.bridge,
          """
          link set lo up
          link add bridge type bridge forward_delay 0 mcast_snooping 0
          link set bridge up
          """);
      return namespaces;
    } catch (AssertionError e) {
      namespaces.close();
      throw e;
    }
  }

  /// Adds a host that all the others can reach.
  synchronized Host addHost() {
    int number = hosts.size() + 1;
    Host host = host(prefix + number, number);
    add(host.namespace());
    String cable = "cable" + number;
    configure(
        bridge,
        """
        link add name %1$s type veth peer name eth0 netns %2$s
        link set %1$s master bridge
        link set %1$s up
        """
            .formatted(cable, host.namespace()));
    // nodad: an address may be used at once, without asking the others for a second or two.
    configure(
        host.namespace(),
        """
        link set lo up
        addr add %s/24 dev eth0
        addr add %s/64 dev eth0 nodad
        link set eth0 up
        """
            .formatted(host.ip4(), host.ip6()));
    hosts.add(host);
    return host;
  }

  /// Gives a host one more address of each family; what binds to it is as good as a host of its
  /// own.
  synchronized Host addAddress(Host place) {
    Host host = host(place.namespace(), hosts.size() + 1);
    configure(
        place.namespace(),
        """
        addr add %s/24 dev eth0
        addr add %s/64 dev eth0 nodad
        """
            .formatted(host.ip4(), host.ip6()));
    hosts.add(host);
    return host;
  }

  private static Host host(String namespace, int number) {
    return new Host(namespace, "10.91.0." + number, "fd91:5eed::" + number);
  }

  private synchronized void add(String namespace) {
    Command.must("", "ip", "netns", "add", namespace);
    made.add(namespace);
  }

  private static void configure(String namespace, String batch) {
    Command.must(batch, "ip", "-n", namespace, "-batch", "-");
  }

  @Override
  public synchronized void close() {
    OPEN.remove(this);
    for (String namespace : made) {
      Command.run("", List.of("ip", "netns", "pids", namespace))
          .output()
          .lines()
          .filter(line -> line.matches("[0-9]+"))
          .map(line -> ProcessHandle.of(Long.parseLong(line)))
          .flatMap(Optional::stream)
          .forEach(ProcessHandle::destroyForcibly);
      Command.run("", List.of("ip", "netns", "del", namespace));
    }
    made.clear();
  }
}
