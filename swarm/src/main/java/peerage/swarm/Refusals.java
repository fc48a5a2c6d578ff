package peerage.swarm;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;

/// Addresses that we heard and did not take, the last ones, for display; and so that a second
/// teller can confirm the first.
final class Refusals {
  /// Addresses remembered (guess: what fits on some screens).
  static final int MAX = 256;

  /// One address that was refused.
  ///
  /// @param hearings who named it; at most [Candidate#MAX_ORIGINS]
  /// @param reason why it was refused the last time
  record Refused(List<Candidate.Hearing> hearings, String reason) {}

  private final LinkedHashMap<PeerAddress, Refused> refused = new LinkedHashMap<>();

  void add(PeerAddress address, Origin origin, String reason, Instant now) {
    Refused before = refused.remove(address);
    var hearings = new ArrayList<Candidate.Hearing>(1);
    if (before != null) {
      hearings.addAll(before.hearings());
    }
    boolean known = hearings.stream().anyMatch(h -> h.origin().equals(origin));
    if (!known && hearings.size() < Candidate.MAX_ORIGINS) {
      hearings.add(new Candidate.Hearing(origin, now));
    }
    refused.put(address, new Refused(hearings, reason));
    if (refused.size() > MAX) {
      refused.pollFirstEntry();
    }
  }

  /// Who named it, all in vain so far.
  List<Candidate.Hearing> hearings(PeerAddress address) {
    return Optional.ofNullable(refused.get(address)).map(Refused::hearings).orElse(List.of());
  }

  void remove(PeerAddress address) {
    refused.remove(address);
  }

  /// The one refused longest ago first.
  void forEach(BiConsumer<PeerAddress, Refused> what) {
    refused.forEach(what);
  }
}
