package peerage.node;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import peerage.peers.InfoHash;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.swarm.Candidate;
import peerage.swarm.Direction;
import peerage.swarm.Privacy;
import peerage.swarm.SwarmEvent;

/// What one torrent's loop remembers, and is reminded of. Owned by the loop.
final class MemoryDesk {
  /// What a crash may cost: as often as progress is made durable.
  private static final Duration BATCH = Duration.ofSeconds(30);

  private final PeerMemory memory;
  private final InfoHash infoHash;
  private final SwarmDesk swarm;
  private Instant nextBatch = Instant.MIN;
  private boolean wasPrivate;

  MemoryDesk(PeerMemory memory, InfoHash infoHash, SwarmDesk swarm) {
    this.memory = memory;
    this.infoHash = infoHash;
    this.swarm = swarm;
  }

  /// Names the remembered peers to the swarm, the latest success first; each is believed about
  /// itself, for we were there.
  ///
  /// BEP 27: peers of a private torrent come from its tracker alone. So nothing is remembered of
  /// it, and what was remembered when it was not known to be private is forgotten.
  void recall() {
    if (isPrivate()) {
      memory.forget(infoHash);
      return;
    }
    for (Remembered peer : memory.recall(infoHash)) {
      swarm.heard(List.of(peer.address()), peer.origin(), Optional.of(peer.address().ip()));
    }
  }

  /// A dial that succeeds is worth remembering.
  void saw(TorrentEvent event) {
    if (event
            instanceof
            TorrentEvent.OfSwarm(SwarmEvent.Connected(var _, var peer, var direction, var origins))
        && direction == Direction.OUTGOING
        && isPublic()) {
      memory.reached(infoHash, peer, origins);
    }
  }

  /// Has what is new written, when it is time, on a thread that may wait for the disk.
  void settle(Instant now) {
    if (now.isBefore(nextBatch)) {
      return;
    }
    nextBatch = now.plus(BATCH);
    refresh();
    Thread.ofVirtual().name("memory").start(memory::flush);
  }

  /// Writes down who is still there.
  void leave() {
    refresh();
    memory.flush();
  }

  /// To be connected is to succeed; that goes for whoever once took our dial.
  private void refresh() {
    if (isPrivate() && !wasPrivate) { // it has turned out to be
      wasPrivate = true;
      memory.forget(infoHash);
    }
    if (!isPublic()) {
      return;
    }
    for (Candidate candidate : swarm.machine().book().all()) {
      if (candidate.isConnected() && candidate.isVerified()) {
        remember(candidate.address(), candidate.hearings());
      }
    }
  }

  private boolean isPrivate() {
    return swarm.isPrivate();
  }

  /// As long as it is not known, nothing is written: it could not be taken back after a crash.
  private boolean isPublic() {
    return swarm.machine().privacy() == Privacy.PUBLIC;
  }

  private void remember(PeerAddress address, List<Candidate.Hearing> hearings) {
    List<Origin> origins = hearings.stream().map(Candidate.Hearing::origin).toList();
    memory.reached(infoHash, address, origins);
  }
}
