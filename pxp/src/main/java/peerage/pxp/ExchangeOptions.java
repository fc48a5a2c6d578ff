package peerage.pxp;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How a node takes part in its network.
///
/// @param network which network
/// @param listening where others can dial us; told to whoever asks for peers. Empty if nowhere, or
///     if nobody shall know
/// @param introducible whether others may be introduced to us through our peers
/// @param webrtc whether upgrades to WebRTC work here. Without, and without `listening`, a relay's
///     stream is the application's stream (`pxp` is false in our connectInfo)
/// @param identity our long-lived key, if we show one
/// @param peersMax connections at most, those that do not yet speak included, 1 to 100,000
/// @param relays whether we carry the signalling of others
/// @param bootstrap where to enter the network, in order of preference
/// @param silenceMax a peer that was silent for so long is asked whether it lives, and closed if it
///     does not answer; longer than any peer's application may pause
public record ExchangeOptions(
    NetworkId network,
    List<Endpoint> listening,
    boolean introducible,
    boolean webrtc,
    Optional<Identity> identity,
    int peersMax,
    boolean relays,
    List<Endpoint> bootstrap,
    Duration silenceMax) {
  /// The usual one (guess).
  public static final Duration SILENCE_MAX = Duration.ofMinutes(1);

  public ExchangeOptions {
    listening = List.copyOf(listening);
    bootstrap = List.copyOf(bootstrap);
    if (peersMax < 1 || peersMax > 100_000) {
      throw new IllegalArgumentException("peersMax is 1 to 100,000, not " + peersMax);
    }
  }
}
