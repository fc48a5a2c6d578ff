package peerage.announce;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.URI;
import java.util.HexFormat;
import java.util.Optional;
import peerage.bencode.MalformedMessage;
import peerage.peers.InfoHash;
import peerage.peers.PeerId;

/// What a client tells a tracker by HTTP, and asks of it (BEP 3). The compact form of the answer is
/// always asked for (BEP 23). Our own address is never said: BEP 7's `ipv4` and `ipv6` let anybody
/// point a swarm at a third party.
///
/// @param infoHash which swarm
/// @param peerId who
/// @param port where we listen: 1 to 65535
/// @param progress how far
/// @param event why now; empty for a regular announce
/// @param numWant how many peers would be welcome: 0 to [#MAX_NUM_WANT]
/// @param trackerId what the tracker gave us to say back, one `char` per byte, at most
///     [#MAX_TRACKER_ID]
/// @param key tells a tracker that two addresses are one client (BEP 7); 32 random bits, the same
///     for as long as the torrent runs
public record AnnounceRequest(
    InfoHash infoHash,
    PeerId peerId,
    int port,
    Progress progress,
    Optional<AnnounceEvent> event,
    int numWant,
    Optional<String> trackerId,
    int key) {
  /// The most peers to ask for: as many as [AnnounceResponse#MAX_PEERS] takes.
  public static final int MAX_NUM_WANT = AnnounceResponse.MAX_PEERS;

  /// What a request without `numwant` is taken to want (BEP 3's first client; every tracker since).
  public static final int DEFAULT_NUM_WANT = 50;

  /// The longest tracker id, in bytes (guess: those seen have at most 40).
  public static final int MAX_TRACKER_ID = 256;

  /// The longest query that is read: every field at its longest, escaped, fits twice.
  public static final int MAX_QUERY = 4096;

  /// @throws IllegalArgumentException if a number or the tracker id is out of bounds
  public AnnounceRequest {
    if (port < 1 || port > 0xFFFF) {
      throw new IllegalArgumentException("a port is 1 to 65535, not " + port);
    }
    if (numWant < 0 || numWant > MAX_NUM_WANT) {
      throw new IllegalArgumentException("numWant is 0 to " + MAX_NUM_WANT + ", not " + numWant);
    }
    String id = trackerId.orElse("");
    if (id.length() > MAX_TRACKER_ID || id.chars().anyMatch(c -> c > 0xFF)) {
      throw new IllegalArgumentException("a tracker id is at most " + MAX_TRACKER_ID + " bytes");
    }
  }

  /// The query, without a `?`: bytes percent-encoded exactly, upper-case.
  public String query() {
    return "info_hash="
        + Percent.encode(infoHash.bytes())
        + ("&peer_id=" + Percent.encode(peerId.bytes()))
        + ("&port=" + port)
        + ("&uploaded=" + progress.uploaded())
        + ("&downloaded=" + progress.downloaded())
        + ("&left=" + progress.left())
        + "&compact=1"
        + ("&numwant=" + numWant)
        + ("&key=" + HexFormat.of().withUpperCase().toHexDigits(key))
        + event.map(it -> "&event=" + it.word()).orElse("")
        + trackerId.map(id -> "&trackerid=" + Percent.encode(id.getBytes(ISO_8859_1))).orElse("");
  }

  /// The address to get. What the announce URL has in its own query, a passkey say, stays in front;
  /// a fragment is cut off.
  ///
  /// @throws IllegalArgumentException if the announce URL is no URL; [Announcer] never hands out
  ///     such
  public URI uri(String announceUrl) {
    int fragment = announceUrl.indexOf('#');
    String url = fragment < 0 ? announceUrl : announceUrl.substring(0, fragment);
    String joint = url.indexOf('?') < 0 ? "?" : url.endsWith("?") || url.endsWith("&") ? "" : "&";
    return URI.create(url + joint + query());
  }

  /// Reads a query at the tracker's end. Leniently: the first of two fields of one name counts,
  /// unknown fields and events are ignored, `numwant` is brought within bounds, and a `key` of
  /// another shape is folded to 32 bits. `ip`, `ipv4` and `ipv6` are never believed.
  ///
  /// @param rawQuery what stands behind the `?`, still escaped
  /// @throws MalformedMessage with a sentence to answer as the failure reason
  public static AnnounceRequest parse(String rawQuery) throws MalformedMessage {
    QueryFields fields = QueryFields.of(rawQuery);
    var progress =
        new Progress(fields.number("uploaded"), fields.number("downloaded"), fields.number("left"));
    return new AnnounceRequest(
        InfoHash.of(fields.twentyBytes("info_hash")),
        PeerId.of(fields.twentyBytes("peer_id")),
        fields.port("port"),
        progress,
        fields.text("event").flatMap(AnnounceEvent::of),
        fields.numWant("numwant"),
        fields.text("trackerid").filter(id -> id.length() <= MAX_TRACKER_ID),
        fields.key("key"));
  }
}
