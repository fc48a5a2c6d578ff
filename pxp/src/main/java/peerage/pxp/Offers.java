package peerage.pxp;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/// The candidates that we named to one peer. Each is good once, for a while, and under a number
/// that nothing else on that connection ever has: a JavaScript node dies when an id comes twice.
final class Offers {
  private record Offer(Connection target, Instant until) {}

  private final Self self;
  private final int factor;
  private int counter;
  private final SequencedMap<String, Offer> open = new LinkedHashMap<>();

  Offers(Self self) {
    this.self = self;
    this.factor = self.secrets.nextInt() | 1;
    this.counter = self.secrets.nextInt();
  }

  /// Names a candidate.
  String add(Connection target) {
    if (open.size() == PxpLimits.CANDIDATES_OPEN_MAX) {
      open.pollFirstEntry();
    }
    String id = newId();
    open.put(id, new Offer(target, self.in(PxpLimits.CANDIDATE_KEPT)));
    return id;
  }

  /// An id of 8 hex digits that this connection has not seen: multiplying by an odd number passes
  /// through all of the 2^32 before it meets one again.
  String newId() {
    return String.format("%08x", counter++ * factor);
  }

  /// Takes what an id stands for; empty if it is unknown, used, too old, or the target has left.
  Optional<Connection> take(String id) {
    Offer offer = open.remove(id);
    return offer == null || !self.now().isBefore(offer.until) || offer.target.isClosed()
        ? Optional.empty()
        : Optional.of(offer.target);
  }

  int size() {
    return open.size();
  }
}
