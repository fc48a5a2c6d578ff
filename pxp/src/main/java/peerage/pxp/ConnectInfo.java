package peerage.pxp;

import java.util.List;
import java.util.Optional;
import peerage.bencode.MalformedMessage;

/// What a node says of how others may be introduced to it (`connectInfo`). The object of a stranger
/// is kept as it came, with all that we do not understand.
final class ConnectInfo {
  /// That the node holds a key, and has bound this run's certificate to it.
  ///
  /// @param fingerprint of the certificate, as in the SDP: `sha-256 AB:CD:…`
  /// @param signature 128 hex digits in lower case; nobody has verified it yet
  record Proof(IdentityKey key, String fingerprint, String signature) {}

  private final JsonText text;

  private ConnectInfo(JsonText text) {
    this.text = text;
  }

  /// Reads the object of another node. Fields of ours that make no sense count as absent.
  ///
  /// @throws MalformedMessage if it is no object, or too long
  static ConnectInfo read(JsonText text) throws MalformedMessage {
    return new ConnectInfo(text);
  }

  /// What we say of ourselves; `relay` is always true, as with JavaScript nodes.
  ///
  /// @param pxp whether we can be upgraded to; else a relay's stream is the application's
  /// @param token 32 hex digits, random in each run
  /// @param listening at most [PxpLimits#LISTENING_MAX] are told
  static ConnectInfo ours(
      boolean pxp, boolean webrtc, String token, List<Endpoint> listening, Optional<Proof> proof) {
    throw new UnsupportedOperationException("not yet");
  }

  /// The object as it came.
  JsonText text() {
    return text;
  }

  /// Whether it wants an upgrade; else the relay's stream is the application's.
  boolean pxp() {
    throw new UnsupportedOperationException("not yet");
  }

  /// Whether it says that it can be reached through a relay. JavaScript nodes never look at this.
  boolean relay() {
    throw new UnsupportedOperationException("not yet");
  }

  /// Whether it says that it can do WebRTC. JavaScript nodes never look at this.
  boolean webrtc() {
    throw new UnsupportedOperationException("not yet");
  }

  /// Which node this is in this run, `node`: 32 hex digits in lower case.
  Optional<String> token() {
    throw new UnsupportedOperationException("not yet");
  }

  /// Where it listens, `listen`: at most [PxpLimits#LISTENING_MAX].
  List<Endpoint> listening() {
    throw new UnsupportedOperationException("not yet");
  }

  /// Its key (`key`, `dtls`, `sig`), if all three are there and in form.
  Optional<Proof> proof() {
    throw new UnsupportedOperationException("not yet");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ConnectInfo that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
