package peerage.pieces;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/// The pieces in the order in which to start them: *closed* ones, which are not to be started, then
/// the *open* ones from rare to frequent, in random order where they are equally frequent.
///
/// One array holds the order, cut into buckets: bucket 0 is closed, bucket 1 + n has the open
/// pieces that n peers have. A piece goes to the next bucket by changing places with the piece at
/// the border, which then moves by one; so a change costs the same however many pieces there are. A
/// seed changes the order of nothing and is only counted.
final class Rarity {
  /// How many of the rarest to look at for one that a peer has, before looking at the peer's
  /// pieces: a guess.
  private static final int RAREST = 4096;

  /// Of how many of a peer's pieces to take the rarest then: a guess.
  private static final int SAMPLE = 64;

  private final int[] order;
  private final int[] places; // of the pieces in order
  private final int[] peers; // that have the piece, seeds not counted
  private final PieceSet open;
  private final RandomGenerator random;
  private int[] starts; // of the buckets in order, and the end of the last
  private int buckets = 2;
  private int seeds;

  /// @param open the pieces to be started; from here on ours
  Rarity(PieceSet open, RandomGenerator random) {
    int size = open.size();
    this.open = open;
    this.random = random;
    order = new int[size];
    places = new int[size];
    peers = new int[size];
    starts = new int[16];
    int closed = 0;
    int last = size;
    for (int piece = 0; piece < size; piece++) {
      order[open.get(piece) ? --last : closed++] = piece;
    }
    starts[1] = closed;
    starts[2] = size;
    shuffle(closed, size);
    for (int place = 0; place < size; place++) {
      places[order[place]] = place;
    }
  }

  private void shuffle(int from, int to) {
    for (int place = from; place < to; place++) {
      int other = random.nextInt(place, to);
      int piece = order[place];
      order[place] = order[other];
      order[other] = piece;
    }
  }

  void addSeed() {
    seeds++;
  }

  void removeSeed() {
    seeds--;
  }

  void add(int piece) {
    peers[piece]++;
    moveToBucket(piece, bucket(piece) - 1);
  }

  void remove(int piece) {
    peers[piece]--;
    moveToBucket(piece, bucket(piece) + 1);
  }

  /// How many peers have the piece.
  int count(int piece) {
    return peers[piece] + seeds;
  }

  boolean isOpen(int piece) {
    return open.get(piece);
  }

  void open(int piece) {
    if (open.add(piece)) {
      moveToBucket(piece, 0);
    }
  }

  void close(int piece) {
    if (open.get(piece)) {
      int from = bucket(piece);
      open.remove(piece);
      moveToBucket(piece, from);
    }
  }

  /// Whether an open piece is there that somebody has.
  boolean canStart() {
    return firstThere() < order.length;
  }

  /// Where the open pieces begin that somebody has.
  private int firstThere() {
    return seeds > 0 ? starts[1] : starts[2];
  }

  private int bucket(int piece) {
    return open.get(piece) ? 1 + peers[piece] : 0;
  }

  /// Moves a piece to the bucket where it belongs.
  ///
  /// @param from where it is; may be where it belongs, when only the count of a closed piece
  ///     changed
  private void moveToBucket(int piece, int from) {
    int to = bucket(piece);
    if (to == 0 && !wasOpen(piece)) {
      return;
    }
    int at = from;
    while (at < to) {
      growTo(at + 2);
      swap(places[piece], --starts[++at]);
    }
    while (at > to) {
      swap(places[piece], starts[at--]++);
    }
    if (to > 0) {
      swap(places[piece], random.nextInt(starts[to], starts[to + 1]));
    }
  }

  private boolean wasOpen(int piece) {
    return places[piece] >= starts[1];
  }

  private void growTo(int wanted) {
    if (wanted > buckets) {
      if (wanted + 1 > starts.length) {
        starts = Arrays.copyOf(starts, starts.length * 2);
      }
      starts[wanted] = starts[buckets];
      buckets = wanted;
    }
  }

  private void swap(int place, int other) {
    int piece = order[place];
    int displaced = order[other];
    order[place] = displaced;
    order[other] = piece;
    places[displaced] = place;
    places[piece] = other;
  }

  /// The rarest open piece that a peer has, or -1. When none of the rarest few thousand is there,
  /// it is the rarest of a random sample of the peer's pieces.
  int rarest(PieceSet of) {
    int end = Math.min(order.length, firstThere() + RAREST);
    for (int place = firstThere(); place < end; place++) {
      if (of.get(order[place])) {
        return order[place];
      }
    }
    return end == order.length ? -1 : rarestOfSample(of);
  }

  private int rarestOfSample(PieceSet of) {
    int from = random.nextInt(order.length);
    int best = rarestFrom(of, from, order.length);
    return best >= 0 ? best : rarestFrom(of, 0, from);
  }

  private int rarestFrom(PieceSet of, int from, int to) {
    int best = -1;
    int piece = of.nextShared(open, from);
    for (int i = 0; i < SAMPLE && piece >= 0 && piece < to; i++) {
      if (best < 0 || peers[piece] < peers[best]) {
        best = piece;
      }
      piece = piece + 1 < to ? of.nextShared(open, piece + 1) : -1;
    }
    return best;
  }
}
