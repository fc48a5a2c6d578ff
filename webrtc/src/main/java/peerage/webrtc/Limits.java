package peerage.webrtc;

import java.time.Duration;

/// Every bound of this module.
final class Limits {
  /// The longest message that is sent, in bytes: every implementation takes it (RFC 8831, section
  /// 6.6 has it as the size that does not hold up other channels).
  static final int MESSAGE_SENT = 16 * 1024;

  /// So many bytes may wait in the native library before writing waits. Measured: at 256 KiB it is
  /// no slower on one machine; a long way needs more. The library gives up at 16 MiB.
  static final long UNSENT_MAX = 1 << 20;

  /// How long a writer waits before it asks again whether there is room: webrtc-java 0.14.0 never
  /// calls `onBufferedAmountChange`. Measured: 70 MB/s with 1 ms, 40 with 0.3 ms, 18 with 100 ms.
  static final Duration UNSENT_POLL = Duration.ofMillis(1);

  /// So many bytes may wait for the application, as [peerage.node.spi.Unread] counts them, before
  /// the connection is given up: the library offers nothing that would hold the other side back
  /// (guess).
  static final long UNREAD_MAX = 16 << 20;

  /// So many signals are taken in one upgrade; a machine with dozens of addresses sends fewer
  /// (guess).
  static final int SIGNALS_MAX = 128;

  /// So many upgrades and their connections may an engine have; each has two sockets (guess).
  static final int UPGRADES_MAX = 512;

  /// What was written has so long to leave after a close (guess).
  static final Duration LINGER = Duration.ofSeconds(2);

  /// The same when the engine closes.
  static final Duration LINGER_AT_END = Duration.ofMillis(500);

  /// How long closing an engine waits for its thread (guess).
  static final Duration END = Duration.ofSeconds(2);

  /// How long the other side's address may take to be found out once the channel is open (guess).
  static final Duration ADDRESS = Duration.ofSeconds(1);

  /// After so long it is looked up again if it was not there yet (guess).
  static final Duration ADDRESS_AGAIN = Duration.ofMillis(20);

  private Limits() {}
}
