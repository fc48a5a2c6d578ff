package peerage.pxp;

/// Which end of a connection we are. The only difference: the connecting end sends the `connect`
/// request.
public enum Role {
  /// We opened it (`connect` in JavaScript).
  CONNECT,
  /// The other side opened it (`accept` in JavaScript).
  ACCEPT
}
