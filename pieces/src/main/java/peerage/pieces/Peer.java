package peerage.pieces;

import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import peerage.peers.Link;
import peerage.pieces.LinkSnapshot.State;
import peerage.pieces.Transfer.Fast;

/// What we know of a connected peer. The parts of a [Transfer] share it, each changing its own
/// part.
final class Peer {
  /// Most allowed-fast pieces that we remember: six times what BEP 6 proposes, a guess.
  static final int MAX_ALLOWED_FAST = 64;

  final Link link;
  final Fast fast;
  final Instant joined;

  /// What the peer has.
  PieceSet pieces;

  /// Whether it said that it has everything, and is counted once instead of in each piece.
  boolean isSeed;

  /// Whether its first message that counts came.
  boolean hasSpoken;

  boolean isClosed;

  // What we say of it, and it of us.
  boolean isChoked = true;
  boolean chokesUs = true;
  boolean isInteresting;
  boolean isInterested;

  /// How many pieces it has that we want and lack.
  int useful;

  // Download.
  final Requests requests;
  final Rate download;
  final SequencedSet<Integer> allowedFast = new LinkedHashSet<>();

  /// The pieces that are fetched from this peer rather than from another.
  final SequencedSet<StartedPiece> own = new LinkedHashSet<>();

  /// The state of the [Picker] in which there was nothing to ask of this peer.
  long deadEnd = -1;

  int strikes;

  // Upload.
  final Backlog backlog = new Backlog();
  final Rate upload;

  /// Since when it has been unchoked, or has been waiting for that.
  @Nullable Instant turnSince;

  Peer(Link link, Fast fast, int pieceCount, Instant now) {
    this.link = link;
    this.fast = fast;
    this.joined = now;
    this.pieces = new PieceSet(pieceCount);
    this.requests = new Requests(now);
    this.download = new Rate(now);
    this.upload = new Rate(now);
  }

  boolean isFast() {
    return fast == Fast.YES;
  }

  Set<State> states(boolean isOptimistic) {
    var states = EnumSet.noneOf(State.class);
    put(states, State.UNCHOKED, !isChoked);
    put(states, State.UNCHOKED_BY_PEER, !chokesUs);
    put(states, State.INTERESTED, isInteresting);
    put(states, State.PEER_INTERESTED, isInterested);
    put(states, State.OPTIMISTIC, isOptimistic);
    put(states, State.SNUBBED, requests.isSnubbed());
    return states;
  }

  private static void put(Set<State> states, State state, boolean holds) {
    if (holds) {
      states.add(state);
    }
  }

  @Override
  public String toString() {
    return "peer " + link;
  }
}
