package peerage.swarm;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import peerage.peers.PeerAddress;

/// The dials under way, and what earlier ones taught: about those who named whom we dialled, and
/// about the networks that were dialled.
final class Dials {
  /// A dial under way.
  ///
  /// @param sources on whose word
  /// @param near where it goes
  /// @param hearsay whether nobody but tellers knew the candidate then
  private record Dial(List<Source> sources, Network near, boolean hearsay) {}

  /// Why a candidate is not dialled now.
  ///
  /// @param why in words
  /// @param until when that ends by itself; empty if something has to happen first
  record Obstacle(String why, Optional<Instant> until) {}

  private final TellerLedger ledger;
  private final NetworkLimits networks = new NetworkLimits();
  private final LinkedHashMap<PeerAddress, Dial> underWay = new LinkedHashMap<>();

  Dials(TellerLedger ledger) {
    this.ledger = ledger;
  }

  TellerLedger ledger() {
    return ledger;
  }

  /// Where dials are under way.
  Iterable<PeerAddress> addresses() {
    return underWay.keySet();
  }

  int underWay() {
    return underWay.size();
  }

  void begin(Candidate candidate) {
    var dial = new Dial(candidate.standing(), candidate.near(), candidate.isHearsayOnly());
    underWay.put(candidate.address(), dial);
    candidate.dialling();
    ledger.dialled(dial.sources());
    if (dial.hearsay()) {
      networks.dialled(dial.near());
    }
  }

  /// It did not take place.
  void heldBack(PeerAddress address) {
    Dial dial = underWay.remove(address);
    if (dial != null) {
      ledger.heldBack(dial.sources());
      if (dial.hearsay()) {
        networks.heldBack(dial.near());
      }
    }
  }

  /// @param first whether that is the candidate's first answer: each counts once for its tellers
  void answered(PeerAddress address, boolean first, Instant now) {
    Dial dial = underWay.remove(address);
    if (dial == null) {
      return;
    }
    ledger.ended(dial.sources());
    if (first) {
      ledger.answered(dial.sources(), now);
    }
    if (dial.hearsay()) {
      networks.answered(dial.near(), now);
    }
  }

  /// @param first whether that is the candidate's first failure: each counts once for its tellers
  void failed(PeerAddress address, boolean first, Instant now) {
    Dial dial = underWay.remove(address);
    if (dial == null) {
      return;
    }
    ledger.ended(dial.sources());
    if (first) {
      ledger.failed(dial.sources(), now);
    }
    if (dial.hearsay()) {
      networks.failed(dial.near(), now);
    }
  }

  /// Why it is not to be dialled now; empty if it may.
  Optional<Obstacle> obstacle(Candidate candidate, Instant now) {
    if (candidate.isConnected()) {
      return Optional.of(new Obstacle("", Optional.empty()));
    }
    if (candidate.state() == Candidate.State.DIALLING
        || underWay.containsKey(candidate.address())) {
      return Optional.of(new Obstacle("is being dialled", Optional.empty()));
    }
    Instant notBefore = candidate.notBefore();
    if (notBefore != null && notBefore.isAfter(now)) {
      return Optional.of(new Obstacle(pause(candidate), Optional.of(notBefore)));
    }
    return candidate.isHearsayOnly() ? hearsayObstacle(candidate, now) : Optional.empty();
  }

  private Optional<Obstacle> hearsayObstacle(Candidate candidate, Instant now) {
    List<Source> tellers = candidate.standing();
    if (!ledger.hasCredit(tellers, now)) {
      return Optional.of(
          new Obstacle("too much that its tellers say is false", ledger.creditAt(tellers, now)));
    }
    if (!networks.mayDial(candidate.near(), now)) {
      return Optional.of(
          new Obstacle("dials to its network fail", networks.freeAt(candidate.near(), now)));
    }
    return Optional.empty();
  }

  private static String pause(Candidate candidate) {
    if (candidate.isHeldBack()) {
      return "its host was dialled for another torrent only just";
    }
    if (candidate.barren() > 0) {
      return "it gave us nothing " + times(candidate.barren());
    }
    if (candidate.turnedAway() > 0) {
      return "it turned us away " + times(candidate.turnedAway());
    }
    if (candidate.failures() > 0) {
      return "its dial failed " + times(candidate.failures());
    }
    return "its connection ended only just";
  }

  private static String times(int count) {
    return count == 1 ? "once" : count + " times";
  }
}
