package peerage.dht;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import peerage.peers.AddressClass;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;

/// What others say our address is (BEP 42): "since a single node can not be trusted, there should
/// be some mechanism (...), voting". One vote for each block of addresses; only nodes that we asked
/// vote.
final class IpVotes {
  /// So many must agree (guess; libtorrent the same order).
  static final int ENOUGH = 5;

  /// The last so many votes count (guess).
  static final int VOTES = 32;

  private final Map<IpAddress, IpAddress> votes = new LinkedHashMap<>();
  private @Nullable IpAddress settled;

  /// Counts a vote.
  ///
  /// @return our address, if this vote has changed what is believed
  Optional<IpAddress> voted(PeerAddress voter, IpAddress ours) {
    boolean isOfInternet = AddressClass.of(ours) == AddressClass.GLOBAL && Place.isStrange(voter);
    if (!isOfInternet || ours.family() != voter.family()) {
      return Optional.empty();
    }
    votes.remove(Place.block(voter));
    votes.put(Place.block(voter), ours);
    if (votes.size() > VOTES) {
      votes.remove(votes.keySet().iterator().next());
    }
    long agreeing = votes.values().stream().filter(ours::equals).count();
    if (agreeing < ENOUGH || 2 * agreeing <= votes.size() || settled().equals(Optional.of(ours))) {
      return Optional.empty();
    }
    settled = ours;
    return Optional.of(ours);
  }

  /// Our address, once enough agreed.
  Optional<IpAddress> settled() {
    return Optional.ofNullable(settled);
  }
}
