package peerage.dht;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import peerage.bencode.Bencoded;
import peerage.dht.Contact.State;
import peerage.peers.PeerAddress;

/// The search for the nodes closest to a target (BEP 5): "iteratively queries nodes that are
/// closer to the target until it cannot find any closer". It only decides whom to ask next and when
/// it is enough; who uses it asks, and tells what came of it.
///
/// One [Place] counts once, whatever ids it is said to have, so a lying answer cannot bring the
/// same host before us many times over.
final class Lookup {
  /// How many queries are under way at a time, those that are late not counted (guess; BEP 5 says
  /// nothing, Kademlia 3, mldht 10).
  static final int ALPHA = 4;

  /// And before the first answer: whom we begin with may long be gone (guess).
  static final int ALPHA_FIRST = 8;

  /// How many are under way, with those that are late (guess).
  static final int UNDER_WAY = 48;

  /// How many nodes are remembered (guess).
  static final int CONTACTS = 256;

  /// How many nodes of one answer are taken: K of them are asked for (BEP 5), some send more.
  static final int TIPS = 2 * RoutingTable.K;

  /// Three contacts of a node that come to nothing and none that is good: it is not listened to
  /// (after mldht, which drops what one node alone told if its other contacts all failed).
  static final int BAD_TIPS = 3;

  /// So many answers are enough, wherever they lead (guess; log2 of 10 million is 24).
  static final int ANSWERS = 80;

  /// How often one node is asked at most: once more if its answer is late and nobody else is near.
  static final int TRIES = 2;

  /// How many strangers of one block of addresses count among the closest (guess).
  static final int PER_BLOCK = 2;

  private final NodeId target;
  private final Map<Place, Contact> byPlace = new LinkedHashMap<>();
  private final TreeMap<NodeId, Contact> ranked;
  private int answers;

  Lookup(NodeId target) {
    this.target = target;
    this.ranked = new TreeMap<>(target::compareDistance);
  }

  NodeId target() {
    return target;
  }

  /// A node that we knew, or were told to try.
  void add(PeerAddress address, @Nullable NodeId id) {
    add(address, id, null);
  }

  private void add(PeerAddress address, @Nullable NodeId id, @Nullable Contact teller) {
    Contact known = byPlace.get(Place.of(address));
    boolean isNew = known == null && (id == null || !ranked.containsKey(id));
    if (isNew && makeRoom(id)) {
      known = new Contact(address, id, teller == null ? 1 : teller.depth() + 1);
      byPlace.put(Place.of(address), known);
      if (id != null) {
        ranked.put(id, known);
      }
    }
    if (known != null && teller != null && known != teller && known.is(address, id)) {
      known.toldBy(teller);
    }
  }

  /// The farthest one that was not asked makes way for a nearer one.
  private boolean makeRoom(@Nullable NodeId id) {
    if (byPlace.size() < CONTACTS) {
      return true;
    }
    Iterator<Contact> farthest = ranked.descendingMap().values().iterator();
    while (farthest.hasNext()) {
      Contact contact = farthest.next();
      if (contact.state() == State.FRESH) {
        NodeId there = Objects.requireNonNull(contact.id());
        if (id != null && target.compareDistance(id, there) > 0) {
          return false;
        }
        farthest.remove();
        byPlace.remove(Place.of(contact.address()));
        return true;
      }
    }
    return false;
  }

  /// Whom to ask now; they are taken for asked. Empty while enough are under way, and when there is
  /// nobody left to ask.
  Optional<Contact> next() {
    int alpha = answers == 0 ? ALPHA_FIRST : ALPHA;
    if (isFinished() || count(State.ASKED) >= alpha || underWay() >= UNDER_WAY) {
      return Optional.empty();
    }
    Optional<Contact> next = candidates().findFirst();
    if (next.isEmpty()) {
      next = near().filter(Lookup::isWorthAnotherTry).findFirst();
    }
    next.ifPresent(Contact::ask);
    return next;
  }

  private Stream<Contact> candidates() {
    return near().filter(contact -> contact.state() == State.FRESH && !contact.isSuspect());
  }

  /// Those who may yet be among the closest. Those without an id first: they are the ones that we
  /// begin with.
  private Stream<Contact> near() {
    @Nullable NodeId bound = bound();
    if (bound != null) {
      return ranked.headMap(bound).values().stream();
    }
    Stream<Contact> unnamed = byPlace.values().stream().filter(contact -> contact.id() == null);
    return Stream.concat(unnamed, ranked.values().stream());
  }

  private static boolean isWorthAnotherTry(Contact contact) {
    return contact.state() == State.LATE && contact.asked() < TRIES && !contact.isSuspect();
  }

  /// The distance of the last of the K closest; null while there are fewer.
  private @Nullable NodeId bound() {
    List<Contact> closest = closest();
    return closest.size() < RoutingTable.K ? null : closest.getLast().id();
  }

  /// A node answered.
  ///
  /// @param id what it calls itself
  /// @param tips the nodes that it told us of
  /// @param token what lets us store something there, if it gave one
  void answered(
      PeerAddress address, NodeId id, List<NodeInfo> tips, Optional<Bencoded.Bytes> token) {
    Contact contact = byPlace.get(Place.of(address));
    if (contact == null || contact.state() == State.ANSWERED) {
      return;
    }
    boolean isAsTold = contact.id() == null || contact.id().equals(id);
    answers++;
    rename(contact, id);
    contact.answered(isAsTold);
    token.ifPresent(contact::gave);
    tips.stream().limit(TIPS).forEach(tip -> add(tip.address(), tip.id(), contact));
  }

  /// Who calls itself otherwise than we were told counts where it really is; unless somebody else
  /// of that name has answered already.
  private void rename(Contact contact, NodeId id) {
    if (contact.id() != null) {
      ranked.remove(contact.id(), contact);
    }
    contact.nameTo(id);
    Contact other = ranked.get(id);
    if (other == null || other.state() != State.ANSWERED) {
      ranked.put(id, contact);
    }
  }

  /// The answer of a node is late: somebody else may be asked in its stead.
  void late(PeerAddress address) {
    contact(address).ifPresent(Contact::late);
  }

  /// A node will not answer any more, or its answer was none.
  void failed(PeerAddress address) {
    contact(address)
        .filter(contact -> contact.state() == State.ASKED || contact.state() == State.LATE)
        .ifPresent(Contact::failed);
  }

  private Optional<Contact> contact(PeerAddress address) {
    return Optional.ofNullable(byPlace.get(Place.of(address)))
        .filter(contact -> contact.address().equals(address));
  }

  /// The K closest that answered, nearest first, and are eligible: their ids fit their addresses
  /// (BEP 42: others "must not be considered to have sent a valid response when checking the
  /// termination condition"), and they do not all live at one place.
  List<Contact> closest() {
    return closest(_ -> true);
  }

  /// The K closest for which something holds, and the rules of [#closest()].
  List<Contact> closest(Predicate<Contact> which) {
    var closest = new ArrayList<Contact>(RoutingTable.K);
    for (Contact contact : ranked.values()) {
      if (contact.state() == State.ANSWERED
          && which.test(contact)
          && contact.isEligibleBeside(closest)) {
        closest.add(contact);
        if (closest.size() == RoutingTable.K) {
          break;
        }
      }
    }
    return closest;
  }

  /// The same as values.
  Stream<NodeInfo> found() {
    return closest().stream()
        .map(contact -> new NodeInfo(Objects.requireNonNull(contact.id()), contact.address()));
  }

  /// Whether nobody nearer can be expected: of those that are late only if nobody answered yet.
  boolean isFinished() {
    if (answers >= ANSWERS) {
      return true;
    }
    return near().noneMatch(this::isHopeful);
  }

  private boolean isHopeful(Contact contact) {
    return switch (contact.state()) {
      case FRESH -> !contact.isSuspect();
      case ASKED -> true;
      case LATE -> answers == 0 || isWorthAnotherTry(contact);
      case ANSWERED, FAILED -> false;
    };
  }

  /// How deep the nearest that answered was.
  int hops() {
    return ranked.values().stream()
        .filter(contact -> contact.state() == State.ANSWERED)
        .findFirst()
        .map(Contact::depth)
        .orElse(0);
  }

  /// How many answered.
  int answers() {
    return answers;
  }

  /// Whether an address was asked.
  boolean isTried(PeerAddress address) {
    return contact(address).filter(contact -> contact.asked() > 0).isPresent();
  }

  /// How many it remembers.
  int size() {
    return byPlace.size();
  }

  private int underWay() {
    return count(State.ASKED) + count(State.LATE);
  }

  private int count(State state) {
    return (int) byPlace.values().stream().filter(contact -> contact.state() == state).count();
  }
}
