package peerage.dht;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import peerage.bencode.Bencoded;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;

/// A node as one [Lookup] sees it.
final class Contact {
  /// How many of those that named it are kept (guess).
  static final int TELLERS = 8;

  enum State {
    /// Not asked.
    FRESH,
    /// Asked, and there is time left.
    ASKED,
    /// Asked, and late; it may still answer.
    LATE,
    /// It answered.
    ANSWERED,
    /// It did not, or not with a good answer.
    FAILED
  }

  private final PeerAddress address;
  private final int depth;
  private final IpAddress block;
  private final boolean isStrange;
  private final List<Contact> tellers = new ArrayList<>(1);
  private @Nullable NodeId id;
  private Bencoded.@Nullable Bytes token;
  private State state = State.FRESH;
  private boolean isFitting;
  private int asked;
  private boolean isTipped;
  private int goodTips;
  private int badTips;

  /// @param id empty for an address at which we only suppose a node
  /// @param depth how many answers led to it: 1 for one that we knew
  Contact(PeerAddress address, @Nullable NodeId id, int depth) {
    this.address = address;
    this.id = id;
    this.depth = depth;
    this.block = Place.block(address);
    this.isStrange = Place.isStrange(address);
  }

  PeerAddress address() {
    return address;
  }

  @Nullable NodeId id() {
    return id;
  }

  int depth() {
    return depth;
  }

  State state() {
    return state;
  }

  /// What lets us store something there, if it gave us that.
  Optional<Bencoded.Bytes> token() {
    return Optional.ofNullable(token);
  }

  void gave(Bencoded.Bytes given) {
    token = given;
  }

  int asked() {
    return asked;
  }

  boolean is(PeerAddress there, @Nullable NodeId named) {
    return address.equals(there) && Objects.equals(id, named);
  }

  void nameTo(NodeId real) {
    id = real;
    isFitting = Place.isFitting(new NodeInfo(real, address));
  }

  /// Whether it may be one of the closest beside those: its id fits its address, and they are not
  /// all of one block of addresses. Among ourselves anybody may.
  boolean isEligibleBeside(List<Contact> others) {
    if (!isStrange) {
      return true;
    }
    int neighbours = 0;
    for (Contact other : others) {
      neighbours += other.block.equals(block) ? 1 : 0;
    }
    return isFitting && neighbours < Lookup.PER_BLOCK;
  }

  void toldBy(Contact teller) {
    if (tellers.size() < TELLERS && !tellers.contains(teller)) {
      tellers.add(teller);
    }
  }

  void ask() {
    state = State.ASKED;
    asked++;
  }

  /// Who told us of it is doubted at once, not only when it is certain that nobody is there.
  void late() {
    if (state == State.ASKED) {
      state = State.LATE;
      tipOnce();
    }
  }

  void answered(boolean isAsTold) {
    state = State.ANSWERED;
    tellers.forEach(teller -> teller.tip(isAsTold));
  }

  void failed() {
    state = State.FAILED;
    tipOnce();
  }

  private void tipOnce() {
    if (!isTipped) {
      isTipped = true;
      tellers.forEach(teller -> teller.tip(false));
    }
  }

  private void tip(boolean isGood) {
    if (isGood) {
      goodTips++;
    } else {
      badTips++;
    }
  }

  /// Whether all that it told us of has come to nothing so far.
  private boolean isLiar() {
    return goodTips == 0 && badTips >= Lookup.BAD_TIPS;
  }

  /// Whether only liars told us of it.
  boolean isSuspect() {
    return !tellers.isEmpty() && tellers.stream().allMatch(Contact::isLiar);
  }
}
