package peerage.node;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import peerage.peers.PeerFlags;
import peerage.pieces.MetadataProgress;
import peerage.pieces.Transfer;
import peerage.swarm.PeerView;
import peerage.swarm.Swarm;
import peerage.wire.Message;

/// What a torrent's loop does once a second or seldomer: rates, keep-alives, dead connections, kept
/// progress.
final class Housekeeping {
  private static final Duration STEP = Duration.ofSeconds(1);
  private static final Duration CHECKPOINT = Duration.ofSeconds(30);

  /// BEP 3 has keep-alives "generally once every two minutes"; before that, to be in time.
  private static final long QUIET = seconds(100);

  /// A peer that says nothing for two keep-alives is gone.
  private static final long SILENT = seconds(240);

  /// A peer that takes nothing of what we write for so long does not want it.
  private static final long STUCK = seconds(120);

  private static long seconds(int count) {
    return count * 1_000_000_000L;
  }

  private final Traffic traffic;
  private final RateMeter down = new RateMeter();
  private final RateMeter up = new RateMeter();
  private Instant nextStep = Instant.EPOCH;
  private Instant nextCheckpoint = Instant.EPOCH;
  private long checkpointed;

  Housekeeping(Traffic traffic) {
    this.traffic = traffic;
  }

  Instant nextDeadline() {
    return nextStep;
  }

  /// Does what is due.
  void settle(Instant now, Collection<Connection> connections, @Nullable TransferDesk transfers) {
    if (nextStep.isAfter(now)) {
      return;
    }
    nextStep = now.plus(STEP);
    long nanos = System.nanoTime();
    down.sample(nanos, traffic.downloaded());
    up.sample(nanos, traffic.uploaded());
    for (Connection connection : List.copyOf(connections)) {
      tend(connection, nanos);
    }
    Disk disk = transfers == null ? null : transfers.disk();
    if (transfers != null && disk != null && !nextCheckpoint.isAfter(now)) {
      nextCheckpoint = now.plus(CHECKPOINT);
      if (traffic.downloaded() != checkpointed) {
        checkpointed = traffic.downloaded();
        disk.checkpoint(transfers.machine().have());
      }
    }
  }

  private static void tend(Connection connection, long nanos) {
    if (connection.silentFor(nanos) > SILENT) {
      connection.close("it said nothing for four minutes");
    } else if (connection.stuckFor(nanos) > STUCK) {
      connection.close("it does not read what we send");
    } else if (connection.quietFor(nanos) > QUIET) {
      connection.send(new Message.KeepAlive());
    }
  }

  /// How the torrent stands.
  ///
  /// @param length of the content in bytes, as far as it is known
  Progress measure(
      Progress.State state,
      @Nullable Transfer transfer,
      @Nullable Disk disk,
      long length,
      MetadataProgress metadata,
      Swarm swarm) {
    long total = disk == null ? length : disk.wantedBytes();
    long left = transfer == null || disk == null ? total : transfer.remainingBytes();
    long nanos = System.nanoTime();
    long downRate = down.rate(nanos, traffic.downloaded());
    List<PeerView> peers = swarm.peers();
    var byOrigin = new TreeMap<Character, Integer>();
    peers.forEach(peer -> byOrigin.merge(peer.origin().letter(), 1, Integer::sum));
    return new Progress(
        state,
        total - left,
        total,
        traffic.downloaded(),
        traffic.uploaded(),
        traffic.wasted(),
        downRate,
        up.rate(nanos, traffic.uploaded()),
        downRate > 0 && left > 0
            ? Optional.of(Duration.ofSeconds(left / downRate + 1))
            : Optional.empty(),
        peers.size(),
        (int) peers.stream().filter(peer -> peer.flags().has(PeerFlags.UPLOAD_ONLY)).count(),
        byOrigin,
        swarm.book().size(),
        metadata);
  }
}
