package peerage.swarm;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import peerage.pex.Departure;

/// Lets a peer go of which nothing came, when we are full and others wait. Honest peers come and
/// go; whoever only occupies places stays for ever, so without this all places are occupied in the
/// end.
final class Pruning {
  /// How often one is let go at most (guess: a place in forty changes hands in a minute).
  static final Duration EVERY = Duration.ofSeconds(30);

  /// How long a peer may give nothing (guess: four rounds of a choker's optimistic unchoke).
  static final Duration PATIENCE = Duration.ofMinutes(2);

  private final SwarmOptions options;
  private final PeerTable peers;
  private final TellerLedger ledger;
  private final Dialling dialling;
  private final Outbox out;
  private Instant next = Instant.MIN;

  Pruning(
      SwarmOptions options, PeerTable peers, TellerLedger ledger, Dialling dialling, Outbox out) {
    this.options = options;
    this.peers = peers;
    this.ledger = ledger;
    this.dialling = dialling;
    this.out = out;
  }

  /// @param complete whether we want nothing any more: then who takes nothing is of no use
  void tick(boolean complete, Instant now) {
    if (now.isBefore(next) || peers.size() < options.maxPeers()) {
      return;
    }
    List<Peer> all = peers.all();
    boolean someAreOfUse = all.stream().anyMatch(peer -> isOfUse(peer, complete, now));
    boolean someoneWaits = someAreOfUse && dialling.someoneWaits(now);
    Crowds crowds = Crowds.of(options.maxPeers(), peers, List.of());
    all.stream()
        .filter(peer -> someAreOfUse && !isOfUse(peer, complete, now))
        .filter(peer -> peer.mayGoAfter(PATIENCE, now))
        .filter(peer -> someoneWaits || crowds.overBy(peer.name()) > 0 || !hasCredit(peer, now))
        .min(Comparator.comparingInt(peer -> ledger.score(peer, now)))
        .ifPresent(this::letGo);
    next = now.plus(EVERY);
  }

  private void letGo(Peer peer) {
    peer.barren = true;
    out.close(peer, "nothing came of it, and others want its place", Departure.NO_ROOM);
  }

  private boolean hasCredit(Peer peer, Instant now) {
    return ledger.score(peer, now) > 0;
  }

  /// When to look again.
  Optional<Instant> deadline() {
    return peers.size() < options.maxPeers() || next.equals(Instant.MIN)
        ? Optional.empty()
        : Optional.of(next);
  }

  private static boolean isOfUse(Peer peer, boolean complete, Instant now) {
    return complete ? peer.wasServed(PATIENCE, now) : peer.supplied(PATIENCE, now);
  }
}
