package peerage.node;

import java.util.List;
import java.util.Optional;
import peerage.peers.InfoHash;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;

/// Local discovery of one torrent, as long as it is not known to be private: of a private one
/// nothing is called out (BEP 27). Owned by the torrent's loop.
final class LanDesk {
  private final TorrentLoop loop;
  private final Optional<LanPort> lan;
  private final InfoHash infoHash;
  private boolean joined;

  LanDesk(TorrentLoop loop, Services services, InfoHash infoHash) {
    this.loop = loop;
    this.lan = services.lan();
    this.infoHash = infoHash;
  }

  void start() {
    if (isAllowed()) {
      joined = true;
      lan.orElseThrow().join(infoHash, this::heard);
    }
  }

  /// Falls silent when the torrent turns out to be private.
  void settle() {
    if (joined && !isAllowed()) {
      stop();
    }
  }

  void stop() {
    if (joined) {
      joined = false;
      lan.orElseThrow().leave(infoHash);
    }
  }

  private void heard(PeerAddress peer) {
    loop.later("lan peer", () -> take(peer));
  }

  private void take(PeerAddress peer) {
    if (joined) {
      loop.heard(List.of(peer), new Origin.Lan(), Optional.of(peer.ip()));
    }
  }

  private boolean isAllowed() {
    return lan.isPresent() && !loop.swarm().isPrivate();
  }
}
