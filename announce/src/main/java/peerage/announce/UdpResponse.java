package peerage.announce;

import java.time.Duration;
import java.util.List;
import peerage.bencode.MalformedMessage;
import peerage.peers.Family;
import peerage.peers.PeerAddress;

/// What a tracker answers by UDP (BEP 15). Every number is big-endian.
public sealed interface UdpResponse {
  /// The largest datagram that is read, in bytes: the largest there is.
  int MAX_BYTES = 65_535;

  /// The [UdpRequest#transaction()] that this answers.
  int transaction();

  /// The bytes of the datagram.
  ///
  /// @throws IllegalArgumentException if there are peers of both address families: it is that of
  ///     the datagram alone which tells the reader how long an entry is
  default byte[] encode() {
    return UdpWriter.write(this);
  }

  /// The address is proved.
  ///
  /// @param connection to be said with requests; good for a minute
  record Connected(int transaction, long connection) implements UdpResponse {}

  /// The announce was accepted.
  ///
  /// @param interval when to announce again; once decoded within
  ///     [AnnounceResponse#INTERVAL_MIN] and [AnnounceResponse#INTERVAL_MAX]
  /// @param peers where others listen, all of one address family
  /// @param peersSkipped entries with port 0, which name nobody
  record Announced(
      int transaction,
      Duration interval,
      int leeches,
      int seeds,
      List<PeerAddress> peers,
      int peersSkipped)
      implements UdpResponse {
    /// Copies the list.
    public Announced {
      peers = List.copyOf(peers);
    }
  }

  /// The figures that were asked for, in the order of the hashes.
  record Scraped(int transaction, List<SwarmFigures> figures) implements UdpResponse {
    /// Copies the list.
    public Scraped {
      figures = List.copyOf(figures);
    }
  }

  /// The request was refused.
  ///
  /// @param reason the tracker's words, fit to show
  record Refused(int transaction, String reason) implements UdpResponse {}

  /// Reads a datagram at the client's end; what is longer than expected is fine.
  ///
  /// @param family that of the datagram itself. BEP 15: "Which format is used is determined by the
  ///     address family of the underlying UDP packet."
  /// @throws MalformedMessage if this is no answer
  static UdpResponse decode(byte[] datagram, Family family) throws MalformedMessage {
    return UdpResponseReader.read(datagram, family);
  }
}
