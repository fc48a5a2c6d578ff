package peerage.pxp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import peerage.peers.Link;

/// All searches for new peers, and what they choose by.
final class Searches {
  private final Parts parts;
  private final DialRules rules;
  private final Spread spread;
  private final SequencedMap<Integer, Search> requests = new TreeMap<>();
  private final List<Search> keeping = new ArrayList<>();

  Searches(Parts parts) {
    this.parts = parts;
    this.rules = new DialRules(parts.self);
    this.spread = new Spread(parts);
  }

  DialRules dialRules() {
    return rules;
  }

  int size() {
    return requests.size() + keeping.size();
  }

  /// How many serve the wish for a number of peers.
  int keeping() {
    return keeping.size();
  }

  /// The application wants a new peer.
  void wanted(int request) {
    if (requests.size() >= PxpLimits.SEARCHES_MAX) {
      parts.self.say(new Exchange.Output.NotFound(request, Exchange.SeekFailure.NO_CANDIDATES));
      return;
    }
    Search search =
        new Search(
            parts,
            this,
            Search.Wish.ASKED,
            new Search.Ending() {
              @Override
              public void found(PeerRef peer) {
                requests.remove(request);
                parts.self.say(new Exchange.Output.Found(request, peer));
              }

              @Override
              public void notFound(Exchange.SeekFailure why) {
                requests.remove(request);
                parts.self.say(new Exchange.Output.NotFound(request, why));
              }
            });
    requests.put(request, search);
  }

  /// The application waits no more; nothing is said.
  void unwanted(int request) {
    Search search = requests.remove(request);
    if (search != null) {
      search.drop();
    }
  }

  /// Looks for a peer to keep the number.
  void keep(Search.Ending ending) {
    Search search =
        new Search(
            parts,
            this,
            Search.Wish.KEPT,
            new Search.Ending() {
              @Override
              public void found(PeerRef peer) {
                keeping.removeIf(Search::isOver);
                ending.found(peer);
              }

              @Override
              public void notFound(Exchange.SeekFailure why) {
                keeping.removeIf(Search::isOver);
                ending.notFound(why);
              }
            });
    keeping.add(search);
  }

  /// Lets each take its next step.
  void progress() {
    List.copyOf(requests.values()).forEach(Search::progress);
    List.copyOf(keeping).forEach(Search::progress);
  }

  /// Whether waiting for somebody to ask makes sense.
  boolean isSomebodyComing() {
    return parts.attempts.size() > 0
        || parts.connections.all().stream()
            .anyMatch(connection -> connection.stage == Connection.Stage.GREETING);
  }

  /// Whether a candidate is nobody new: ourselves, who is connected, who is just being tried.
  boolean isKnown(Candidate candidate) {
    Optional<String> token = candidate.info().token();
    return token.isPresent()
        && (token.get().equals(parts.self.token)
            || parts.connections.isKnown(token)
            || parts.peers.isKnown(token)
            || isUnderway(token));
  }

  private boolean isUnderway(Optional<String> token) {
    return requests.values().stream().anyMatch(search -> search.underway().equals(token))
        || keeping.stream().anyMatch(search -> search.underway().equals(token));
  }

  /// Whether the nameless nodes that a teller names may all be known. They cannot be told apart, so
  /// that only their number speaks: of those that this teller has brought us one may be gone and
  /// another in its place; who wants a number of peers counts all that it has.
  boolean areKnown(Connection teller, List<Candidate> candidates, Search.Wish wish) {
    long named = candidates.stream().filter(one -> one.info().isNameless()).count();
    return wish == Search.Wish.ASKED
        ? parts.connections.namelessBy(teller.ref) > named
        : parts.connections.namelessBut(teller) >= named;
  }

  /// Whether another search tries a candidate that may be the same: introduced to one node twice at
  /// once, a JavaScript relay dies.
  private boolean mayBeUnderway(Told told) {
    return told.candidate().info().isNameless()
        && (requests.values().stream().anyMatch(search -> search.triesNamelessOf(told.teller()))
            || keeping.stream().anyMatch(search -> search.triesNamelessOf(told.teller())));
  }

  /// Takes the best candidate from a pool, and drops those that are of no use any more. Null, with
  /// some left in the pool: they have to wait.
  @Nullable Told best(List<Told> pool) {
    pool.removeIf(told -> isKnown(told.candidate()) || !told.canBeRelayed(parts.self.now()));
    Told best = spread.best(pool.stream().filter(told -> !mayBeUnderway(told)).toList());
    if (best != null) {
      pool.remove(best);
    }
    return best;
  }

  /// A few to ask, of those that have not been asked.
  List<Connection> whomToAsk(SequencedSet<Link> asked) {
    return spread.tellers(asked);
  }
}
