package peerage.websocket;

import java.time.Duration;

/// Every bound of this module.
final class Limits {
  /// The longest frame that is taken, in bytes: Netty keeps it until it is whole, so it is what a
  /// stranger may fill of our memory. Messages in several frames may be longer. Departure: over TCP
  /// a frame of PXP may have 64 MiB; a JavaScript node sends each as one frame of WebSocket.
  static final int FRAME_MAX = 1 << 20;

  /// The longest frame that is sent, in bytes: what others take without a thought (guess).
  static final int FRAME_SENT = 64 * 1024;

  /// So many bytes may wait for the application, as [peerage.node.spi.Unread] counts them, before
  /// the socket is read no more (guess).
  static final int UNREAD_HIGH = 256 * 1024;

  /// So few, and it is read again.
  static final int UNREAD_LOW = 64 * 1024;

  /// So many bytes may wait for the socket before writing waits (guess).
  static final int UNSENT_HIGH = 512 * 1024;

  /// So few, and writing goes on.
  static final int UNSENT_LOW = 256 * 1024;

  /// A request line or status line, in bytes (guess).
  static final int HTTP_LINE_MAX = 4 * 1024;

  /// All header lines of a request or an answer, in bytes: cookies of a shared host (guess).
  static final int HTTP_HEADERS_MAX = 16 * 1024;

  /// The body of a request or an answer, in bytes: a handshake has none, a refusal may (guess).
  static final int HTTP_BODY_MAX = 16 * 1024;

  /// So many may be in the handshake of one listening socket; who comes then is closed (guess).
  static final int HANDSHAKES_MAX = 256;

  /// Not yet accepted connections that the system keeps; the system's own bound is mostly lower.
  static final int BACKLOG = 128;

  /// What was written has so long to leave after a close, so that a side that reads nothing does
  /// not hold us (guess).
  static final Duration LINGER = Duration.ofSeconds(2);

  private Limits() {}
}
