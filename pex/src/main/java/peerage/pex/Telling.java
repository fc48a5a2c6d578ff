package peerage.pex;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.SequencedMap;
import java.util.SequencedSet;
import peerage.peers.AddressClass;
import peerage.peers.Family;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;
import peerage.peers.PeerPriority;

/// The telling half of a [PexSession]: what the next message says. That is the difference between
/// what the remote should hold and what it was told, so nothing is said twice, who came and went
/// meanwhile is never mentioned, and a drop names exactly what was added.
///
/// What it should hold: those in the [ContactLog] that are of use to it, all of them if there is
/// room. If not, the half of the room goes to those that rank best from its side (BEP 40), the
/// other half to the rest in turn, a dropped one making room for the next: so nobody is withheld
/// for ever.
final class Telling {
  /// How much of the room goes to the best. The rest is for taking turns.
  private static final int MAX_BEST = PexSession.MAX_TOLD / 2;

  /// How many contacts of a family are weighed for one message; of more, those whose turn comes
  /// next (guess: what keeps a peer with thousands of connections from weighing millions a minute).
  private static final int MAX_WEIGHED = 1_000;

  private final ContactLog log;
  private final Listening listening;
  private final ContactSet told = new ContactSet();
  private final ContactSet toldBefore = new ContactSet();
  private final EnumMap<Family, Long> turns = new EnumMap<>(Family.class);
  private Remote remote;
  private long place = -1;
  private boolean unfinished;
  private boolean begun;

  Telling(ContactLog log, Remote remote, Listening listening) {
    this.log = log;
    this.remote = remote;
    this.listening = listening;
  }

  /// Whether [#next()] may have something to say.
  boolean hasNews() {
    return unfinished || place != log.end();
  }

  /// Something other than the log changed: what the remote should hold is reckoned anew.
  void reconsider() {
    unfinished = true;
  }

  void learn(Remote known) {
    if (!known.equals(remote)) {
      remote = known;
      reconsider();
    }
  }

  Remote remote() {
    return remote;
  }

  /// The remote may have forgotten all that it was told, or nothing.
  void startOver() {
    toldBefore.addAll(told.toList());
    reconsider();
  }

  /// What is to be said; it counts as told. Empty if there is nothing.
  PexMessage next() {
    var draft = new Draft();
    PexMessage message = draft.message();
    told.removeAll(message.dropped());
    told.addAll(message.added().keySet());
    toldBefore.removeAll(message.added().keySet());
    toldBefore.removeAll(message.dropped());
    unfinished = !message.isEmpty() && draft.leavesSomething();
    place = log.end();
    begun |= !message.isEmpty();
    return message;
  }

  private boolean isOwed(PeerAddress contact) {
    return !told.contains(contact) || toldBefore.contains(contact);
  }

  /// Whether the contact is of use to the remote, and not known to it without us.
  private boolean isForRemote(PeerAddress contact, PeerFlags flags) {
    boolean seedToSeed =
        remote.interest() == Remote.Interest.SEED && flags.has(PeerFlags.UPLOAD_ONLY);
    boolean echo = listening.holds(contact) && !told.contains(contact);
    return !seedToSeed
        && !echo
        && !remote.isAt(contact)
        && canUse(contact.family())
        && isWithinReach(contact);
  }

  /// BEP 11 leaves it open; a list of contacts that the receiver cannot dial helps nobody. That it
  /// can is known from its connection, from the address that it named (BEP 10), and from its being
  /// connected to others of the family.
  private boolean canUse(Family family) {
    return remote.source(family).isPresent() || listening.knows(family);
  }

  /// Who lives in a private network is named only there: elsewhere the address leads to another
  /// host, or tells strangers about our network.
  private boolean isWithinReach(PeerAddress contact) {
    IpAddress from = remote.source(contact.family()).map(PeerAddress::ip).orElse(remote.ip());
    return AddressClass.of(contact.ip()).isKnownFrom(AddressClass.of(from));
  }

  /// The best first; of equals, as the masks of BEP 40 make them, the one that came first.
  private record Ranked(PeerAddress contact, ContactLog.Event event, long rank)
      implements Comparable<Ranked> {
    @Override
    public int compareTo(Ranked other) {
      int byRank = Long.compare(other.rank, rank);
      return byRank != 0 ? byRank : Long.compare(event.number(), other.event.number());
    }
  }

  /// One message in the making.
  private final class Draft {
    private final SequencedMap<PeerAddress, PeerFlags> added = new LinkedHashMap<>();
    private final SequencedSet<PeerAddress> dropped = new LinkedHashSet<>();
    private final SequencedMap<PeerAddress, PeerFlags> wanted = new LinkedHashMap<>();
    private boolean othersTakeTurns;

    Draft() {
      for (Family family : Family.values()) {
        choose(family);
      }
      dropTheGone();
      for (Family family : Family.values()) {
        makeRoom(family);
      }
      addWanted();
      addRecent();
    }

    PexMessage message() {
      return new PexMessage(added, dropped);
    }

    /// Whether another message must follow although nobody comes or goes.
    boolean leavesSomething() {
      if (othersTakeTurns) {
        return true;
      }
      boolean goneRemain = told.toList().stream().anyMatch(contact -> !isUseful(contact));
      return goneRemain || wanted.keySet().stream().anyMatch(Telling.this::isOwed);
    }

    /// In the order of their coming, but from whose turn it is on.
    private SequencedMap<PeerAddress, ContactLog.Event> usefulOf(Family family) {
      long last = turns.getOrDefault(family, 0L);
      var contacts = new LinkedHashMap<PeerAddress, ContactLog.Event>();
      log.live().entrySet().stream()
          .filter(entry -> entry.getKey().family() == family)
          .sorted(Comparator.comparing(entry -> entry.getValue().number() <= last))
          .limit(MAX_WEIGHED)
          .filter(entry -> isForRemote(entry.getKey(), entry.getValue().flags()))
          .forEach(entry -> contacts.put(entry.getKey(), entry.getValue()));
      return contacts;
    }

    private boolean isUseful(PeerAddress contact) {
      ContactLog.Event event = log.live().get(contact);
      return event != null && isForRemote(contact, event.flags());
    }

    private void choose(Family family) {
      var contacts = usefulOf(family);
      if (contacts.size() <= PexSession.MAX_TOLD) {
        contacts.forEach((contact, event) -> wanted.put(contact, event.flags()));
        return;
      }
      contacts.entrySet().stream()
          .map(entry -> new Ranked(entry.getKey(), entry.getValue(), rank(entry.getKey())))
          .sorted()
          .limit(MAX_BEST)
          .forEach(best -> wanted.put(best.contact(), best.event().flags()));
      var others = new LinkedHashMap<>(contacts);
      others.keySet().removeAll(wanted.keySet());
      takeTurns(family, others);
      othersTakeTurns = true;
    }

    /// BEP 40 from the side of the receiver. Where it would dial from is unknown: all are alike.
    private long rank(PeerAddress contact) {
      return remote
          .source(contact.family())
          .map(there -> PeerPriority.of(there, contact))
          .orElse(0L);
    }

    /// The next ones behind the last whose turn it was, round and round.
    private void takeTurns(Family family, SequencedMap<PeerAddress, ContactLog.Event> others) {
      others.entrySet().stream()
          .limit(PexSession.MAX_TOLD - MAX_BEST)
          .forEach(
              entry -> {
                wanted.put(entry.getKey(), entry.getValue().flags());
                turns.put(family, entry.getValue().number());
              });
    }

    private void dropTheGone() {
      for (PeerAddress contact : told.toList()) {
        if (!isUseful(contact)) {
          drop(contact);
        }
      }
    }

    private boolean drop(PeerAddress contact) {
      return dropped.size() < PexSession.MAX_CONTACTS && dropped.add(contact);
    }

    /// Who is told and still there gives way to others only as far as there are any.
    private void makeRoom(Family family) {
      long missing =
          wanted.keySet().stream()
              .filter(contact -> contact.family() == family && !told.contains(contact))
              .count();
      long tooMany = missing - room(family);
      for (PeerAddress contact : told.toList()) {
        boolean mayGo = contact.family() == family && !wanted.containsKey(contact);
        if (tooMany > 0 && mayGo && !dropped.contains(contact) && drop(contact)) {
          tooMany--;
        }
      }
    }

    private int room(Family family) {
      int count = told.size(family);
      for (PeerAddress contact : dropped) {
        count -= contact.family() == family ? 1 : 0;
      }
      for (PeerAddress contact : added.keySet()) {
        count += contact.family() == family && !told.contains(contact) ? 1 : 0;
      }
      return PexSession.MAX_TOLD - count;
    }

    private void addWanted() {
      wanted.forEach(
          (contact, flags) -> {
            boolean again = told.contains(contact);
            if (again ? toldBefore.contains(contact) : room(contact.family()) > 0) {
              add(contact, flags);
            }
          });
    }

    /// BEP 11: "Except for the initial PEX message the combined amount of added v4/v6 contacts
    /// should not exceed 50 entries." The first one holds as many of each family as receivers keep.
    private void add(PeerAddress contact, PeerFlags flags) {
      if (!begun || added.size() < PexSession.MAX_CONTACTS) {
        added.put(contact, flags);
      }
    }

    /// BEP 11, "filling underpopulated lists": who left lately, told once, and dropped in the next
    /// message because nobody is connected to it any more.
    private void addRecent() {
      log.recentAfter(place)
          .forEach(
              (contact, event) -> {
                boolean isNew = !told.contains(contact) && !dropped.contains(contact);
                if (isNew && room(contact.family()) > 0 && isForRemote(contact, event.flags())) {
                  add(contact, event.flags());
                }
              });
    }
  }
}
