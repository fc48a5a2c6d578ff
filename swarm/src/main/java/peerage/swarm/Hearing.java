package peerage.swarm;

import java.time.Instant;
import java.util.Optional;
import peerage.peers.IpAddress;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;

/// Takes addresses that somebody named: judged, they become candidates in the book.
final class Hearing {
  private final CandidateBook book;
  private final PeerTable peers;
  private final Judge judge;
  private final Outbox out;

  Hearing(CandidateBook book, PeerTable peers, Judge judge, Outbox out) {
    this.book = book;
    this.peers = peers;
    this.judge = judge;
    this.out = out;
  }

  void hear(
      PeerAddress address,
      Origin origin,
      PeerFlags hearsay,
      Optional<IpAddress> source,
      Instant now) {
    Optional<String> refusal = judge.refusal(address, origin, source, book);
    if (refusal.isPresent()) {
      refuse(address, origin, refusal.get());
      return;
    }
    switch (book.hear(address, origin, hearsay, now)) {
      case NEW -> {
        peers.at(address).ifPresent(peer -> book.connected(address, peer.direction));
        out.happened(new SwarmEvent.Heard(address, origin));
      }
      case CONFIRMED -> out.happened(new SwarmEvent.Heard(address, origin));
      case KNOWN -> {}
      case OVER_QUOTA -> refuse(address, origin, "its teller named too many");
      case FULL -> refuse(address, origin, "the candidate book is full");
    }
  }

  private void refuse(PeerAddress address, Origin origin, String reason) {
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
