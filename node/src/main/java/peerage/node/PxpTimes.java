package peerage.node;

import java.time.Duration;

/// How long the driver waits for others. Tests shorten it.
///
/// @param connect for opening a byte stream, handshakes below PXP included
/// @param stuck a connection that is being closed may go without a byte leaving for so long
/// @param linger when all is sent, so long the other side has to close, too
/// @param goodbye the same when the network is closed, for sending and closing together
/// @param close for closing the network in all
record PxpTimes(
    Duration connect, Duration stuck, Duration linger, Duration goodbye, Duration close) {
  /// Guesses, but for the last, which is promised.
  static final PxpTimes DEFAULT =
      new PxpTimes(
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofSeconds(2),
          Duration.ofSeconds(1),
          Duration.ofMillis(1900));
}
