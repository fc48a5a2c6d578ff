package peerage.swarm;

import java.time.Instant;
import java.util.stream.Stream;
import peerage.peers.PexDialect;
import peerage.pex.PexMessage;
import peerage.pex.PexOffence;
import peerage.pex.PexSession;

/// Telling and listening: carries what happens to the [PexSession] of each peer, and what that
/// says to the others.
final class Gossip {
  private final PeerTable peers;
  private final Hearing hearing;
  private final TellerLedger ledger;
  private final Outbox out;
  private long place;

  Gossip(PeerTable peers, Hearing hearing, TellerLedger ledger, Outbox out) {
    this.peers = peers;
    this.hearing = hearing;
    this.ledger = ledger;
    this.out = out;
  }

  /// Whether contacts came or went that no session has been asked about.
  boolean hasNews() {
    return place != peers.log().end();
  }

  Stream<Instant> deadlines() {
    return peers.all().stream()
        .filter(peer -> !peer.closing)
        .flatMap(peer -> peer.session().flatMap(PexSession::nextDeadline).stream());
  }

  void tick(Instant now) {
    var input = hasNews() ? new PexSession.Input.ContactsChanged() : new PexSession.Input.Tick();
    place = peers.log().end();
    for (Peer peer : peers.all()) {
      pass(peer, input, now);
    }
  }

  void received(Peer peer, byte[] payload, Instant now) {
    if (peer.session == null) {
      out.odd(peer, "a PEX message although we offered none");
    } else {
      pass(peer, new PexSession.Input.Received(payload), now);
    }
  }

  /// More is known of a peer: who is told to it may change.
  void learned(Peer peer, Instant now) {
    pass(peer, new PexSession.Input.Learned(peer.known()), now);
  }

  void pass(Peer peer, PexSession.Input input, Instant now) {
    if (peer.session != null && !peer.closing) {
      peer.session.handle(input, now).forEach(output -> obey(peer, output, now));
    }
  }

  private void obey(Peer peer, PexSession.Output output, Instant now) {
    switch (output) {
      case PexSession.Output.Send(int id, PexMessage message) -> {
        out.sendPex(peer, id, message);
        if (peer.leaveAt != null) {
          peer.leave(now.plus(Door.AFTER_TELLING), peer.departure);
        }
        out.happened(new SwarmEvent.Told(peer.link, peer.name(), message));
      }
      case PexSession.Output.Heard(PexMessage message) -> onTold(peer, message, now);
      case PexSession.Output.Odd(var oddity) -> out.odd(peer, oddity.toString());
      case PexSession.Output.Offended(PexOffence offence, String words) ->
          onOffence(peer, offence, words, now);
    }
  }

  private void onTold(Peer peer, PexMessage message, Instant now) {
    if (!ledger.isMuted(peer, now)) {
      peer.hasToldUs = true;
      hearing.told(peer, message, PexDialect.UT_PEX, now);
    }
  }

  private void onOffence(Peer peer, PexOffence offence, String words, Instant now) {
    switch (ledger.offence(peer, Offence.of(offence), now)) {
      case HEED -> out.odd(peer, words);
      case MUTE -> out.odd(peer, words + "; what it tells is ignored for a time");
      case CLOSE -> out.close(peer, "sent " + words);
    }
  }
}
