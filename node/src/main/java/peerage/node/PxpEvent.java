package peerage.node;

import java.net.URI;
import java.util.Optional;
import peerage.peers.IpAddress;
import peerage.pxp.PeerRef;

/// What happens in a network, in order.
///
/// A [PeerRef] names a node that need not be a peer of the application (one that only asks, or one
/// that is gone); if it is, [PxpPeer#ref()] has the same.
public sealed interface PxpEvent {
  /// A peer is connected, and its stream usable both ways.
  record Joined(PxpPeer peer) implements PxpEvent {}

  /// A peer is gone.
  ///
  /// @param why a clause to show
  record Left(PxpPeer peer, String why) implements PxpEvent {}

  /// The application's handler threw, and the connection was closed for it.
  record HandlerFailed(PxpPeer peer, Throwable failure) implements PxpEvent {}

  /// What a peer wrote was read too slowly or not at all: the rest of it is dropped.
  record StreamGivenUp(PxpPeer peer, String why) implements PxpEvent {}

  /// A peer named candidates.
  ///
  /// @param candidates how many
  /// @param known how many of them we are, or are connected to, or know to be bad
  record Told(PeerRef teller, int candidates, int known) implements PxpEvent {}

  /// A candidate could not be reached.
  ///
  /// @param relay which peer told us of it
  /// @param why a clause to show
  record CandidateFailed(PeerRef relay, String why) implements PxpEvent {}

  /// We began to carry signalling, or a stream, between two peers.
  record RelayBegun(PeerRef asker, PeerRef target) implements PxpEvent {}

  /// A relay through us has ended.
  ///
  /// @param bytes how many were carried, both directions
  /// @param why a clause to show
  record RelayEnded(PeerRef asker, PeerRef target, long bytes, String why) implements PxpEvent {}

  /// A peer asked us to relay, or for peers, and got less than it asked for.
  ///
  /// @param why a clause to show
  record AskerRefused(PeerRef asker, String why) implements PxpEvent {}

  /// A connection broke a rule of the protocol, and was closed for it.
  ///
  /// @param remote where from, if known
  /// @param rule which rule, as a clause to show
  record RuleBroken(Optional<IpAddress> remote, String rule) implements PxpEvent {}

  /// An address could not be reached. It is tried again later, with longer and longer pauses, if it
  /// was given as bootstrap.
  ///
  /// @param why a clause to show
  record DialFailed(URI where, String why) implements PxpEvent {}

  /// Something that was asked for does not work here; the network goes on without it. Said once.
  ///
  /// @param what `WebRTC`, `memory`
  /// @param why a sentence to show
  record Unavailable(String what, String why) implements PxpEvent {}
}
