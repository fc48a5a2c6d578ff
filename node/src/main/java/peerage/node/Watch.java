package peerage.node;

import java.time.Duration;
import java.util.stream.Stream;

/// A swarm that is watched: peers are discovered and verified, nothing is downloaded.
public final class Watch extends Membership {
  Watch(TorrentLoop loop) {
    super(loop);
  }

  /// The verified peers as they are found, those already connected first; no address twice. The
  /// stream waits for the next one, and ends after `limit`, when this is closed, or when the thread
  /// is interrupted (the flag stays set). Sequential only.
  public Stream<PeerReport> peers(Duration limit) {
    return PeerStream.open(this, limit);
  }
}
