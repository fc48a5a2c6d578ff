package peerage.swarm;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/// How much of the [CandidateBook] is the word of each teller, and about whom: counts of what
/// nobody but tellers (or, for a host, the peer itself) vouches for.
final class Shares {
  private final TreeMap<Source, Integer> ofTeller = new TreeMap<>();
  private final LinkedHashMap<Network, Integer> ofNetwork = new LinkedHashMap<>();
  private final LinkedHashMap<Network, Integer> ofHost = new LinkedHashMap<>();
  private int ofIncoming;

  void add(Candidate candidate) {
    count(candidate, 1);
  }

  void remove(Candidate candidate) {
    count(candidate, -1);
  }

  private void count(Candidate candidate, int by) {
    if (candidate.isHearsayOnly() || candidate.isClaimOnly()) {
      merge(ofHost, Network.host(candidate.address()), by);
    }
    if (candidate.isHearsayOnly()) {
      merge(ofTeller, candidate.source(), by);
      merge(ofNetwork, candidate.near(), by);
      ofIncoming += candidate.isToldByIncomingOnly() ? by : 0;
    }
  }

  private static <K> void merge(Map<K, Integer> counts, K key, int by) {
    counts.merge(key, by, (old, more) -> old + more == 0 ? null : Integer.valueOf(old + more));
  }

  int ofTeller(Source teller) {
    return ofTeller.getOrDefault(teller, 0);
  }

  int ofNetwork(Network near) {
    return ofNetwork.getOrDefault(near, 0);
  }

  int ofHost(Network host) {
    return ofHost.getOrDefault(host, 0);
  }

  /// Of all tellers that dialled us together.
  int ofIncoming() {
    return ofIncoming;
  }

  /// The teller with most in the book, if it has more than this one would have with one more.
  Source loudest(Source unless) {
    Source loudest = unless;
    int most = ofTeller(unless) + 1;
    for (var entry : ofTeller.entrySet()) {
      if (entry.getValue() > most) {
        loudest = entry.getKey();
        most = entry.getValue();
      }
    }
    return loudest;
  }
}
