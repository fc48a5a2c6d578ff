package peerage.swarm;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;

/// An address that we have heard of, and from whom. Lives in the [CandidateBook].
public final class Candidate {
  /// How many origins are kept of one candidate (guess: enough to see who agrees with whom, and a
  /// bound on what a thousand tellers can make us remember).
  public static final int MAX_ORIGINS = 8;

  /// One time that we heard of a candidate.
  ///
  /// @param origin who told us, and how
  /// @param at when, monotonic
  /// @param withdrawn when that teller said that it is connected to it no longer
  public record Hearing(Origin origin, Instant at, Optional<Instant> withdrawn) {
    /// A hearing that stands.
    public Hearing(Origin origin, Instant at) {
      this(origin, at, Optional.empty());
    }
  }

  /// What a candidate is doing.
  enum State {
    IDLE,
    DIALLING,
    CONNECTED
  }

  private final PeerAddress address;
  private final Network near;
  private final CandidateBook.Revision revision;
  private final List<Hearing> hearings = new ArrayList<>(1);
  private final List<Source> sources = new ArrayList<>(1);
  private PeerFlags hearsay = PeerFlags.NONE;
  private boolean toldByDialled;
  private boolean toldReachable;
  private boolean dialled;
  private boolean connected;
  private boolean verified;
  private int failures;
  private int turnedAway;
  private @Nullable DialFailure lastFailure;
  private @Nullable Instant lastSuccess;
  private @Nullable Instant notBefore;
  private boolean heldBack;
  private int barren;

  Candidate(PeerAddress address, CandidateBook.Revision revision) {
    this.address = address;
    this.near = Network.near(address);
    this.revision = revision;
  }

  /// Where it listens, as we heard.
  public PeerAddress address() {
    return address;
  }

  /// How we heard, the first hearing first; at most [#MAX_ORIGINS], no origin twice.
  public List<Hearing> hearings() {
    return List.copyOf(hearings);
  }

  /// How we heard first.
  public Origin firstOrigin() {
    return hearings.getFirst().origin();
  }

  /// Flags that tellers claim; never passed on.
  public PeerFlags hearsay() {
    return hearsay;
  }

  /// Whether a dial to it ever ended in a handshake.
  public boolean isVerified() {
    return verified;
  }

  /// Whether we are connected to it.
  public boolean isConnected() {
    return connected;
  }

  /// Takes one more hearing.
  ///
  /// @param teller who dialled, on the connection by which it was told
  /// @return whether the origin was new
  boolean heard(Hearing hearing, PeerFlags flags, Direction teller) {
    revision.next();
    hearsay = new PeerFlags(hearsay.bits() | flags.bits());
    toldByDialled |= teller == Direction.OUTGOING;
    toldReachable |= teller == Direction.OUTGOING && flags.has(PeerFlags.REACHABLE);
    for (int i = 0; i < hearings.size(); i++) {
      if (hearings.get(i).origin().equals(hearing.origin())) {
        hearings.set(i, new Hearing(hearing.origin(), hearings.get(i).at()));
        return false;
      }
    }
    if (hearings.size() >= MAX_ORIGINS) {
      if (isHearsay(hearing.origin()) || !isHearsay(hearings.getLast().origin())) {
        return false;
      }
      hearings.removeLast(); // a tracker's or the user's word is worth more than an eighth teller's
      sources.removeLast();
    }
    hearings.add(hearing);
    sources.add(Source.of(hearing.origin()));
    return true;
  }

  /// A teller says that it is gone. The others' words stand.
  ///
  /// @return whether that teller had named it
  boolean withdraw(Source teller, Instant now) {
    for (int i = 0; i < hearings.size(); i++) {
      Hearing hearing = hearings.get(i);
      if (sources.get(i).equals(teller) && hearing.withdrawn().isEmpty()) {
        hearings.set(i, new Hearing(hearing.origin(), hearing.at(), Optional.of(now)));
        revision.next();
        return true;
      }
    }
    return false;
  }

  /// What all others said is forgotten.
  void keepOrigins(Predicate<Origin> welcome) {
    for (int i = hearings.size() - 1; i >= 0; i--) {
      if (!welcome.test(hearings.get(i).origin())) {
        hearings.remove(i);
        sources.remove(i);
      }
    }
    revision.next();
  }

  /// Who named it first.
  Source source() {
    return sources.getFirst();
  }

  /// Who names it, and has not withdrawn that.
  List<Source> standing() {
    var standing = new ArrayList<Source>(sources.size());
    for (int i = 0; i < sources.size(); i++) {
      if (hearings.get(i).withdrawn().isEmpty()) {
        standing.add(sources.get(i));
      }
    }
    return standing;
  }

  /// Whether everybody who named it has said that it is gone.
  boolean isWithdrawn() {
    return hearings.stream().allMatch(h -> h.withdrawn().isPresent());
  }

  /// In how many networks there are tellers that name it.
  long corroboration() {
    return hearings.stream()
        .filter(h -> h.withdrawn().isEmpty())
        .map(Hearing::origin)
        .filter(Origin.Pex.class::isInstance)
        .map(origin -> Network.group(((Origin.Pex) origin).teller()))
        .distinct()
        .count();
  }

  /// The part of the network that it lies in.
  Network near() {
    return near;
  }

  boolean isGiven() {
    return hearings.stream().anyMatch(h -> h.origin() instanceof Origin.Given);
  }

  /// Whether the user names it, or the magnet that the user pasted.
  boolean isNamed() {
    return hearings.stream()
        .map(Hearing::origin)
        .anyMatch(origin -> origin instanceof Origin.Given || origin instanceof Origin.Magnet);
  }

  /// Whether a tracker or the user names it.
  boolean isListed() {
    return hearings.stream()
        .map(Hearing::origin)
        .anyMatch(origin -> origin instanceof Origin.Tracker || origin instanceof Origin.Given);
  }

  /// Whether tellers and nodes of the DHT alone know it, and no dial proved them right.
  boolean isHearsayOnly() {
    return !verified && hearings.stream().allMatch(h -> isHearsay(h.origin()));
  }

  /// The stranger whose word it is, and who may say what it likes; empty for any other origin.
  static Optional<PeerAddress> stranger(Origin origin) {
    return switch (origin) {
      case Origin.Pex(PeerAddress teller, var _) -> Optional.of(teller);
      case Origin.Dht(PeerAddress node) -> Optional.of(node);
      case Origin.Tracker _,
          Origin.Incoming _,
          Origin.Memory _,
          Origin.Given _,
          Origin.Lan _,
          Origin.Magnet _ ->
          Optional.empty();
    };
  }

  private static boolean isHearsay(Origin origin) {
    return stranger(origin).isPresent();
  }

  /// Whether it stands here on its own claim alone: it dialled us and said that it listens there.
  boolean isClaimOnly() {
    return !verified && hearings.stream().allMatch(h -> h.origin() instanceof Origin.Incoming);
  }

  /// Whether all that name it are peers that dialled us: an attacker chooses whom it dials.
  boolean isToldByIncomingOnly() {
    return isHearsayOnly() && !toldByDialled;
  }

  /// Whether a teller that we dialled says that it dialled this one.
  boolean isToldReachable() {
    return toldReachable;
  }

  /// Both may be true at once, when it dials us while we dial it; then connected counts.
  State state() {
    if (connected) {
      return State.CONNECTED;
    }
    return dialled ? State.DIALLING : State.IDLE;
  }

  /// Failed dials, halved by each success.
  int failures() {
    return failures;
  }

  /// How often in a row its connection ended at once.
  int turnedAway() {
    return turnedAway;
  }

  void dialling() {
    revision.next();
    dialled = true;
  }

  void dialEnded() {
    revision.next();
    dialled = false;
    heldBack = false;
  }

  void answered(Instant now) {
    lastSuccess = now;
  }

  void connected(Direction direction) {
    revision.next();
    failures = connected ? failures : failures / 2;
    connected = true;
    verified |= direction == Direction.OUTGOING;
  }

  /// @param turnedAwayAgain whether it lasted for a moment only
  void disconnected(boolean turnedAwayAgain, Instant now) {
    revision.next();
    connected = false;
    if (verified && !turnedAwayAgain) {
      lastSuccess = now;
    }
    turnedAway = turnedAwayAgain ? turnedAway + 1 : turnedAway / 2;
    notBefore = turnedAwayAgain ? BackOff.afterTurnedAway(this, now) : BackOff.afterPeer(this, now);
  }

  /// It was a peer for long, and gave us nothing.
  void gaveNothing(Instant now) {
    revision.next();
    connected = false;
    barren++;
    notBefore = now.plus(BackOff.BARREN.multipliedBy(Math.min(barren, 6)));
  }

  /// How often it gave us nothing.
  int barren() {
    return barren;
  }

  void failed(DialFailure why, Instant now) {
    revision.next();
    failures++;
    lastFailure = why;
    notBefore = BackOff.afterFailure(this, now);
  }

  /// Its host was dialled for another torrent only just.
  void heldBack(Instant until) {
    revision.next();
    heldBack = true;
    notBefore = until;
  }

  boolean isHeldBack() {
    return heldBack;
  }

  Optional<DialFailure> lastFailure() {
    return Optional.ofNullable(lastFailure);
  }

  Optional<Instant> lastSuccess() {
    return Optional.ofNullable(lastSuccess);
  }

  /// When it may be dialled; null if at once.
  @Nullable Instant notBefore() {
    return notBefore;
  }

  boolean isDue(Instant now) {
    return state() == State.IDLE && (notBefore == null || !now.isBefore(notBefore));
  }
}
