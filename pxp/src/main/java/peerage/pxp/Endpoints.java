package peerage.pxp;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// Where we enter the network: keeps links to the bootstrap, and turns to nodes of earlier runs
/// when there is nobody.
final class Endpoints {
  private final Parts parts;
  private final Runnable changed;
  private final SequencedMap<Endpoint, KnownEndpoint> bootstrap = new LinkedHashMap<>();
  private final SequencedMap<Endpoint, KnownEndpoint> remembered = new LinkedHashMap<>();

  Endpoints(Parts parts, Runnable changed) {
    this.parts = parts;
    this.changed = changed;
    for (Endpoint endpoint : parts.self.options.bootstrap()) {
      bootstrap.put(endpoint, new KnownEndpoint(parts.self, endpoint, changed));
    }
  }

  int size() {
    return bootstrap.size() + remembered.size();
  }

  /// Nodes of an earlier run, the best first.
  void remember(List<Endpoint> endpoints) {
    for (Endpoint endpoint : endpoints) {
      if (remembered.size() < PxpLimits.REMEMBERED_MAX
          && !bootstrap.containsKey(endpoint)
          && !parts.self.options.listening().contains(endpoint)) {
        remembered.putIfAbsent(endpoint, new KnownEndpoint(parts.self, endpoint, changed));
      }
    }
  }

  /// Dials whom it is time to dial.
  ///
  /// @param wanting whether there are fewer peers than the application wants
  /// @return when to come back
  Optional<Instant> progress(boolean wanting) {
    dial(bootstrap.sequencedValues());
    // The bootstrap comes first; when it fails, or has nobody to name, memory may help.
    boolean stuck = bootstrap.values().stream().noneMatch(KnownEndpoint::isPromising);
    boolean alone = parts.peers.size() == 0;
    boolean useMemory = stuck && (alone || wanting);
    if (useMemory) {
      dial(remembered.sequencedValues());
    }
    Optional<Instant> next = nextDue(bootstrap.values());
    Optional<Instant> inMemory = useMemory ? nextDue(remembered.values()) : Optional.empty();
    return next.isPresent() && inMemory.isPresent() && inMemory.get().isBefore(next.get())
        ? inMemory
        : next.or(() -> inMemory);
  }

  private void dial(Collection<KnownEndpoint> endpoints) {
    long busy = endpoints.stream().filter(KnownEndpoint::isBusy).count();
    for (KnownEndpoint endpoint : endpoints) {
      if (busy < ExchangeLimits.BOOTSTRAP_LINKS_MAX
          && parts.room.isThere()
          && endpoint.isIdle(parts.connections)
          && !parts.self.now().isBefore(endpoint.due())) {
        endpoint.dial(parts.attempts);
        busy++;
      }
    }
  }

  private Optional<Instant> nextDue(Collection<KnownEndpoint> endpoints) {
    return endpoints.stream()
        .filter(endpoint -> endpoint.isIdle(parts.connections))
        .map(KnownEndpoint::due)
        .filter(due -> due.isAfter(parts.self.now()))
        .min(Instant::compareTo);
  }
}
