package peerage.pex;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.SequencedMap;
import java.util.SequencedSet;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;

/// What one peer tells another: contacts that it is connected to now, and contacts that it no
/// longer is. The same in every dialect; a dialect is only a codec.
///
/// No contact is named twice in either, nor in both at once: BEP 11 forbids it ("the same address"
/// may not be added and dropped in one message), so such a message cannot be built.
///
/// @param added contact → what the sender knows about it, in the order of the message
/// @param dropped contacts that were added earlier
public record PexMessage(
    SequencedMap<PeerAddress, PeerFlags> added, SequencedSet<PeerAddress> dropped) {

  /// Copies both.
  ///
  /// @throws IllegalArgumentException if a contact is in both
  public PexMessage {
    added = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(added));
    dropped = Collections.unmodifiableSequencedSet(new LinkedHashSet<>(dropped));
    for (PeerAddress contact : dropped) {
      if (added.containsKey(contact)) {
        throw new IllegalArgumentException(contact + " is both added and dropped");
      }
    }
  }

  /// Whether it says nothing. Such a message is never sent.
  public boolean isEmpty() {
    return added.isEmpty() && dropped.isEmpty();
  }
}
