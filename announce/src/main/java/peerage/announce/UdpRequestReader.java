package peerage.announce;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Optional;
import peerage.bencode.MalformedMessage;
import peerage.peers.InfoHash;
import peerage.peers.PeerId;

/// Reads what clients send to a tracker by UDP.
final class UdpRequestReader {
  private static final int HEAD = 16;
  private static final int ANNOUNCE = 98;
  private static final int HASH = 20;

  private UdpRequestReader() {}

  static UdpRequest read(byte[] datagram) throws MalformedMessage {
    if (datagram.length > UdpRequest.MAX_BYTES) {
      throw malformed("has more than " + UdpRequest.MAX_BYTES + " bytes");
    }
    need(datagram, HEAD);
    ByteBuffer bytes = ByteBuffer.wrap(datagram);
    long connection = bytes.getLong();
    int action = bytes.getInt();
    int transaction = bytes.getInt();
    return switch (action) {
      case UdpAction.CONNECT -> connect(connection, transaction);
      case UdpAction.ANNOUNCE -> {
        need(datagram, ANNOUNCE);
        AnnounceRequest request = request(bytes);
        yield new UdpRequest.Announce(connection, transaction, request, urlData(bytes));
      }
      case UdpAction.SCRAPE -> scrape(connection, transaction, bytes);
      default -> throw malformed("has the unknown action " + action);
    };
  }

  private static UdpRequest connect(long protocol, int transaction) throws MalformedMessage {
    if (protocol != UdpRequest.PROTOCOL_ID) {
      throw malformed("connects by another protocol");
    }
    return new UdpRequest.Connect(transaction);
  }

  private static AnnounceRequest request(ByteBuffer bytes) throws MalformedMessage {
    InfoHash infoHash = InfoHash.of(take(bytes));
    PeerId peerId = PeerId.of(take(bytes));
    Progress progress = progress(bytes);
    Optional<AnnounceEvent> event = event(bytes.getInt());
    bytes.getInt(); // the `IP address`: whoever sends could name a third party
    int key = bytes.getInt();
    int numWant = numWant(bytes.getInt());
    int port = Short.toUnsignedInt(bytes.getShort());
    if (port == 0) {
      throw malformed("announces port 0");
    }
    return new AnnounceRequest(
        infoHash, peerId, port, progress, event, numWant, Optional.empty(), key);
  }

  private static Progress progress(ByteBuffer bytes) throws MalformedMessage {
    long downloaded = bytes.getLong();
    long left = bytes.getLong();
    long uploaded = bytes.getLong();
    if (downloaded < 0 || left < 0 || uploaded < 0) {
      throw malformed("tells of more than 2^63 bytes");
    }
    return new Progress(uploaded, downloaded, left);
  }

  private static Optional<AnnounceEvent> event(int number) {
    return switch (number) {
      case 1 -> Optional.of(AnnounceEvent.COMPLETED);
      case 2 -> Optional.of(AnnounceEvent.STARTED);
      case 3 -> Optional.of(AnnounceEvent.STOPPED);
      default -> Optional.empty(); // 0 is none; of others nobody knows
    };
  }

  /// BEP 15: -1 is the "default".
  private static int numWant(int number) {
    return number < 0
        ? AnnounceRequest.DEFAULT_NUM_WANT
        : Math.min(number, AnnounceRequest.MAX_NUM_WANT);
  }

  /// BEP 41: "If this option appears more than once, the data fields are concatenated." An option
  /// that is cut off ends the options.
  private static String urlData(ByteBuffer bytes) {
    var data = new StringBuilder();
    while (bytes.hasRemaining()) {
      int option = Byte.toUnsignedInt(bytes.get());
      if (option == UdpAction.END_OF_OPTIONS) {
        break;
      }
      if (option == UdpAction.NO_OPTION) {
        continue;
      }
      if (!bytes.hasRemaining()) {
        break;
      }
      byte[] value = new byte[Byte.toUnsignedInt(bytes.get())];
      if (value.length > bytes.remaining()) {
        break;
      }
      bytes.get(value);
      if (option == UdpAction.URL_DATA) {
        data.append(new String(value, ISO_8859_1));
      }
    }
    return data.substring(0, Math.min(data.length(), UdpRequest.MAX_URL_DATA));
  }

  private static UdpRequest scrape(long connection, int transaction, ByteBuffer bytes)
      throws MalformedMessage {
    var hashes = new ArrayList<InfoHash>();
    while (bytes.remaining() >= HASH && hashes.size() < UdpRequest.MAX_HASHES) {
      hashes.add(InfoHash.of(take(bytes)));
    }
    if (hashes.isEmpty()) {
      throw malformed("scrapes no swarm");
    }
    return new UdpRequest.Scrape(connection, transaction, hashes);
  }

  private static byte[] take(ByteBuffer bytes) {
    byte[] taken = new byte[HASH];
    bytes.get(taken);
    return taken;
  }

  private static void need(byte[] datagram, int length) throws MalformedMessage {
    if (datagram.length < length) {
      throw malformed("has " + datagram.length + " bytes, not " + length);
    }
  }

  private static MalformedMessage malformed(String problem) {
    return new MalformedMessage("the request " + problem);
  }
}
