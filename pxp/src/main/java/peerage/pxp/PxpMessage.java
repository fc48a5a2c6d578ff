package peerage.pxp;

import java.util.List;
import java.util.Optional;

/// One message of the stream `pxp`. A nonce is any JSON value, which the answer repeats as it is.
sealed interface PxpMessage {
  /// Who the sender is; its first message.
  ///
  /// @param version of the protocol; 0 if it is no whole number
  /// @param info empty if nobody may be introduced to the sender
  /// @param networks at most [PxpLimits#NETWORKS_MAX]
  record Hello(int version, Optional<ConnectInfo> info, List<String> networks)
      implements PxpMessage {
    public Hello {
      networks = List.copyOf(networks);
    }
  }

  /// Open the application's stream of a network.
  record Connect(JsonText nonce, String network) implements PxpMessage {}

  /// Whom do you know in a network?
  record GetPeers(JsonText nonce, String network) implements PxpMessage {}

  /// Relay between us and a candidate.
  ///
  /// @param candidate an id of an answer to [GetPeers]
  record Relay(JsonText nonce, String candidate) implements PxpMessage {}

  /// Somebody wants to be introduced to you.
  ///
  /// @param relay names the stream to it, `relay:` and this
  record Incoming(JsonText nonce, String relay) implements PxpMessage {}

  /// A piece of signalling; has no answer.
  ///
  /// @param signal empty if it is for another transport or of a kind that we do not know: ignored
  record Upgrade(JsonText nonce, Optional<Signal> signal) implements PxpMessage {}

  /// The answer to one of our requests.
  ///
  /// @param nonce of the request
  /// @param args see [PxpCodec#errorOf] and [PxpCodec#candidatesOf]
  record Answer(JsonText nonce, JsonText args) implements PxpMessage {}

  /// A command that we do not know: ignored.
  record Unknown(String command) implements PxpMessage {}
}
