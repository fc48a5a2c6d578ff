package peerage.pex;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import peerage.peers.Family;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;

/// Who came and who left, in one swarm: the log that all [PexSession]s of the swarm share. Each
/// keeps its own place in it, and what its remote was told.
///
/// BEP 11 calls it "a per-torrent timeline of connect/disconnect events". Of each contact only the
/// last event is kept: that it came, as long as it is connected; that it left, for the few that
/// may still be told of. So the log is as long as the swarm's connections, and no longer.
///
/// Holds only endpoints that can be dialled: where a peer listens, never an ephemeral port. Not
/// thread-safe; owned by the loop that owns the sessions.
public final class ContactLog {
  /// BEP 11: "a list of up to 25 most recently established and fully handshaken connections" of a
  /// family.
  public static final int MAX_RECENT = 25;

  /// BEP 11: contacts that left may be told "if a client is connected to less than 25 clients for a
  /// particular address family".
  public static final int UNDERPOPULATED = 25;

  /// One event: a contact came, or left.
  ///
  /// @param number greater than that of every earlier event
  record Event(long number, PeerFlags flags) {}

  private final LinkedHashMap<PeerAddress, Event> live = new LinkedHashMap<>();
  private final LinkedHashMap<PeerAddress, Event> recent = new LinkedHashMap<>();
  private final EnumMap<Family, Integer> liveOf = new EnumMap<>(Family.class);
  private long end;

  /// A contact came, or more is known about it.
  ///
  /// @return whether it was not there
  public boolean put(PeerAddress contact, PeerFlags flags) {
    Event before = live.get(contact);
    if (before != null) {
      live.put(contact, new Event(before.number(), flags));
      return false;
    }
    recent.remove(contact);
    live.put(contact, new Event(++end, flags));
    liveOf.merge(contact.family(), 1, Integer::sum);
    return true;
  }

  /// A contact left.
  ///
  /// @return whether it was there
  public boolean remove(PeerAddress contact, Departure why) {
    Event came = live.remove(contact);
    if (came == null) {
      return false;
    }
    liveOf.merge(contact.family(), -1, Integer::sum);
    end++;
    if (why.isWorthTelling()) {
      keepAsRecent(contact, came.flags());
    }
    return true;
  }

  /// A contact came and left at once: it shook hands, but could not stay.
  public void met(PeerAddress contact, PeerFlags flags, Departure why) {
    if (!live.containsKey(contact) && why.isWorthTelling()) {
      end++;
      keepAsRecent(contact, flags);
    }
  }

  private void keepAsRecent(PeerAddress contact, PeerFlags flags) {
    recent.putLast(contact, new Event(end, flags));
    List<PeerAddress> ofFamily =
        recent.keySet().stream().filter(c -> c.family() == contact.family()).toList();
    if (ofFamily.size() > MAX_RECENT) {
      recent.remove(ofFamily.getFirst());
    }
  }

  /// Forgets who left: nothing of them will be told.
  public void forgetRecent() {
    recent.clear();
  }

  /// Whether the contact is connected.
  public boolean contains(PeerAddress contact) {
    return live.containsKey(contact);
  }

  /// What is known about a connected contact.
  public Optional<PeerFlags> flags(PeerAddress contact) {
    return Optional.ofNullable(live.get(contact)).map(Event::flags);
  }

  /// How many are connected.
  public int size() {
    return live.size();
  }

  int size(Family family) {
    return liveOf.getOrDefault(family, 0);
  }

  /// A view, in the order of their coming.
  SequencedMap<PeerAddress, Event> live() {
    return live;
  }

  /// Those that left and may be told all the same, in the order of their leaving: only of families
  /// that are underpopulated.
  ///
  /// @param place whoever left up to there is left out
  SequencedMap<PeerAddress, Event> recentAfter(long place) {
    var found = new LinkedHashMap<PeerAddress, Event>();
    for (Map.Entry<PeerAddress, Event> entry : recent.entrySet()) {
      boolean isFew = size(entry.getKey().family()) < UNDERPOPULATED;
      if (isFew && entry.getValue().number() > place) {
        found.put(entry.getKey(), entry.getValue());
      }
    }
    return found;
  }

  /// The number of the last event: a place that moves whenever a contact comes or goes.
  public long end() {
    return end;
  }
}
