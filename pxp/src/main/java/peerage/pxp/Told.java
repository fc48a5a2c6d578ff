package peerage.pxp;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A candidate as a peer named it.
///
/// @param at when
record Told(Candidate candidate, Connection teller, Instant at) {
  /// Whether its teller can still be asked to relay to it.
  boolean canBeRelayed(Instant now) {
    return !teller.isClosed() && now.isBefore(at.plus(ExchangeLimits.CANDIDATE_FRESH));
  }

  /// What speaks against a node being this candidate, by what it says of itself.
  Optional<String> objection(@Nullable ConnectInfo info) {
    Optional<String> promised = candidate.info().token();
    Optional<String> token = info == null ? Optional.empty() : info.token();
    if (promised.isPresent() && !promised.equals(token)) {
      return Optional.of("it is another node than was named");
    }
    // A key that was named must not get lost on the way.
    Optional<ConnectInfo.Proof> named = candidate.info().proof();
    return named.isPresent() && (info == null || !named.equals(info.proof()))
        ? Optional.of("it shows another key than was named")
        : Optional.empty();
  }
}
