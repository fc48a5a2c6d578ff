package peerage.pxp;

import java.util.Optional;

/// What we say of ourselves.
final class OwnInfo {
  private OwnInfo() {}

  /// Our connectInfo; empty if nobody may be introduced to us.
  static Optional<ConnectInfo> of(ExchangeOptions options, String token) {
    if (!options.can(ExchangeOptions.Ability.INTRODUCIBLE)) {
      return Optional.empty();
    }
    // Without WebRTC there is nothing to upgrade to: who cannot dial us uses the relay's stream.
    boolean webrtc = options.can(ExchangeOptions.Ability.WEBRTC);
    return Optional.of(
        ConnectInfo.ours(
            webrtc,
            webrtc,
            token,
            options.listening(),
            options.identity().map(own -> Proofs.sign(own, options.network(), token))));
  }
}
