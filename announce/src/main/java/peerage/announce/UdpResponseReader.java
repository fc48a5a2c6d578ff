package peerage.announce;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import peerage.bencode.MalformedMessage;
import peerage.bencode.StrangersText;
import peerage.peers.Family;
import peerage.peers.PeerAddress;

/// Reads what trackers answer by UDP.
final class UdpResponseReader {
  private static final int HEAD = 8;
  private static final int CONNECTED = 16;
  private static final int ANNOUNCED = 20;
  private static final int FIGURES = 12;

  /// opentracker answers so to announces of a torrent that it does not serve.
  private static final String NOT_SERVED =
      "the tracker says nothing: it may not serve this torrent";

  private UdpResponseReader() {}

  static UdpResponse read(byte[] datagram, Family family) throws MalformedMessage {
    need(datagram, HEAD);
    ByteBuffer bytes = ByteBuffer.wrap(datagram);
    int action = bytes.getInt();
    int transaction = bytes.getInt();
    return switch (action) {
      case UdpAction.CONNECT -> {
        need(datagram, CONNECTED);
        yield new UdpResponse.Connected(transaction, bytes.getLong());
      }
      case UdpAction.ANNOUNCE -> {
        if (!bytes.hasRemaining()) {
          yield new UdpResponse.Refused(transaction, NOT_SERVED);
        }
        need(datagram, ANNOUNCED);
        yield announced(transaction, bytes, family);
      }
      case UdpAction.SCRAPE -> scraped(transaction, bytes);
      case UdpAction.ERROR -> refused(transaction, bytes);
      default -> throw malformed("has the unknown action " + action);
    };
  }

  private static UdpResponse announced(int transaction, ByteBuffer bytes, Family family) {
    long least = AnnounceResponse.INTERVAL_MIN.toSeconds();
    long most = AnnounceResponse.INTERVAL_MAX.toSeconds();
    Duration interval = Duration.ofSeconds(Math.clamp(bytes.getInt(), least, most));
    int leeches = count(bytes.getInt());
    int seeds = count(bytes.getInt());
    var peers = new ArrayList<PeerAddress>();
    int skipped = 0;
    while (bytes.remaining() >= family.compactSize() && peers.size() < AnnounceResponse.MAX_PEERS) {
      Optional<PeerAddress> peer = PeerAddress.readCompact(bytes, family);
      peer.ifPresent(peers::add);
      skipped += peer.isEmpty() ? 1 : 0;
    }
    return new UdpResponse.Announced(transaction, interval, leeches, seeds, peers, skipped);
  }

  private static UdpResponse scraped(int transaction, ByteBuffer bytes) {
    var figures = new ArrayList<SwarmFigures>();
    while (bytes.remaining() >= FIGURES && figures.size() < UdpRequest.MAX_HASHES) {
      int seeds = count(bytes.getInt());
      int completed = count(bytes.getInt());
      figures.add(new SwarmFigures(seeds, completed, count(bytes.getInt())));
    }
    return new UdpResponse.Scraped(transaction, figures);
  }

  /// A count above 2^31 is none; there is nobody there that we could be sure of.
  private static int count(int number) {
    return Math.max(0, number);
  }

  private static UdpResponse refused(int transaction, ByteBuffer bytes) {
    String text = UTF_8.decode(bytes).toString();
    int end = text.indexOf('\0'); // some trackers send the end of a C string along
    String reason =
        StrangersText.printable(end < 0 ? text : text.substring(0, end), AnnounceResponse.MAX_TEXT);
    return new UdpResponse.Refused(
        transaction, reason.isBlank() ? "the tracker gave no reason" : reason);
  }

  private static void need(byte[] datagram, int length) throws MalformedMessage {
    if (datagram.length < length) {
      throw malformed("has " + datagram.length + " bytes, not " + length);
    }
  }

  private static MalformedMessage malformed(String problem) {
    return new MalformedMessage("the tracker's answer " + problem);
  }
}
