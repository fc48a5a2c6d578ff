package peerage.pxp;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How a node takes part in its network.
///
/// @param network which network
/// @param listening where others can dial us; told to whoever asks for peers. Empty if nowhere, or
///     if nobody shall know
/// @param abilities what we do for others and what works here, in the order of [Ability]
/// @param identity our long-lived key, if we show one
/// @param peersMax connections at most, those that do not yet speak included, 1 to 100,000
/// @param bootstrap where to enter the network, in order of preference
/// @param silenceMax a peer that was silent for so long is asked whether it lives, and closed if it
///     does not answer; longer than any peer's application may pause
public record ExchangeOptions(
    NetworkId network,
    List<Endpoint> listening,
    Set<Ability> abilities,
    Optional<Identity> identity,
    int peersMax,
    List<Endpoint> bootstrap,
    Duration silenceMax) {
  /// The usual number of connections at most (guess).
  public static final int PEERS_MAX = 256;

  /// The usual one (guess).
  public static final Duration SILENCE_MAX = Duration.ofMinutes(1);

  /// What a node may be able, and willing, to do.
  public enum Ability {
    /// Others may be introduced to us through our peers.
    INTRODUCIBLE,
    /// We name peers to others, and carry their signalling.
    RELAYING,
    /// Upgrades to WebRTC work here. Without, and without `listening`, a relay's stream is the
    /// application's stream (`pxp` is false in our connectInfo).
    WEBRTC
  }

  public ExchangeOptions {
    listening = List.copyOf(listening);
    bootstrap = List.copyOf(bootstrap);
    EnumSet<Ability> own = EnumSet.noneOf(Ability.class);
    own.addAll(abilities);
    abilities = Collections.unmodifiableSet(own);
    if (peersMax < 1 || peersMax > 100_000) {
      throw new IllegalArgumentException("peersMax is 1 to 100,000, not " + peersMax);
    }
  }

  /// A node that is able to do everything, but listens nowhere and knows nobody.
  public static ExchangeOptions of(NetworkId network) {
    return new ExchangeOptions(
        network,
        List.of(),
        EnumSet.allOf(Ability.class),
        Optional.empty(),
        PEERS_MAX,
        List.of(),
        SILENCE_MAX);
  }

  /// The same with other places where it listens.
  public ExchangeOptions listeningAt(List<Endpoint> places) {
    return new ExchangeOptions(
        network, places, abilities, identity, peersMax, bootstrap, silenceMax);
  }

  /// The same without an ability.
  public ExchangeOptions without(Ability ability) {
    EnumSet<Ability> fewer = EnumSet.noneOf(Ability.class);
    fewer.addAll(abilities);
    fewer.remove(ability);
    return new ExchangeOptions(
        network, listening, fewer, identity, peersMax, bootstrap, silenceMax);
  }

  /// The same with a long-lived key.
  public ExchangeOptions showing(Identity own) {
    return new ExchangeOptions(
        network, listening, abilities, Optional.of(own), peersMax, bootstrap, silenceMax);
  }

  /// The same with another number of connections at most.
  public ExchangeOptions atMost(int peers) {
    return new ExchangeOptions(
        network, listening, abilities, identity, peers, bootstrap, silenceMax);
  }

  /// The same with other places to enter the network.
  public ExchangeOptions enteringAt(List<Endpoint> places) {
    return new ExchangeOptions(
        network, listening, abilities, identity, peersMax, places, silenceMax);
  }

  /// The same with another time after which a silent peer is asked.
  public ExchangeOptions askingAfter(Duration silence) {
    return new ExchangeOptions(
        network, listening, abilities, identity, peersMax, bootstrap, silence);
  }

  /// Whether we are able, and willing, to do that.
  public boolean can(Ability ability) {
    return abilities.contains(ability);
  }
}
