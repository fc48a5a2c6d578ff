package peerage.pex;

import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;

/// Whom we are connected to, in one swarm: the set that every [PexSession] of the swarm shares.
/// Holds only endpoints that can be dialled: where a peer listens, never an ephemeral port.
///
/// Not thread-safe; owned by the loop that owns the sessions.
public final class LiveContacts {
  private final LinkedHashMap<PeerAddress, PeerFlags> contacts = new LinkedHashMap<>();
  private long version;

  /// Adds a contact, or changes what is known about it.
  ///
  /// @return whether it was not there
  public boolean put(PeerAddress contact, PeerFlags flags) {
    boolean added = contacts.put(contact, flags) == null;
    if (added) {
      version++;
    }
    return added;
  }

  /// Removes a contact.
  ///
  /// @return whether it was there
  public boolean remove(PeerAddress contact) {
    boolean removed = contacts.remove(contact) != null;
    if (removed) {
      version++;
    }
    return removed;
  }

  /// Whether the contact is there.
  public boolean contains(PeerAddress contact) {
    return contacts.containsKey(contact);
  }

  /// What is known about a contact.
  public Optional<PeerFlags> flags(PeerAddress contact) {
    return Optional.ofNullable(contacts.get(contact));
  }

  /// How many there are.
  public int size() {
    return contacts.size();
  }

  /// A view, oldest first.
  SequencedMap<PeerAddress, PeerFlags> view() {
    return contacts;
  }

  /// A number that changes whenever a contact comes or goes.
  public long version() {
    return version;
  }
}
