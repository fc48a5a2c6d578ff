package peerage.dht;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import peerage.bencode.Bencoded;
import peerage.peers.Family;
import peerage.peers.PeerAddress;

/// For what a [Search] looks: what to ask on the way, and what to leave with those who are closest.
interface Errand {
  /// What every node on the way is asked.
  ///
  /// @param want of which families nodes are wanted, if not only of our own
  Question question(Set<Family> want);

  /// A node answered.
  ///
  /// @return whether that was all we wanted
  boolean heard(NodeInfo node, Reply reply);

  /// What to store at one of the closest nodes.
  Optional<Question> storing(PeerAddress at, Bencoded.Bytes token);

  /// The search has come to its end.
  void ended(Instant now);
}
