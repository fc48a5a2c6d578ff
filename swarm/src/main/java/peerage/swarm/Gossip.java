package peerage.swarm;

import java.time.Instant;
import java.util.stream.Stream;
import peerage.peers.PexDialect;
import peerage.pex.PexMessage;
import peerage.pex.PexSession;

/// Telling and listening: carries what happens to the [PexSession] of each peer, and what that
/// says to the others.
final class Gossip {
  private final PeerTable peers;
  private final Hearing hearing;
  private final Outbox out;
  private long toldVersion;

  Gossip(PeerTable peers, Hearing hearing, Outbox out) {
    this.peers = peers;
    this.hearing = hearing;
    this.out = out;
  }

  /// Whether contacts came or went that no session has been asked about.
  boolean hasNews() {
    return toldVersion != peers.live().version();
  }

  Stream<Instant> deadlines() {
    return peers.all().stream()
        .filter(peer -> !peer.closing)
        .flatMap(peer -> peer.session().flatMap(PexSession::nextDeadline).stream());
  }

  void tick(Instant now) {
    var input = hasNews() ? new PexSession.Input.LiveChanged() : new PexSession.Input.Tick();
    toldVersion = peers.live().version();
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

  void pass(Peer peer, PexSession.Input input, Instant now) {
    if (peer.session != null && !peer.closing) {
      peer.session.handle(input, now).forEach(output -> obey(peer, output, now));
    }
  }

  private void obey(Peer peer, PexSession.Output output, Instant now) {
    switch (output) {
      case PexSession.Output.Send(int id, PexMessage message) -> {
        out.sendPex(peer, id, message);
        out.happened(new SwarmEvent.Told(peer.link, peer.name(), message));
      }
      case PexSession.Output.Heard(PexMessage message) ->
          hearing.told(peer, message, PexDialect.UT_PEX, now);
      case PexSession.Output.Odd(var oddity) -> out.odd(peer, oddity.toString());
      case PexSession.Output.TooOften() -> out.odd(peer, "PEX messages too often");
      case PexSession.Output.Close(var reason) -> out.close(peer, reason);
    }
  }
}
