package peerage.swarm;

import java.util.ArrayList;
import java.util.List;
import peerage.peers.Link;
import peerage.peers.PeerAddress;
import peerage.pex.Departure;
import peerage.pex.PexMessage;

/// What the parts of a [Swarm] want done, until the driver takes it.
final class Outbox {
  private List<Swarm.Output> outputs = new ArrayList<>();

  List<Swarm.Output> take() {
    var taken = outputs;
    outputs = new ArrayList<>();
    return taken;
  }

  void dial(Candidate candidate) {
    outputs.add(new Swarm.Output.Dial(candidate.address()));
  }

  void probe(PeerAddress endpoint) {
    outputs.add(new Swarm.Output.Probe(endpoint));
  }

  void handshake(Peer peer) {
    outputs.add(new Swarm.Output.SendHandshake(peer.link));
  }

  void sendPex(Peer peer, int id, PexMessage message) {
    outputs.add(new Swarm.Output.SendPex(peer.link, id, message));
  }

  void close(Link link, String reason) {
    outputs.add(new Swarm.Output.Close(link, reason));
  }

  void close(Peer peer, String reason) {
    if (!peer.closing) {
      peer.closing = true;
      close(peer.link, reason);
    }
  }

  /// Closes a peer for a reason that decides whether others may still be told of it.
  void close(Peer peer, String reason, Departure why) {
    peer.departure = why;
    close(peer, reason);
  }

  void happened(SwarmEvent event) {
    outputs.add(new Swarm.Output.Happened(event));
  }

  void odd(Peer peer, String what) {
    happened(new SwarmEvent.Odd(peer.link, peer.name(), what));
  }
}
