package peerage.announce;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import peerage.peers.Family;
import peerage.peers.InfoHash;

/// When which swarm is called out on one network.
final class LanSchedule {
  private final Family family;
  private final SequencedMap<InfoHash, Turn> turns = new LinkedHashMap<>();
  private Instant free = Instant.MIN;

  LanSchedule(Family family) {
    this.family = family;
  }

  /// @param due when it is to be called out
  /// @param calls how often it was
  private record Turn(Instant due, int calls) {
    /// A datagram may get lost, so the second call comes soon.
    Turn called(Instant now) {
      return new Turn(
          now.plus(calls == 0 ? LanAnnouncer.SPACING : LanAnnouncer.INTERVAL), calls + 1);
    }
  }

  Family family() {
    return family;
  }

  void add(InfoHash infoHash, Instant due) {
    turns.putIfAbsent(infoHash, new Turn(due, 0));
  }

  void remove(InfoHash infoHash) {
    turns.remove(infoHash);
  }

  /// Has it called out no later than at that time, if the spacing allows.
  void hurry(InfoHash infoHash, Instant latest) {
    turns.computeIfPresent(
        infoHash, (_, turn) -> latest.isBefore(turn.due()) ? new Turn(latest, turn.calls()) : turn);
  }

  /// When something is to be called out.
  Optional<Instant> next() {
    return turns.values().stream()
        .map(Turn::due)
        .min(Comparator.naturalOrder())
        .map(due -> due.isBefore(free) ? free : due);
  }

  /// What to call out now, those first that wait longest; nothing if it is too early. There goes
  /// along what would be due before the next datagram may leave.
  List<InfoHash> take(Instant now) {
    if (next().filter(it -> !now.isBefore(it)).isEmpty()) {
      return List.of();
    }
    free = now.plus(LanAnnouncer.SPACING);
    List<InfoHash> taken =
        turns.entrySet().stream()
            .filter(entry -> entry.getValue().due().isBefore(free))
            .sorted(Comparator.comparing(entry -> entry.getValue().due()))
            .limit(LanMessage.MAX_HASHES)
            .map(Map.Entry::getKey)
            .toList();
    taken.forEach(hash -> turns.computeIfPresent(hash, (_, turn) -> turn.called(now)));
    return new ArrayList<>(taken);
  }
}
