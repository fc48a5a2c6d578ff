package peerage.cli;

import java.nio.ByteBuffer;
import java.time.Instant;
import peerage.peers.PeerAddress;

/// One captured TCP segment.
///
/// @param at when it was captured
/// @param from its sender
/// @param to its receiver
/// @param sequence the number of its first byte
/// @param flags the TCP flags, see the constants
/// @param payload what was kept of its content, from position to limit
/// @param missing bytes of its content that the capture left out, after those
record Segment(
    Instant at,
    PeerAddress from,
    PeerAddress to,
    int sequence,
    int flags,
    ByteBuffer payload,
    int missing) {
  static final int FIN = 0x01;
  static final int SYN = 0x02;
  static final int RST = 0x04;
  static final int ACK = 0x10;

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  boolean isEmpty() {
    return !payload.hasRemaining() && missing == 0;
  }
}
