package peerage.cli;

import peerage.node.Peerage;
import peerage.node.Watch;
import peerage.peers.InfoHash;
import peerage.wire.Magnet;
import peerage.wire.Metainfo;

/// What a user names: a torrent that is at hand, or a magnet whose metadata peers have.
sealed interface Named {
  /// The swarm's name.
  InfoHash infoHash();

  /// Looks for its peers.
  Watch watch(Peerage peerage);

  /// A torrent at hand.
  record Torrent(Metainfo torrent) implements Named {
    @Override
    public InfoHash infoHash() {
      return torrent.infoHash();
    }

    @Override
    public Watch watch(Peerage peerage) {
      return peerage.watch(torrent);
    }
  }

  /// A magnet link, or a bare info-hash.
  record Link(Magnet magnet) implements Named {
    @Override
    public InfoHash infoHash() {
      return magnet.infoHash();
    }

    @Override
    public Watch watch(Peerage peerage) {
      return peerage.watch(magnet);
    }
  }
}
