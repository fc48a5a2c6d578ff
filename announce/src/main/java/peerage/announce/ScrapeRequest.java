package peerage.announce;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import peerage.bencode.MalformedMessage;
import peerage.peers.InfoHash;

/// What a client asks a tracker by HTTP about swarms that it need not be in (BEP 48).
///
/// @param hashes which swarms: 1 to [#MAX_HASHES]
public record ScrapeRequest(List<InfoHash> hashes) {
  /// The most swarms of one request: as many as by UDP.
  public static final int MAX_HASHES = UdpRequest.MAX_HASHES;

  /// The longest query that is read: every hash escaped, and as much again for what else is there.
  public static final int MAX_QUERY = 2 * MAX_HASHES * 71;

  private static final String ANNOUNCE = "announce";

  /// Copies the list.
  ///
  /// @throws IllegalArgumentException if there are none or too many
  public ScrapeRequest {
    hashes = List.copyOf(hashes);
    if (hashes.isEmpty() || hashes.size() > MAX_HASHES) {
      throw new IllegalArgumentException("1 to " + MAX_HASHES + " hashes, not " + hashes.size());
    }
  }

  /// Where to ask the tracker of an announce URL. BEP 48: "This is done by locating the string
  /// `announce` in the path section of the announce URL and replacing it with the string `scrape`."
  /// If it is there more than once the last one counts: the first may be a folder's.
  ///
  /// @return empty if the tracker cannot be scraped, for want of that word
  public static Optional<String> url(String announceUrl) {
    int scheme = announceUrl.indexOf("://");
    int path = announceUrl.indexOf('/', scheme < 0 ? 0 : scheme + 3);
    int end = announceUrl.length();
    for (char c : new char[] {'?', '#'}) {
      int at = announceUrl.indexOf(c);
      end = at >= 0 ? Math.min(end, at) : end;
    }
    if (path < 0 || path > end) {
      return Optional.empty();
    }
    int word = announceUrl.lastIndexOf(ANNOUNCE, end - ANNOUNCE.length());
    return word < path
        ? Optional.empty()
        : Optional.of(
            announceUrl.substring(0, word)
                + "scrape"
                + announceUrl.substring(word + ANNOUNCE.length()));
  }

  /// The query, without a `?`.
  public String query() {
    return String.join(
        "&", hashes.stream().map(it -> "info_hash=" + Percent.encode(it.bytes())).toList());
  }

  /// Reads a query at the tracker's end. A "full scrape", without any hash, is none of ours: it
  /// would be an answer of megabytes to a few bytes.
  ///
  /// @param rawQuery what stands behind the `?`, still escaped
  /// @throws MalformedMessage with a sentence to answer as the failure reason
  public static ScrapeRequest parse(String rawQuery) throws MalformedMessage {
    if (rawQuery.length() > MAX_QUERY) {
      throw new MalformedMessage("the query is longer than " + MAX_QUERY + " characters");
    }
    var hashes = new ArrayList<InfoHash>();
    for (String field : rawQuery.split("&", -1)) {
      if (field.startsWith("info_hash=")) {
        byte[] bytes = Percent.decode(field.substring("info_hash=".length())).getBytes(ISO_8859_1);
        if (bytes.length != 20) {
          throw new MalformedMessage("info_hash has " + bytes.length + " bytes, not 20");
        }
        hashes.add(InfoHash.of(bytes));
      }
    }
    if (hashes.isEmpty() || hashes.size() > MAX_HASHES) {
      throw new MalformedMessage("info_hash is asked for 1 to " + MAX_HASHES + " times");
    }
    return new ScrapeRequest(hashes);
  }
}
