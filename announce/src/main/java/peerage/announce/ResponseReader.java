package peerage.announce;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import peerage.announce.AnnounceResponse.Answer;
import peerage.announce.AnnounceResponse.Failure;
import peerage.announce.AnnounceResponse.Retry;
import peerage.bencode.BencodeLimits;
import peerage.bencode.BencodeReader;
import peerage.bencode.Bencoded;
import peerage.bencode.MalformedMessage;
import peerage.bencode.StrangersText;
import peerage.peers.Family;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;

/// Reads what trackers answer, and what web servers answer in their place.
final class ResponseReader {
  private static final String THE_ANSWER = "the tracker's answer ";

  private final Bencoded.Dict dict;
  private final List<PeerAddress> peers = new ArrayList<>();
  private int skipped;

  private ResponseReader(Bencoded.Dict dict) {
    this.dict = dict;
  }

  static AnnounceResponse read(byte[] body) throws MalformedMessage {
    var reader = new ResponseReader(dict(body));
    Optional<Bencoded> reason = reader.dict.get("failure reason");
    return reason.isPresent() ? reader.failure(reason.get()) : reader.answer();
  }

  private static Bencoded.Dict dict(byte[] body) throws MalformedMessage {
    if (body.length > AnnounceResponse.MAX_BYTES) {
      throw malformed("has more than " + AnnounceResponse.MAX_BYTES + " bytes");
    }
    if (body.length == 0) {
      throw malformed("is empty");
    }
    try {
      return BencodeReader.lenient(BencodeLimits.DEFAULT).readDict(ByteBuffer.wrap(body));
    } catch (MalformedMessage e) {
      throw malformed(complaint(body, e));
    }
  }

  private static String complaint(byte[] body, MalformedMessage e) {
    if (isMarkup(body)) {
      return "is a web page, no bencode: is this the tracker's address?";
    }
    return body[0] == 'd' ? "is broken bencode: " + e.getMessage() : "is no bencode";
  }

  private static boolean isMarkup(byte[] body) {
    return new String(body, 0, Math.min(body.length, 64), ISO_8859_1)
        .stripLeading()
        .startsWith("<");
  }

  private Failure failure(Bencoded reason) throws MalformedMessage {
    if (!(reason instanceof Bencoded.Bytes text)) {
      throw malformed("gives a failure reason that is no text");
    }
    String words = shown(text);
    return new Failure(words.isBlank() ? "the tracker gave no reason" : words, retry());
  }

  /// BEP 31 counts minutes; trackers write them as an integer or as a text.
  private Retry retry() {
    long minutes = dict.integer("retry in").orElse(0);
    String text = dict.text("retry in").orElse("");
    if (text.equals("never")) {
      return new Retry.Never();
    }
    if (text.matches("[0-9]{1,9}")) {
      minutes = Long.parseLong(text);
    }
    long most = AnnounceResponse.INTERVAL_MAX.toMinutes();
    return minutes < 1
        ? new Retry.Unsaid()
        : new Retry.After(Duration.ofMinutes(Math.min(minutes, most)));
  }

  private Answer answer() throws MalformedMessage {
    Optional<Bencoded> v4 = dict.get("peers");
    Optional<Bencoded> v6 = dict.get("peers6");
    if (v4.isEmpty() && v6.isEmpty() && dict.get("interval").isEmpty()) {
      throw malformed("holds neither peers nor an interval nor a reason");
    }
    takePeers(v4, Family.V4);
    takePeers(v6, Family.V6);
    return new Answer(
        interval("interval").orElse(AnnounceResponse.INTERVAL_DEFAULT),
        interval("min interval"),
        peers,
        count("complete"),
        count("incomplete"),
        trackerId(),
        externalIp(),
        dict.bytes("warning message").map(ResponseReader::shown).filter(text -> !text.isBlank()),
        skipped);
  }

  private Optional<Duration> interval(String key) throws MalformedMessage {
    Optional<Bencoded> value = dict.get(key);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (!(value.get() instanceof Bencoded.Int(long seconds))) {
      throw malformed("gives no number as its " + key);
    }
    long least = AnnounceResponse.INTERVAL_MIN.toSeconds();
    long most = AnnounceResponse.INTERVAL_MAX.toSeconds();
    return Optional.of(Duration.ofSeconds(Math.clamp(seconds, least, most)));
  }

  /// BEP 3 has a list of dictionaries, BEP 23 a string; either may come, whatever was asked for.
  private void takePeers(Optional<Bencoded> value, Family family) throws MalformedMessage {
    if (value.isEmpty()) {
      return;
    }
    switch (value.get()) {
      case Bencoded.Bytes compact -> takeCompact(compact.buffer(), family);
      case Bencoded.Items(var entries) -> entries.forEach(this::takeEntry);
      case Bencoded.Int _, Bencoded.Dict _ -> throw malformed("gives peers that are no list");
    }
  }

  private void takeCompact(ByteBuffer compact, Family family) {
    while (compact.remaining() >= family.compactSize()) {
      take(PeerAddress.readCompact(compact, family));
    }
  }

  private void takeEntry(Bencoded entry) {
    take(entry instanceof Bencoded.Dict peer ? address(peer) : Optional.empty());
  }

  private static Optional<PeerAddress> address(Bencoded.Dict peer) {
    long port = peer.integer("port").orElse(0);
    return port < 1 || port > 0xFFFF
        ? Optional.empty()
        : peer.text("ip").flatMap(IpAddress::parse).map(ip -> new PeerAddress(ip, (int) port));
  }

  private void take(Optional<PeerAddress> address) {
    if (address.isEmpty()) {
      skipped++;
    } else if (peers.size() < AnnounceResponse.MAX_PEERS) {
      peers.add(address.get());
    }
  }

  private OptionalInt count(String key) {
    long count = dict.integer(key).orElse(-1);
    return count < 0 || count > Integer.MAX_VALUE
        ? OptionalInt.empty()
        : OptionalInt.of((int) count);
  }

  /// To be said back to the byte, so never cleaned, and never cut: too long a one is left out.
  private Optional<String> trackerId() {
    return dict.bytes("tracker id")
        .filter(id -> id.length() > 0 && id.length() <= AnnounceRequest.MAX_TRACKER_ID)
        .map(id -> new String(id.toArray(), ISO_8859_1));
  }

  private Optional<IpAddress> externalIp() {
    return dict.bytes("external ip")
        .filter(ip -> ip.length() == 4 || ip.length() == 16)
        .map(ip -> IpAddress.of(ip.toArray()));
  }

  private static String shown(Bencoded.Bytes text) {
    return StrangersText.printable(text.text(), AnnounceResponse.MAX_TEXT);
  }

  private static MalformedMessage malformed(String problem) {
    return new MalformedMessage(THE_ANSWER + problem);
  }
}
