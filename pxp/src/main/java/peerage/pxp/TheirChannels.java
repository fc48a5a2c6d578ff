package peerage.pxp;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.SequencedMap;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;
import peerage.bencode.MalformedMessage;

/// The channels that the other side has open, by its numbers, which may be any: where each leads.
final class TheirChannels {
  /// Where a channel leads.
  sealed interface Target permits MuxStream, KeptStreams.Kept {}

  private final SequencedMap<Integer, Target> targets = new LinkedHashMap<>();
  private final SequencedSet<Integer> dropped = new LinkedHashSet<>();

  /// Where a channel leads; null if nowhere.
  @Nullable Target get(int channel) {
    return targets.get(channel);
  }

  /// Makes sure that one more may be opened.
  ///
  /// @throws MalformedMessage if not
  void checkRoom() throws MalformedMessage {
    if (targets.size() >= PxpLimits.CHANNELS_MAX) {
      throw new MalformedMessage("too many streams at a time");
    }
  }

  void lead(int channel, Target target) {
    targets.put(channel, target);
  }

  /// Forgets a channel, and says where it led; null if nowhere.
  @Nullable Target remove(int channel) {
    return targets.remove(channel);
  }

  /// What still comes on it is dropped; remembered only so that its end is answered.
  void drop(int channel) {
    dropped.add(channel);
    if (dropped.size() > PxpLimits.CHANNELS_MAX) {
      dropped.removeFirst();
    }
  }

  /// Forgets a channel, and says whether it was dropped.
  boolean undrop(int channel) {
    return dropped.remove(channel);
  }
}
