package peerage.pxp;

import java.util.List;
import java.util.Optional;
import peerage.bencode.MalformedMessage;

/// The messages of the stream `pxp`, as JSON lines in exactly the shapes that JavaScript nodes
/// send;
/// they die of others.
final class PxpCodec {
  /// The version of the protocol.
  static final int VERSION = 1;

  private PxpCodec() {}

  /// Reads a line. Elements after the third are ignored, and so are those of hello.
  ///
  /// @throws MalformedMessage if it is no message
  static PxpMessage decode(String line) throws MalformedMessage {
    throw new UnsupportedOperationException("not yet");
  }

  /// `hello`.
  ///
  /// @param info empty if nobody may be introduced to us
  static byte[] hello(JsonText nonce, Optional<ConnectInfo> info, List<String> networks) {
    throw new UnsupportedOperationException("not yet");
  }

  /// `connect`.
  static byte[] connect(JsonText nonce, String network) {
    throw new UnsupportedOperationException("not yet");
  }

  /// `getpeers`.
  static byte[] getPeers(JsonText nonce, String network) {
    throw new UnsupportedOperationException("not yet");
  }

  /// `relay`.
  static byte[] relay(JsonText nonce, String candidate) {
    throw new UnsupportedOperationException("not yet");
  }

  /// `incoming`.
  static byte[] incoming(JsonText nonce, String relay) {
    throw new UnsupportedOperationException("not yet");
  }

  /// `upgrade`.
  static byte[] upgrade(JsonText nonce, Signal signal) {
    throw new UnsupportedOperationException("not yet");
  }

  /// Yes, to `connect`, `relay` or `incoming`.
  static byte[] yes(JsonText nonce) {
    throw new UnsupportedOperationException("not yet");
  }

  /// No, to `connect` or `relay`.
  static byte[] no(JsonText nonce, String error) {
    throw new UnsupportedOperationException("not yet");
  }

  /// The answer to `getpeers`.
  ///
  /// @param candidates those at the end are left out if the line would get too long
  static byte[] candidates(JsonText nonce, List<Candidate> candidates) {
    throw new UnsupportedOperationException("not yet");
  }

  /// No, to `getpeers`.
  static byte[] noCandidates(JsonText nonce, String error) {
    throw new UnsupportedOperationException("not yet");
  }

  /// Whether an answer is a no, as JavaScript nodes judge it.
  ///
  /// @return the error, fit to show; empty if it is a yes
  static Optional<String> errorOf(JsonText args) {
    throw new UnsupportedOperationException("not yet");
  }

  /// The candidates of an answer to `getpeers` that is no error: at most
  /// [PxpLimits#CANDIDATES_TAKEN_MAX], without those that cannot be reached or make no sense.
  ///
  /// @throws MalformedMessage if it is no such answer
  static List<Candidate> candidatesOf(JsonText args) throws MalformedMessage {
    throw new UnsupportedOperationException("not yet");
  }
}
