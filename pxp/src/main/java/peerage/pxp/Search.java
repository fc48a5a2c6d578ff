package peerage.pxp;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import peerage.bencode.MalformedMessage;
import peerage.peers.Link;

/// Looks for one new peer: asks a few peers at once whom they know, and tries the best of those one
/// after the other.
final class Search {
  /// Who waits for what becomes of it. Exactly one of them is called, once.
  interface Ending {
    void found(PeerRef peer);

    void notFound(Exchange.SeekFailure why);
  }

  /// Who wants the peer.
  enum Wish {
    /// The application asked for one: a node that it may have already is better than none.
    ASKED,
    /// It wants to have a number of them: one that it may have already is of no use.
    KEPT
  }

  private final Parts parts;
  private final Searches searches;
  private final Wish wish;
  private final Ending ending;
  private final Instant until;
  private final Agenda.Alarm alarm;
  private final SequencedSet<Link> asked = new TreeSet<>();
  private final List<Told> pool = new ArrayList<>();
  private int answersMissing;
  private @Nullable Instant mergedAt;
  private @Nullable Reach trying;
  private int tried;
  private boolean over;

  Search(Parts parts, Searches searches, Wish wish, Ending ending) {
    this.parts = parts;
    this.searches = searches;
    this.wish = wish;
    this.ending = ending;
    this.until = parts.self.in(PxpLimits.SEARCH_TIME);
    this.alarm = parts.self.agenda.alarm(_ -> progress());
    this.alarm.by(until);
  }

  boolean isOver() {
    return over;
  }

  /// The token of the candidate that is being tried.
  Optional<String> underway() {
    return trying == null ? Optional.empty() : trying.token();
  }

  /// Whether it tries a nameless candidate of this teller.
  boolean triesNamelessOf(Connection teller) {
    return trying != null && trying.isNamelessOf(teller);
  }

  /// Takes the next step, if there is one to take now.
  void progress() {
    if (over) {
      return;
    }
    if (!parts.self.now().isBefore(until)) {
      end(Exchange.SeekFailure.TIMED_OUT);
    } else if (trying == null && !isMerging()) {
      next();
    }
    if (!over) {
      Instant merged = mergedAt;
      alarm.by(merged != null && parts.self.now().isBefore(merged) ? merged : until);
    }
  }

  /// Whether answers are worth waiting for.
  private boolean isMerging() {
    boolean enough = mergedAt != null && !parts.self.now().isBefore(mergedAt) && !pool.isEmpty();
    return answersMissing > 0 && !enough;
  }

  private void next() {
    if (tried == PxpLimits.CANDIDATES_TRIED_MAX || !parts.room.isThere()) {
      end(Exchange.SeekFailure.UNREACHABLE);
      return;
    }
    Told best = searches.best(pool);
    if (best != null) {
      tried++;
      trying = new Reach(parts, searches.dialRules(), best, outcome());
      trying.begin();
    } else if (pool.isEmpty() && !ask() && answersMissing == 0) {
      endWithNobody();
    }
  }

  private void endWithNobody() {
    if (tried > 0) {
      end(Exchange.SeekFailure.UNREACHABLE);
    } else if (!asked.isEmpty()) {
      end(Exchange.SeekFailure.NO_CANDIDATES);
    } else if (!searches.isSomebodyComing()) {
      end(Exchange.SeekFailure.NOBODY_TO_ASK);
    }
  }

  private Introduction.Outcome outcome() {
    return new Introduction.Outcome() {
      @Override
      public void found(PeerRef peer) {
        trying = null;
        if (!over) {
          over = true;
          alarm.off();
          ending.found(peer);
        }
      }

      @Override
      public void failed(String why) {
        trying = null;
        alarm.by(parts.self.now());
      }
    };
  }

  /// Asks those who have not been asked.
  ///
  /// @return whether there was somebody
  private boolean ask() {
    List<Connection> chosen = searches.whomToAsk(asked);
    mergedAt = null;
    for (Connection teller : chosen) {
      asked.add(teller.link);
      answersMissing++;
      teller.ask(
          nonce -> PxpCodec.getPeers(nonce, parts.self.options.network().text()),
          PxpLimits.ANSWER_TIME,
          new Reply() {
            @Override
            public void came(JsonText args) {
              answersMissing--;
              told(teller, args);
            }

            @Override
            public void missed(String why) {
              answersMissing--;
              alarm.by(parts.self.now());
            }
          });
    }
    return !chosen.isEmpty();
  }

  private void told(Connection teller, JsonText args) {
    List<Candidate> candidates = read(args);
    boolean namelessKnown = searches.areKnown(teller, candidates, wish);
    int known = 0;
    for (Candidate candidate : candidates) {
      if (searches.isKnown(candidate)
          || (namelessKnown && candidate.info().isNameless())
          || (wish == Wish.KEPT && parts.peers.isPartedFrom(candidate.info().token()))
          || !candidate.network().equals(network())) {
        known++;
      } else if (pool.size() < ExchangeLimits.POOL_MAX) {
        pool.add(new Told(candidate, teller, parts.self.now()));
      }
    }
    parts.self.notice(new ExchangeNotice.Told(teller.ref, candidates.size(), known));
    if (mergedAt == null) {
      mergedAt = parts.self.in(ExchangeLimits.MERGE_TIME);
      alarm.by(mergedAt);
    }
    alarm.by(parts.self.now());
  }

  private String network() {
    return parts.self.options.network().text();
  }

  private static List<Candidate> read(JsonText args) {
    try {
      return PxpCodec.errorOf(args).isPresent() ? List.of() : PxpCodec.candidatesOf(args);
    } catch (MalformedMessage _) {
      return List.of();
    }
  }

  /// Nobody waits for it any more.
  void drop() {
    over = true;
    alarm.off();
  }

  /// Ends it without a peer; what is being tried may still become one, for nobody in particular.
  void end(Exchange.SeekFailure why) {
    if (!over) {
      over = true;
      alarm.off();
      ending.notFound(why);
    }
  }
}
