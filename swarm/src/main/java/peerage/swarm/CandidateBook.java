package peerage.swarm;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;

/// Every address that we have heard of in one swarm, with who told us. Bounded: in all, in what one
/// teller and all tellers that dialled us can put there, in what is said of one network; and in
/// [Buckets], so that who speaks from one network can fill a part only.
///
/// What a dial proved is displaced by another that proved itself alone, never by hearsay.
public final class CandidateBook {
  /// How many candidates one teller can keep in the book that nobody else named and that we never
  /// reached. Simulated: 200 (µTorrent's number) doubles what a poisoner gets into a book.
  public static final int MAX_PER_TELLER = 60;

  /// Of the whole book, what peers that dialled us may tell: whom an attacker dials is its choice,
  /// whom we dial is ours (simulated).
  private static final int INCOMING_SHARE = 4;

  /// Of the whole book, what is hearsay about one /24 or /48 (guess: 62 of 2,000)...
  private static final int NETWORK_SHARE = 32;

  /// ...but so many in a small book.
  private static final int LEAST_OF_NETWORK = 8;

  /// Counts changes, so that who has looked at the book need not look again.
  static final class Revision {
    private long number;

    void next() {
      number++;
    }
  }

  private final int capacity;
  private final Revision revision = new Revision();
  private final LinkedHashMap<PeerAddress, Candidate> candidates = new LinkedHashMap<>();
  private final Aliases aliases = new Aliases();
  private final Shares shares = new Shares();
  private final Buckets buckets;

  /// @param capacity candidates at most
  /// @param secrets for the key of the buckets
  public CandidateBook(int capacity, RandomGenerator secrets) {
    this.capacity = capacity;
    this.buckets = new Buckets(SipHash.keyed(secrets));
  }

  /// What became of an address that we heard.
  enum Entry {
    /// It was unknown and is a candidate now.
    NEW(""),
    /// It was known, but not from this origin.
    CONFIRMED(""),
    /// It was known from this origin.
    KNOWN(""),
    /// Its teller has too many in the book already.
    OVER_QUOTA("its teller named too many"),
    /// Tellers that dialled us have too many in the book already.
    INCOMING_OVER_QUOTA("peers that dialled us named too many"),
    /// Too much is said of its network already.
    NETWORK_OVER_QUOTA("too many of its network are named"),
    /// There is no room for its teller's network about its network.
    CROWDED("its part of the candidate book is full"),
    /// The book is full of better ones.
    FULL("the candidate book is full");

    private final String why;

    Entry(String why) {
      this.why = why;
    }

    String why() {
      return why;
    }
  }

  long revision() {
    return revision.number;
  }

  /// Something else changed that speaks for or against candidates.
  void touch() {
    revision.next();
  }

  /// @param teller who dialled, on the connection by which it was told
  Entry hear(PeerAddress address, Origin origin, PeerFlags flags, Direction teller, Instant now) {
    var hearing = new Candidate.Hearing(origin, now);
    Candidate known = candidates.get(address);
    if (known != null) {
      leave(known);
      boolean confirmed = known.heard(hearing, flags, teller);
      enter(known);
      return confirmed ? Entry.CONFIRMED : Entry.KNOWN;
    }
    Optional<Aliases.Alias> alias = aliases.at(address);
    if (alias.isPresent()) {
      Candidate aside =
          alias
              .get()
              .aside()
              .orElseGet(() -> alias.get().keepAside(new Candidate(address, revision)));
      return aside.heard(hearing, flags, teller) ? Entry.CONFIRMED : Entry.KNOWN;
    }
    var candidate = new Candidate(address, revision);
    candidate.heard(hearing, flags, teller);
    Entry entry = admission(candidate);
    if (entry == Entry.NEW) {
      candidates.put(address, candidate);
      enter(candidate);
    }
    return entry;
  }

  private Entry admission(Candidate newcomer) {
    if (newcomer.isHearsayOnly()) {
      Entry quota = quota(newcomer);
      if (quota != Entry.NEW) {
        return quota;
      }
    }
    return candidates.size() < capacity || makeRoom(newcomer) ? Entry.NEW : Entry.FULL;
  }

  private Entry quota(Candidate newcomer) {
    if (shares.ofTeller(newcomer.source()) >= MAX_PER_TELLER) {
      return Entry.OVER_QUOTA;
    }
    boolean incoming = newcomer.isToldByIncomingOnly();
    if (incoming && shares.ofIncoming() >= Math.max(1, capacity / INCOMING_SHARE)) {
      return Entry.INCOMING_OVER_QUOTA;
    }
    int ofNetwork = Math.max(LEAST_OF_NETWORK, capacity / NETWORK_SHARE);
    if (shares.ofNetwork(newcomer.near()) >= ofNetwork) {
      return Entry.NETWORK_OVER_QUOTA;
    }
    if (buckets.isCrowded(newcomer)) {
      buckets.worstBeside(newcomer).ifPresent(this::forget);
    }
    return buckets.isCrowded(newcomer) ? Entry.CROWDED : Entry.NEW;
  }

  /// Room is made at the expense of who has most in the book: the teller with most unproven
  /// candidates loses its oldest. The word of a stranger (a teller, or a peer about itself) never
  /// displaces that of a teller with as few, nor that of a tracker or the user; and nobody's word
  /// displaces what is proven.
  private boolean makeRoom(Candidate newcomer) {
    boolean strangersWord = newcomer.isHearsayOnly() || newcomer.isClaimOnly();
    Source loudest = shares.loudest(newcomer.source());
    Optional<Candidate> victim = oldestIdle(c -> c.isHearsayOnly() && c.source().equals(loudest));
    if (victim.isEmpty() && !strangersWord) {
      victim =
          oldestIdle(Candidate::isHearsayOnly)
              .or(() -> oldestIdle(c -> !c.isGiven() && !c.isVerified()));
    }
    victim.ifPresent(this::forget);
    return victim.isPresent();
  }

  private Optional<Candidate> oldestIdle(Predicate<Candidate> which) {
    return candidates.values().stream()
        .filter(candidate -> candidate.state() == Candidate.State.IDLE)
        .filter(which)
        .findFirst();
  }

  /// Unproven candidates of one host; on the loopback network of one endpoint.
  int unprovenOf(PeerAddress address) {
    return shares.ofHost(Network.host(address));
  }

  /// A teller says that it is connected to this one no longer: noted, and nothing else.
  ///
  /// @return whether it had named it
  boolean withdraw(PeerAddress address, Source teller, Instant now) {
    return get(address)
        .or(() -> aliases.at(address).flatMap(Aliases.Alias::aside))
        .filter(candidate -> candidate.withdraw(teller, now))
        .isPresent();
  }

  /// A candidate has a second address, in the other family: the two are one candidate from now on,
  /// until a dial to the first fails, or, if the peer only claims it, until the peer is gone. Who
  /// is a peer there, or was reached there, is not swallowed on a stranger's claim.
  void alias(PeerAddress owner, PeerAddress alias, Evidence evidence) {
    Candidate first = candidates.get(owner);
    Candidate second = candidates.get(alias);
    boolean ownsItAlready =
        aliases.of(owner).filter(known -> known.address().equals(alias)).isPresent();
    if (first == null
        || owner.family() == alias.family()
        || aliases.of(alias).isPresent()
        || (second != null && !maySwallow(second, evidence))
        || (ownsItAlready && evidence != Evidence.VERIFIED)) {
      return;
    }
    part(first);
    aliases.at(alias).ifPresent(of -> part(of.of()));
    Candidate aside = candidates.get(alias);
    if (aside != null) {
      candidates.remove(alias);
      leave(aside);
    }
    aliases.put(alias, first, evidence, aside);
    revision.next();
  }

  private static boolean maySwallow(Candidate second, Evidence evidence) {
    return second.state() == Candidate.State.IDLE
        && (evidence == Evidence.VERIFIED || !(second.isVerified() || second.isGiven()));
  }

  /// The second address of a candidate.
  Optional<PeerAddress> aliasOf(Candidate candidate) {
    return aliases.of(candidate.address()).map(Aliases.Alias::address);
  }

  /// The two addresses of a candidate are two candidates again.
  void part(Candidate owner) {
    aliases.of(owner.address()).ifPresent(this::part);
  }

  private void part(Aliases.Alias alias) {
    aliases.remove(alias);
    Optional<Candidate> aside = alias.aside();
    if (aside.isPresent() && admission(aside.get()) == Entry.NEW) {
      candidates.put(alias.address(), aside.get());
      enter(aside.get());
    }
    revision.next();
  }

  /// Forgets what others said: whoever is known from nobody else is no candidate any more.
  void keepOrigins(Predicate<Origin> welcome) {
    aliases.all().forEach(this::part);
    for (Candidate candidate : List.copyOf(candidates.values())) {
      if (candidate.hearings().stream().map(Candidate.Hearing::origin).noneMatch(welcome)) {
        forget(candidate);
      } else {
        leave(candidate);
        candidate.keepOrigins(welcome);
        enter(candidate);
      }
    }
  }

  void forgetIf(Predicate<PeerAddress> which) {
    aliases.all().stream().filter(alias -> which.test(alias.address())).forEach(this::part);
    candidates.values().stream()
        .filter(candidate -> which.test(candidate.address()))
        .toList()
        .forEach(this::forget);
  }

  void forget(Candidate candidate) {
    if (candidates.remove(candidate.address(), candidate)) {
      leave(candidate);
      part(candidate);
      revision.next();
    }
  }

  /// We are connected to who listens there. A candidate whose dial proved true no longer counts
  /// against its teller.
  void connected(PeerAddress endpoint, Direction direction) {
    aliases.at(endpoint).ifPresent(this::part); // somebody else is there
    Candidate candidate = candidates.get(endpoint);
    if (candidate != null) {
      leave(candidate);
      candidate.connected(direction);
      enter(candidate);
    }
  }

  /// The connection to who listens there has ended.
  ///
  /// @param stayed how long it lasted
  void disconnected(PeerAddress endpoint, Duration stayed, Instant now) {
    boolean turnedAway = stayed.compareTo(BackOff.TURNED_AWAY) < 0;
    get(endpoint).ifPresent(candidate -> candidate.disconnected(turnedAway, now));
    aliases.of(endpoint).filter(alias -> !alias.isProven()).ifPresent(this::part);
  }

  /// The connection has ended because nothing came of it.
  void gaveNothing(PeerAddress endpoint, Instant now) {
    get(endpoint).ifPresent(candidate -> candidate.gaveNothing(now));
  }

  /// It answered our dial, but we had no room for it.
  void answered(PeerAddress endpoint, Instant now) {
    Candidate candidate = candidates.get(endpoint);
    if (candidate != null && !candidate.isConnected()) {
      connected(endpoint, Direction.OUTGOING);
      candidate.disconnected(false, now);
    }
  }

  private void leave(Candidate candidate) {
    shares.remove(candidate);
    buckets.remove(candidate);
  }

  private void enter(Candidate candidate) {
    shares.add(candidate);
    buckets.add(candidate);
    if (candidate.isVerified()) {
      buckets.stalestBeside(candidate).ifPresent(this::forget);
    }
  }

  /// The candidate at an address.
  public Optional<Candidate> get(PeerAddress address) {
    return Optional.ofNullable(candidates.get(address));
  }

  /// All candidates, the one heard of first first. A view.
  public Collection<Candidate> all() {
    return Collections.unmodifiableCollection(candidates.values());
  }

  /// Whether so few are known that nobody need be chosen by rank (simulated).
  boolean isSmallFor(int maxPeers) {
    return candidates.size() < 2 * maxPeers;
  }

  /// How many candidates there are.
  public int size() {
    return candidates.size();
  }
}
