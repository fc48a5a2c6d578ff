package peerage.pxp;

import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.TreeSet;

/// The numbers of the channels that we open. JavaScript nodes make an array as long as the highest
/// number, so the lowest free one is used, as they do.
///
/// A number is used again only when the other side has answered its end: what it does at the end
/// of the old channel must not hit the new one.
final class OwnChannels {
  private final TreeSet<Integer> free = new TreeSet<>();
  private final SequencedSet<Integer> ending = new LinkedHashSet<>();
  private int unused;

  /// A number for a new channel.
  int take() {
    Integer lowest = free.pollFirst();
    return lowest != null ? lowest : unused++;
  }

  /// We have ended the channel. Who answers no end costs us numbers, but no memory.
  void ended(int channel) {
    ending.add(channel);
    if (ending.size() > PxpLimits.CHANNELS_MAX) {
      ending.removeFirst();
    }
  }

  /// The other side has answered the end, or destroyed the channel afterwards.
  void answered(int channel) {
    if (ending.remove(channel)) {
      free.add(channel);
    }
  }

  /// The other side destroyed a channel that was open.
  void destroyed(int channel) {
    free.add(channel);
  }
}
