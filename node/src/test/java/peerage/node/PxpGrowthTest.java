package peerage.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import peerage.pxp.Endpoint;

/// A network of two hundred nodes on loopback, which knows one address when it begins.
@Timeout(120)
final class PxpGrowthTest {
  private static final int NODES = 200;
  private static final int PEERS = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<PxpNetwork> nodes = new ArrayList<>();
  private final Semaphore happened = new Semaphore(0);

  @AfterEach
  void stop() {
    List<Thread> closers =
        nodes.stream().map(node -> Thread.startVirtualThread(node::close)).toList();
    closers.forEach(
        closer -> {
          try {
            closer.join();
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        });
  }

  @Test
  void aNetworkGrowsFromOneAddressOutlivesItAndLetsInWhoRemembersAnyOnePeer(@TempDir Path folder)
      throws Exception {
    PxpNetwork bootstrap = builder().peersMax(NODES).open();
    String where = bootstrap.listening().getFirst().toString();
    Path memory = folder.resolve("peers");
    for (int i = 0; i < NODES; i++) {
      PxpBuilder builder = builder().bootstrap(where).keep(PEERS);
      nodes.add(i == 0 ? builder.remember(memory).open() : builder.open());
    }
    await("each has eight peers", this::haveEnough);

    bootstrap.close();
    await("each has eight peers without the bootstrap node", this::haveEnough);
    await("all are one network", () -> reachable(nodes.getFirst()) == NODES);

    PxpNetwork first = nodes.getFirst();
    first.close();
    nodes.remove(first);
    List<String> remembered = Files.readAllLines(memory).stream().filter(this::isAlive).toList();
    assertThat(remembered).isNotEmpty();
    Files.write(memory, List.of(remembered.getLast()));
    PxpNetwork newcomer = builder().remember(memory).keep(PEERS).open();
    nodes.add(newcomer);
    await("the newcomer has eight peers", () -> newcomer.peers().size() >= PEERS);
  }

  private PxpBuilder builder() {
    return Pxp.network("growth")
        .listen("tcp://127.0.0.1:0")
        .withoutWebRtc()
        .onEvent(_ -> happened.release());
  }

  private boolean isAlive(String line) {
    return nodes.stream()
        .anyMatch(
            node ->
                line.contains(node.listening().getFirst().toString() + " ")
                    || line.endsWith(node.listening().getFirst().toString()));
  }

  private boolean haveEnough() {
    return nodes.stream().allMatch(node -> node.peers().size() >= PEERS);
  }

  /// How many nodes there are on all ways from this one.
  private int reachable(PxpNetwork from) {
    Map<URI, PxpNetwork> byAddress = new HashMap<>();
    nodes.forEach(node -> byAddress.put(node.listening().getFirst(), node));
    Map<PxpNetwork, Set<PxpNetwork>> links = new HashMap<>();
    for (PxpNetwork node : nodes) {
      for (PxpPeer peer : node.peers()) {
        for (Endpoint endpoint : peer.listening()) {
          PxpNetwork other = byAddress.get(endpoint.uri());
          if (other != null) {
            links.computeIfAbsent(node, _ -> new HashSet<>()).add(other);
            links.computeIfAbsent(other, _ -> new HashSet<>()).add(node);
          }
        }
      }
    }
    var seen = new HashSet<>(Set.of(from));
    var queue = new ArrayDeque<>(seen);
    while (!queue.isEmpty()) {
      for (PxpNetwork next : links.getOrDefault(queue.remove(), Set.of())) {
        if (seen.add(next)) {
          queue.add(next);
        }
      }
    }
    return seen.size();
  }

  private void await(String what, BooleanSupplier done) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!done.getAsBoolean()) {
      assertThat(happened.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS))
          .as(what)
          .isTrue();
      happened.drainPermits();
    }
  }
}
