package peerage.pxp;

import java.util.ArrayList;
import java.util.List;

/// Answers `getpeers`: whom of our peers we can introduce to one of them.
final class CandidateList {
  private final Self self;
  private final Connections connections;

  CandidateList(Self self, Connections connections) {
    this.self = self;
    this.connections = connections;
  }

  /// Answers with some of them, chosen at random.
  void answer(Connection asker, PxpMessage.GetPeers message) {
    String network = self.options.network().text();
    if (!message.network().equals(network)) {
      asker.answer(PxpCodec.noCandidates(message.nonce(), "This node is not of that network"));
      return;
    }
    List<Candidate> named = new ArrayList<>();
    for (Connection target : choose(asker)) {
      ConnectInfo info = target.info;
      if (info != null) {
        named.add(new Candidate(asker.offers.add(target), network, info));
      }
    }
    asker.answer(PxpCodec.candidates(message.nonce(), named));
  }

  private List<Connection> choose(Connection asker) {
    List<Connection> able = new ArrayList<>();
    if (self.options.can(ExchangeOptions.Ability.RELAYING)) {
      connections.all().stream().filter(target -> isFor(asker, target)).forEach(able::add);
    }
    int count = Math.min(able.size(), PxpLimits.CANDIDATES_TOLD_MAX);
    for (int i = 0; i < count; i++) {
      int from = i + self.random.nextInt(able.size() - i);
      Connection chosen = able.get(from);
      able.set(from, able.get(i));
      able.set(i, chosen);
    }
    return able.subList(0, count);
  }

  /// Never who accepts no introductions (JavaScript askers die of it), who has not joined, the
  /// asker itself, over whichever connection, or who lately did not answer.
  private boolean isFor(Connection asker, Connection target) {
    boolean itself =
        target == asker || (target.token().isPresent() && target.token().equals(asker.token()));
    return target.isJoined()
        && target.info != null
        && !itself
        && !self.now().isBefore(target.unlistedUntil);
  }
}
