package peerage.announce;

import java.util.List;
import peerage.bencode.MalformedMessage;
import peerage.peers.InfoHash;

/// What a client sends to a tracker by UDP (BEP 15). Every number is big-endian.
public sealed interface UdpRequest {
  /// The first eight bytes of a [Connect], by which a tracker knows that somebody means it.
  long PROTOCOL_ID = 0x41727101980L;

  /// The most swarms of one [Scrape]. BEP 15: "Up to about 74 torrents can be scraped at once".
  int MAX_HASHES = 74;

  /// The largest datagram that is read, in bytes: an announce with the longest URL data fits.
  int MAX_BYTES = 2_400;

  /// The most bytes of URL data that are written or kept: what a URL may have at all.
  int MAX_URL_DATA = TrackerUrl.MAX_LENGTH;

  /// Chosen at random by the client; the answer repeats it.
  int transaction();

  /// The bytes of the datagram.
  default byte[] encode() {
    return UdpWriter.write(this);
  }

  /// Asks for the connection id that the other requests need, as a proof of the sender's address.
  record Connect(int transaction) implements UdpRequest {}

  /// Announces.
  ///
  /// @param connection what [UdpResponse.Connected] gave
  /// @param request as by HTTP; there is no room for a tracker id
  /// @param urlData the path and the query of the tracker's URL (BEP 41), one `char` per byte;
  ///     empty to say nothing of them
  record Announce(long connection, int transaction, AnnounceRequest request, String urlData)
      implements UdpRequest {
    /// @throws IllegalArgumentException if the URL data is longer than [#MAX_URL_DATA]
    public Announce {
      if (urlData.length() > MAX_URL_DATA) {
        throw new IllegalArgumentException("URL data has at most " + MAX_URL_DATA + " bytes");
      }
    }
  }

  /// Asks for the figures of some swarms.
  ///
  /// @param hashes 1 to [#MAX_HASHES]
  record Scrape(long connection, int transaction, List<InfoHash> hashes) implements UdpRequest {
    /// Copies the list.
    ///
    /// @throws IllegalArgumentException if there are none or too many
    public Scrape {
      hashes = List.copyOf(hashes);
      if (hashes.isEmpty() || hashes.size() > MAX_HASHES) {
        throw new IllegalArgumentException("1 to " + MAX_HASHES + " hashes, not " + hashes.size());
      }
    }
  }

  /// Reads a datagram at the tracker's end. Longer ones than expected are fine. BEP 15: "Do not
  /// expect packets to be exactly of a certain size". The `IP address` field is never believed.
  ///
  /// @throws MalformedMessage if this is no request
  static UdpRequest decode(byte[] datagram) throws MalformedMessage {
    return UdpRequestReader.read(datagram);
  }
}
