package peerage.cli;

import java.nio.ByteBuffer;
import java.time.Instant;

/// One packet of a capture.
///
/// @param at when it was captured
/// @param linkType what the bytes begin with, as a number of the registry at tcpdump.org
/// @param bytes what was kept of it
/// @param missing bytes of it that the capture left out, at its end
record Packet(Instant at, int linkType, ByteBuffer bytes, int missing) {}
