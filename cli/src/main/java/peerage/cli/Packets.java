package peerage.cli;

import java.io.IOException;
import java.util.Optional;
import peerage.bencode.MalformedMessage;

/// The packets of a capture, one after the other.
sealed interface Packets permits Pcap, PcapNg {
  /// The longest packet that is taken, in bytes: tcpdump's own bound (MAXIMUM_SNAPLEN).
  int MAX_PACKET = 256 * 1024;

  /// The next packet.
  ///
  /// @return empty at the end
  /// @throws MalformedMessage if the file breaks its format; nothing more can be read then
  Optional<Packet> next() throws IOException, MalformedMessage;

  /// Whether the file ended inside a packet, as when tcpdump was killed.
  boolean isCutOff();
}
