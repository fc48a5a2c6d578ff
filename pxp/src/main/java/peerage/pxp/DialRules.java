package peerage.pxp;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import peerage.peers.AddressClass;
import peerage.peers.IpAddress;

/// Which endpoints of candidates are dialled: strangers name them, so nobody may aim us at what is
/// not theirs.
final class DialRules {
  private static final List<String> SCHEMES = List.of("tcp", "tls", "ws", "wss");

  /// TLS shows whose name it is; elsewhere a name could lead into our own network.
  private static final List<String> NAMED = List.of("tls", "wss");

  private final Self self;
  private final SequencedMap<String, Deque<Instant>> dialled = new LinkedHashMap<>();

  DialRules(Self self) {
    this.self = self;
  }

  /// Where a candidate may be dialled, once: it counts as dialled.
  Optional<Endpoint> endpoint(Told told) {
    for (Endpoint endpoint : told.candidate().info().listening()) {
      if (isDialable(endpoint, told) && count(host(endpoint))) {
        return Optional.of(endpoint);
      }
    }
    return Optional.empty();
  }

  private boolean isDialable(Endpoint endpoint, Told told) {
    if (!SCHEMES.contains(endpoint.scheme()) || self.options.listening().contains(endpoint)) {
      return false;
    }
    Optional<IpAddress> ip = ip(endpoint);
    if (ip.isEmpty()) {
      return NAMED.contains(endpoint.scheme());
    }
    AddressClass place =
        told.teller().route.remote().map(AddressClass::of).orElse(AddressClass.GLOBAL);
    return AddressClass.of(ip.get()).isKnownFrom(place);
  }

  /// The numeric address of an endpoint; empty if it has a name.
  static Optional<IpAddress> ip(Endpoint endpoint) {
    return IpAddress.parse(host(endpoint));
  }

  private static String host(Endpoint endpoint) {
    String host = endpoint.uri().getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private boolean count(String host) {
    Instant from = self.now().minus(PxpLimits.DIALS_SPAN);
    Deque<Instant> times = dialled.computeIfAbsent(host, _ -> new ArrayDeque<>());
    while (!times.isEmpty() && times.getFirst().isBefore(from)) {
      times.removeFirst();
    }
    boolean allowed = times.size() < PxpLimits.DIALS_PER_ADDRESS_MAX;
    if (allowed) {
      times.add(self.now());
    }
    if (dialled.size() > ExchangeLimits.DIALLED_ADDRESSES_MAX) {
      dialled.pollFirstEntry();
    }
    return allowed;
  }
}
