package peerage.pieces;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Says which peers are served: at most so many as there are slots.
///
/// While we download, the slots go to the interested peers that give us most, but for one, which
/// goes to anybody by chance (BEP 3). When we have everything, all of them go round: a turn takes
/// 30 seconds, then those who wait longest come first, and of those who had their turn the ones who
/// take most may stay if a slot is left. So everybody is served in the end, and no slot is idle.
///
/// A free slot is given at once; a peer that wants nothing makes room at once.
final class Choker {
  /// BEP 3: "only changing who's choked once every ten seconds".
  static final Duration ROUND = Duration.ofSeconds(10);

  /// BEP 3: "Which peer is optimistically unchoked rotates every 30 seconds."
  static final int ROUNDS_PER_TURN = 3;

  /// BEP 3: "newly connected peers are three times as likely to start as the current optimistic
  /// unchoke".
  private static final int NEWCOMERS_WEIGHT = 3;

  private static final Duration NEWCOMER = Duration.ofMinutes(1); // a guess
  private static final Duration TURN = ROUND.multipliedBy(ROUNDS_PER_TURN);

  private static final Comparator<Peer> LONGEST_WAIT =
      Comparator.comparing(peer -> peer.turnSince == null ? peer.joined : peer.turnSince);

  private final int slots;
  private final Collection<Peer> peers;
  private final Uploads uploads;
  private final RandomGenerator random;
  private @Nullable Instant dueAt;
  private int round;
  private @Nullable Peer optimistic;

  Choker(TransferOptions options, Collection<Peer> peers, Uploads uploads, RandomGenerator random) {
    this.slots = options.uploadSlots();
    this.peers = peers;
    this.uploads = uploads;
    this.random = random;
  }

  boolean isOptimistic(Peer peer) {
    return peer == optimistic;
  }

  @Nullable Instant nextDue() {
    return dueAt;
  }

  void joined(Instant now) {
    if (dueAt == null) {
      dueAt = now.plus(ROUND);
    }
  }

  void left(Peer peer, Instant now) {
    if (peer == optimistic) {
      optimistic = null;
    }
    if (peers.isEmpty()) {
      dueAt = null;
    } else if (!peer.isChoked) {
      fillOne(now);
    }
  }

  private void fillOne(Instant now) {
    Peer next = null;
    for (Peer peer : peers) {
      if (mayWait(peer) && (next == null || LONGEST_WAIT.compare(peer, next) < 0)) {
        next = peer;
      }
    }
    if (next != null && unchokedCount() < slots) {
      uploads.unchoke(next, now);
    }
  }

  private static boolean mayWait(Peer peer) {
    return peer.isChoked && peer.isInterested && !peer.isClosed;
  }

  private int unchokedCount() {
    int count = 0;
    for (Peer peer : peers) {
      if (!peer.isChoked) {
        count++;
      }
    }
    return count;
  }

  /// A peer wants something that it did not want before.
  void interested(Peer peer, Instant now) {
    if (!peer.isChoked) {
      return;
    }
    peer.turnSince = now;
    if (unchokedCount() >= slots) {
      for (Peer other : peers) {
        if (!other.isChoked && !other.isInterested) {
          uploads.choke(other, now);
          break;
        }
      }
    }
    if (unchokedCount() < slots) {
      uploads.unchoke(peer, now);
    }
  }

  /// Gives the slots anew every ten seconds.
  ///
  /// @param isSeeding whether we have everything that we want
  /// @return whether a round was due
  boolean tick(boolean isSeeding, Instant now) {
    if (!Deadlines.isDue(dueAt, now)) {
      return false;
    }
    dueAt = now.plus(ROUND);
    round++;
    SequencedSet<Peer> chosen = isSeeding ? inTurn(now) : byReciprocation(now);
    for (Peer peer : peers) {
      if (!peer.isChoked && !chosen.contains(peer)) {
        uploads.choke(peer, now);
      }
    }
    for (Peer peer : chosen) {
      if (peer.isChoked) {
        uploads.unchoke(peer, now);
      }
    }
    return true;
  }

  private SequencedSet<Peer> byReciprocation(Instant now) {
    List<Peer> ranked = interested();
    // "it assumes that it is snubbed by that peer and doesn't upload to it except as an optimistic
    // unchoke"
    ranked.removeIf(peer -> peer.requests.isSnubbed());
    sortByRate(ranked, peer -> peer.download.perSecond(Rate.LONG, now));
    int regular = Math.max(1, slots - 1);
    SequencedSet<Peer> chosen =
        new LinkedHashSet<>(ranked.subList(0, Math.min(regular, ranked.size())));
    optimistic = chosen.size() < slots ? chooseOptimistic(chosen, now) : null;
    if (optimistic != null) {
      chosen.add(optimistic);
    }
    return chosen;
  }

  private List<Peer> interested() {
    List<Peer> interested = new ArrayList<>();
    for (Peer peer : peers) {
      if (peer.isInterested && !peer.isClosed) {
        interested.add(peer);
      }
    }
    return interested;
  }

  /// Highest first; who joined first where the rates are equal.
  private static void sortByRate(List<Peer> ranked, ToLongFunction<Peer> rate) {
    ranked.sort(Comparator.comparingLong(rate).reversed());
  }

  private @Nullable Peer chooseOptimistic(SequencedSet<Peer> chosen, Instant now) {
    List<Peer> others = interested();
    others.removeAll(chosen);
    Peer current = optimistic;
    boolean mayStay = current != null && others.contains(current);
    if (mayStay && (round % ROUNDS_PER_TURN != 0 || others.size() == 1)) {
      return current;
    }
    List<Peer> hat = new ArrayList<>();
    for (Peer peer : others) {
      boolean isNew = peer.joined.plus(NEWCOMER).isAfter(now);
      for (int i = isNew ? NEWCOMERS_WEIGHT : 1; i > 0 && peer != current; i--) {
        hat.add(peer);
      }
    }
    return hat.isEmpty() ? null : hat.get(random.nextInt(hat.size()));
  }

  private SequencedSet<Peer> inTurn(Instant now) {
    optimistic = null;
    List<Peer> serving = new ArrayList<>();
    List<Peer> waiting = new ArrayList<>();
    List<Peer> served = new ArrayList<>();
    for (Peer peer : interested()) {
      if (peer.isChoked) {
        waiting.add(peer);
      } else if (peer.turnSince != null && peer.turnSince.plus(TURN).isAfter(now)) {
        serving.add(peer);
      } else {
        served.add(peer);
      }
    }
    waiting.sort(LONGEST_WAIT);
    sortByRate(served, peer -> peer.upload.perSecond(Rate.LONG, now));
    List<Peer> order = new ArrayList<>(serving);
    order.addAll(waiting);
    order.addAll(served);
    return new LinkedHashSet<>(order.subList(0, Math.min(slots, order.size())));
  }
}
