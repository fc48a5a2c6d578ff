package peerage.swarm;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import peerage.peers.IpAddress;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;
import peerage.peers.PexDialect;
import peerage.pex.PexMessage;

/// Takes addresses that somebody named: judged, they become candidates in the book. What each
/// teller says is taken down in the ledger.
final class Hearing {
  private final CandidateBook book;
  private final PeerTable peers;
  private final Judge judge;
  private final TellerLedger ledger;
  private final Confirmation confirmation;
  private final Outbox out;

  Hearing(
      CandidateBook book,
      PeerTable peers,
      Judge judge,
      TellerLedger ledger,
      Confirmation confirmation,
      Outbox out) {
    this.confirmation = confirmation;
    this.book = book;
    this.peers = peers;
    this.judge = judge;
    this.ledger = ledger;
    this.out = out;
  }

  /// A connected peer told us of others.
  void told(Peer teller, PexMessage message, PexDialect dialect, Instant now) {
    ledger.heard(teller, message, now);
    var origin = new Origin.Pex(teller.name(), dialect);
    var said = new Said(origin, Optional.of(teller.remote.ip()), teller.direction);
    for (Map.Entry<PeerAddress, PeerFlags> entry : message.added().sequencedEntrySet()) {
      hear(entry.getKey(), entry.getValue(), said, now);
    }
    Source source = Source.of(origin);
    for (PeerAddress gone : message.dropped()) {
      if (book.withdraw(gone, source, now)) {
        ledger.withdrew(source);
      }
    }
  }

  /// @param source where who names it is, if known
  void hear(
      PeerAddress address,
      Origin origin,
      PeerFlags hearsay,
      Optional<IpAddress> source,
      Instant now) {
    hear(address, hearsay, new Said(origin, source, Direction.OUTGOING), now);
  }

  /// Who says it.
  ///
  /// @param source where that somebody is, if known
  /// @param direction who dialled, on the connection by which it came
  private record Said(Origin origin, Optional<IpAddress> source, Direction direction) {}

  private void hear(PeerAddress address, PeerFlags flags, Said said, Instant now) {
    Origin origin = said.origin();
    Optional<String> refusal = judge.refusal(address, origin, said.source(), book);
    if (refusal.isPresent()) {
      refuse(address, origin, refusal.get(), now);
      return;
    }
    confirmation.heard(address, origin);
    CandidateBook.Entry entry = book.hear(address, origin, flags, said.direction(), now);
    switch (entry) {
      case NEW -> {
        peers.at(address).ifPresent(peer -> book.connected(address, peer.direction));
        recall(address);
        taken(address, origin, now);
      }
      case CONFIRMED -> taken(address, origin, now);
      case KNOWN -> {}
      case OVER_QUOTA, INCOMING_OVER_QUOTA, NETWORK_OVER_QUOTA, CROWDED, FULL ->
          refuse(address, origin, entry.why(), now);
    }
  }

  private void taken(PeerAddress address, Origin origin, Instant now) {
    if (origin instanceof Origin.Pex pex) {
      ledger.told(pex, now);
    }
    out.happened(new SwarmEvent.Heard(address, origin));
  }

  /// Tellers that were not believed when they named it belong to its hearings all the same.
  private void recall(PeerAddress address) {
    List<Candidate.Hearing> before = judge.refusals().hearings(address);
    judge.refusals().remove(address);
    for (Candidate.Hearing hearing : before) {
      book.hear(address, hearing.origin(), PeerFlags.NONE, Direction.INCOMING, hearing.at());
    }
  }

  private void refuse(PeerAddress address, Origin origin, String reason, Instant now) {
    judge.refused(address, origin, reason, now);
    if (origin instanceof Origin.Pex pex) {
      ledger.refused(pex, now);
    }
    out.happened(new SwarmEvent.Refused(address, origin, reason));
  }

  void ban(Peer peer, String reason) {
    judge.ban(peer.name());
    book.forgetIf(judge::isBanned);
    out.close(peer, reason);
  }

  /// We dialled this address and met ourselves.
  void metOurselves(PeerAddress address) {
    judge.rememberOwn(address);
    book.get(address).ifPresent(book::forget);
  }
}
