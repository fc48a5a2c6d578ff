package peerage.announce;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Optional;
import peerage.peers.Family;

/// Writes the datagrams of BEP 15.
final class UdpWriter {
  private static final int HEAD = 16;
  private static final int ANNOUNCE = 98;
  private static final int HASH = 20;
  private static final int SHORT_HEAD = 8;
  private static final int ANSWER = 20;
  private static final int FIGURES = 12;

  private UdpWriter() {}

  static byte[] write(UdpRequest request) {
    return switch (request) {
      case UdpRequest.Connect(int transaction) -> {
        byte[] datagram = new byte[HEAD];
        head(datagram, UdpRequest.PROTOCOL_ID, UdpAction.CONNECT, transaction);
        yield datagram;
      }
      case UdpRequest.Announce announce -> announce(announce);
      case UdpRequest.Scrape(long connection, int transaction, var hashes) -> {
        byte[] datagram = new byte[HEAD + HASH * hashes.size()];
        ByteBuffer bytes = head(datagram, connection, UdpAction.SCRAPE, transaction);
        hashes.forEach(hash -> bytes.put(hash.bytes()));
        yield datagram;
      }
    };
  }

  private static ByteBuffer head(byte[] datagram, long connection, int action, int transaction) {
    return ByteBuffer.wrap(datagram).putLong(connection).putInt(action).putInt(transaction);
  }

  private static byte[] announce(UdpRequest.Announce announce) {
    AnnounceRequest request = announce.request();
    byte[] url = announce.urlData().getBytes(ISO_8859_1);
    int options = (url.length + UdpAction.MAX_OPTION - 1) / UdpAction.MAX_OPTION;
    byte[] datagram = new byte[ANNOUNCE + url.length + 2 * options];
    ByteBuffer bytes =
        head(datagram, announce.connection(), UdpAction.ANNOUNCE, announce.transaction());
    bytes.put(request.infoHash().bytes()).put(request.peerId().bytes());
    bytes.putLong(request.progress().downloaded());
    bytes.putLong(request.progress().left());
    bytes.putLong(request.progress().uploaded());
    bytes.putInt(number(request.event()));
    bytes.putInt(0); // BEP 15: "IP address [...] should always be set to 0"
    bytes.putInt(request.key()).putInt(request.numWant()).putShort((short) request.port());
    putUrlData(bytes, url);
    return datagram;
  }

  private static int number(Optional<AnnounceEvent> event) {
    return event
        .map(
            it ->
                switch (it) {
                  case COMPLETED -> 1;
                  case STARTED -> 2;
                  case STOPPED -> 3;
                })
        .orElse(0);
  }

  /// BEP 41: strings "longer than 255 bytes" are "chunked into blocks of no larger than 255 bytes".
  private static void putUrlData(ByteBuffer bytes, byte[] url) {
    for (int at = 0; at < url.length; at += UdpAction.MAX_OPTION) {
      int length = Math.min(UdpAction.MAX_OPTION, url.length - at);
      bytes.put((byte) UdpAction.URL_DATA).put((byte) length).put(url, at, length);
    }
  }

  static byte[] write(UdpResponse response) {
    return switch (response) {
      case UdpResponse.Connected(int transaction, long connection) -> {
        byte[] datagram = new byte[HEAD];
        shortHead(datagram, UdpAction.CONNECT, transaction).putLong(connection);
        yield datagram;
      }
      case UdpResponse.Announced announced -> announced(announced);
      case UdpResponse.Scraped(int transaction, var figures) -> {
        byte[] datagram = new byte[SHORT_HEAD + FIGURES * figures.size()];
        ByteBuffer bytes = shortHead(datagram, UdpAction.SCRAPE, transaction);
        figures.forEach(it -> bytes.putInt(it.seeds()).putInt(it.completed()).putInt(it.leeches()));
        yield datagram;
      }
      case UdpResponse.Refused(int transaction, String reason) -> {
        byte[] text = reason.getBytes(UTF_8);
        byte[] datagram = new byte[SHORT_HEAD + text.length];
        shortHead(datagram, UdpAction.ERROR, transaction).put(text);
        yield datagram;
      }
    };
  }

  private static ByteBuffer shortHead(byte[] datagram, int action, int transaction) {
    return ByteBuffer.wrap(datagram).putInt(action).putInt(transaction);
  }

  private static byte[] announced(UdpResponse.Announced announced) {
    Family family = announced.peers().isEmpty() ? Family.V4 : announced.peers().getFirst().family();
    if (announced.peers().stream().anyMatch(peer -> peer.family() != family)) {
      throw new IllegalArgumentException("an answer by UDP has peers of one address family");
    }
    byte[] datagram = new byte[ANSWER + announced.peers().size() * family.compactSize()];
    ByteBuffer bytes = shortHead(datagram, UdpAction.ANNOUNCE, announced.transaction());
    bytes.putInt((int) announced.interval().toSeconds());
    bytes.putInt(announced.leeches()).putInt(announced.seeds());
    announced.peers().forEach(peer -> peer.writeCompact(bytes));
    return datagram;
  }
}
