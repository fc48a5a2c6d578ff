package peerage.pxp;

import peerage.peers.Link;

/// What happens inside an exchange that people and counters want to know of.
public sealed interface ExchangeNotice {
  /// A connection broke a rule, and was closed for it.
  ///
  /// @param rule which rule, as a clause to show
  record RuleBroken(Link link, String rule) implements ExchangeNotice {}

  /// We began to relay between two peers.
  record RelayBegun(PeerRef asker, PeerRef target) implements ExchangeNotice {}

  /// A relay has ended.
  ///
  /// @param bytes how many were carried, both directions
  /// @param why a clause to show
  record RelayEnded(PeerRef asker, PeerRef target, long bytes, String why)
      implements ExchangeNotice {}

  /// A peer asked us to relay, or for peers, and got less than it asked for.
  ///
  /// @param why a clause to show
  record AskerRefused(PeerRef asker, String why) implements ExchangeNotice {}

  /// A peer named candidates.
  ///
  /// @param known how many of them we are, or are connected to, or know to be bad
  record Told(PeerRef teller, int candidates, int known) implements ExchangeNotice {}

  /// A candidate could not be reached.
  ///
  /// @param why a clause to show
  record CandidateFailed(PeerRef relay, String why) implements ExchangeNotice {}
}
