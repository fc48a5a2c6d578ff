package peerage.swarm;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
  public record Hearing(Origin origin, Instant at) {}

  /// What a candidate is doing.
  enum State {
    IDLE,
    DIALLING,
    CONNECTED
  }

  private final PeerAddress address;
  private final Source source;
  private final List<Hearing> hearings = new ArrayList<>(1);
  private PeerFlags hearsay;
  private boolean dialled;
  private boolean connected;
  private int failures;
  private boolean verified;
  private @Nullable Instant notBefore;

  Candidate(PeerAddress address, Hearing first, PeerFlags hearsay) {
    this.address = address;
    this.source = Source.of(first.origin());
    this.hearsay = hearsay;
    hearings.add(first);
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

  /// Returns whether the origin was new.
  boolean heardAgain(Hearing hearing, PeerFlags flags) {
    hearsay = new PeerFlags(hearsay.bits() | flags.bits());
    if (hearings.stream().anyMatch(h -> h.origin().equals(hearing.origin()))) {
      return false;
    }
    if (hearings.size() >= MAX_ORIGINS) {
      if (hearing.origin() instanceof Origin.Pex
          || !(hearings.getLast().origin() instanceof Origin.Pex)) {
        return false;
      }
      hearings.removeLast(); // a tracker's or the user's word is worth more than an eighth teller's
    }
    hearings.add(hearing);
    return true;
  }

  /// Who named it first.
  Source source() {
    return source;
  }

  boolean isGiven() {
    return hearings.stream().anyMatch(h -> h.origin() instanceof Origin.Given);
  }

  /// Whether tellers alone know it, and no dial proved them right.
  boolean isHearsayOnly() {
    return !verified && hearings.stream().allMatch(h -> h.origin() instanceof Origin.Pex);
  }

  /// Whether it stands here on its own claim alone: it dialled us and said that it listens there.
  boolean isClaimOnly() {
    return !verified && hearings.stream().allMatch(h -> h.origin() instanceof Origin.Incoming);
  }

  /// Both may be true at once, when it dials us while we dial it; then connected counts.
  State state() {
    if (connected) {
      return State.CONNECTED;
    }
    return dialled ? State.DIALLING : State.IDLE;
  }

  int failures() {
    return failures;
  }

  void dialling() {
    dialled = true;
  }

  void dialEnded() {
    dialled = false;
  }

  void connected(Direction direction) {
    connected = true;
    failures = 0;
    verified |= direction == Direction.OUTGOING;
  }

  void disconnected(Instant retryAt) {
    connected = false;
    notBefore = retryAt;
  }

  void failed(Instant retryAt) {
    failures++;
    notBefore = retryAt;
  }

  /// When it may be dialled; null if at once.
  @Nullable Instant notBefore() {
    return notBefore;
  }

  boolean isDue(Instant now) {
    return state() == State.IDLE && (notBefore == null || !now.isBefore(notBefore));
  }
}
