package peerage.dht;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A node in a [RoutingTable].
final class Entry {
  /// "A good node is a node that has responded to one of our queries within the last 15 minutes",
  /// or has ever done so and queried us within them (BEP 5).
  static final Duration FRESH = Duration.ofMinutes(15);

  /// "Nodes become bad when they fail to respond to multiple queries in a row" (BEP 5).
  static final int BAD = 2;

  /// So many failures end it, whether or not there is another in its place (guess).
  static final int GONE = 3;

  /// How soon one that did not answer is asked again, and one that is in the way (guess).
  static final Duration PAUSE = Duration.ofSeconds(15);

  private NodeInfo node;
  private final boolean isFitting;
  private Instant lastAnswer;
  private Instant lastPing;
  private @Nullable Instant lastQuery;
  private int failures;

  Entry(NodeInfo node, Instant now) {
    this.node = node;
    this.isFitting = Place.isFitting(node);
    this.lastAnswer = now;
    this.lastPing = now;
  }

  NodeInfo node() {
    return node;
  }

  NodeId id() {
    return node.id();
  }

  Place place() {
    return Place.of(node.address());
  }

  /// Whether its id is one that its address may have (BEP 42).
  boolean isFitting() {
    return isFitting;
  }

  Instant lastAnswer() {
    return lastAnswer;
  }

  int failures() {
    return failures;
  }

  boolean changesIdTo(NodeInfo other) {
    return node.address().equals(other.address()) && !node.id().equals(other.id());
  }

  /// It may answer from another port than it used to.
  void answered(NodeInfo as, Instant now) {
    node = as;
    lastAnswer = now;
    failures = 0;
  }

  void queriedUs(Instant now) {
    lastQuery = now;
  }

  void pinged(Instant now) {
    lastPing = now;
  }

  void failed() {
    failures++;
  }

  boolean isGood(Instant now) {
    boolean queriedUs = lastQuery != null && lastQuery.plus(FRESH).isAfter(now);
    return failures == 0 && (lastAnswer.plus(FRESH).isAfter(now) || queriedUs);
  }

  boolean isBad() {
    return failures >= BAD;
  }

  boolean isGone() {
    return failures >= GONE;
  }

  /// Whether it is questionable, and was not asked a moment ago.
  boolean isPingable(Instant now) {
    return !isGood(now) && !lastPing.plus(PAUSE).isAfter(now);
  }
}
