package peerage.node;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.wire.Magnet;

/// The peers that a magnet names (`x.pe`): told to the swarm, after their names are looked up.
final class MagnetPeers {
  /// Names that are looked up; the rest is left out. A guess: a magnet is somebody else's text, and
  /// each look-up costs somebody's name server a question.
  private static final int MAX_NAMES = 10;

  private MagnetPeers() {}

  /// Numeric addresses at once, names when the resolver has answered.
  static void tell(TorrentLoop loop, List<Magnet.Endpoint> peers) {
    var numeric = new ArrayList<PeerAddress>();
    var names = new ArrayList<Magnet.Endpoint>();
    for (Magnet.Endpoint peer : peers) {
      peer.numeric().ifPresentOrElse(numeric::add, () -> names.add(peer));
    }
    if (!numeric.isEmpty()) {
      hear(loop, numeric);
    }
    names.stream()
        .limit(MAX_NAMES)
        .forEach(name -> Thread.ofVirtual().name("look up").start(() -> lookUp(loop, name)));
  }

  private static void lookUp(TorrentLoop loop, Magnet.Endpoint peer) {
    try {
      var found = new ArrayList<PeerAddress>();
      for (InetAddress address : InetAddress.getAllByName(peer.host())) {
        found.add(new PeerAddress(Addresses.toIp(address), peer.port()));
      }
      loop.post(() -> hear(loop, found));
    } catch (UnknownHostException _) {
      // whoever made the magnet knew it, or it is gone
    }
  }

  private static void hear(TorrentLoop loop, List<PeerAddress> peers) {
    loop.heard(peers, new Origin.Magnet(), Optional.empty());
    loop.dht().suggest(peers); // many use one port number for both
  }
}
