package peerage.pxp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.UnaryOperator;

/// Two nodes and a relay: both are connected to it, and not yet to each other.
final class Three {
  final World world;
  final Node a;
  final Node r;
  final Node b;

  Three(long seed) {
    this(seed, usual -> usual, usual -> usual);
  }

  /// @param likeA what is special about the one
  /// @param likeB what is special about the other
  Three(long seed, UnaryOperator<ExchangeOptions> likeA, UnaryOperator<ExchangeOptions> likeB) {
    world = new World(seed);
    a = world.node("a", likeA);
    r = world.node("r");
    b = world.node("b", likeB);
    world.connect(a, r);
    world.connect(b, r);
    world.until("all are there", _ -> r.peers.size() == 2 && a.has(r) && b.has(r));
  }

  /// A node has its peers, and nothing of what once was under way.
  static void checkNothingIsLeft(Node node) {
    int peers = node.peers.size();
    assertThat(node.exchange.sizes())
        .as(node.name)
        .isEqualTo(new Exchange.Sizes(peers, peers, peers, 0, 0, 0, 0));
  }
}
