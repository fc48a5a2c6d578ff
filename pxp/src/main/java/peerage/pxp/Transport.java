package peerage.pxp;

/// What carries a connection.
public enum Transport {
  /// A plain TCP connection.
  TCP,
  /// TLS over TCP.
  TLS,
  /// A WebSocket over TCP.
  WS,
  /// A WebSocket over TLS.
  WSS,
  /// A WebRTC data channel.
  WEBRTC,
  /// A stream through another peer, which is the application's stream itself.
  RELAY,
  /// A stream that the application brought along.
  ADOPTED
}
