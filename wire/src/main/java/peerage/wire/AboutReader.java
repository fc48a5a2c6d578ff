package peerage.wire;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedSet;
import java.util.regex.Pattern;
import peerage.bencode.Bencoded;
import peerage.bencode.StrangersText;

/// Reads what stands outside a torrent's `info` dictionary. Nothing here can make a torrent
/// useless, so what is wrong counts as not said.
final class AboutReader {
  /// Longest name of a host, in bytes (RFC 1035 2.3.4).
  private static final int MAX_HOST = 255;

  /// A name, an IPv4 address or an IPv6 address.
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+");

  private final SequencedSet<String> known = new LinkedHashSet<>();
  private final List<List<String>> tiers = new ArrayList<>();

  private AboutReader() {}

  static Metainfo.About read(Bencoded.Dict torrent) {
    var reader = new AboutReader();
    torrent.items("announce-list").orElse(List.of()).forEach(reader::addTier);
    // BEP 12: "If the client is compatible [...] and the announce-list key is present, the client
    // will ignore the announce key".
    if (reader.tiers.isEmpty()) {
      torrent.get("announce").ifPresent(reader::addTier);
    }
    return new Metainfo.About(
        List.copyOf(reader.tiers),
        nodes(torrent),
        text(torrent, "comment"),
        text(torrent, "created by"),
        date(torrent));
  }

  /// A tier is a list; some programs leave the inner lists out.
  private void addTier(Bencoded tier) {
    List<Bencoded> entries = tier instanceof Bencoded.Items(var values) ? values : List.of(tier);
    List<String> urls = new ArrayList<>();
    for (Bencoded entry : entries) {
      if (entry instanceof Bencoded.Bytes bytes && isUrl(bytes)) {
        String url = bytes.text().strip();
        if (known.size() < Metainfo.MAX_TRACKERS && known.add(url)) {
          urls.add(url);
        }
      }
    }
    if (!urls.isEmpty()) {
      tiers.add(List.copyOf(urls));
    }
  }

  private static boolean isUrl(Bencoded.Bytes bytes) {
    return bytes.length() <= Metainfo.MAX_URL_BYTES
        && bytes.isText()
        && isUrl(bytes.text().strip());
  }

  /// Whether a text has the form of a URL, and a length that we take.
  static boolean isUrl(String text) {
    return text.length() <= Metainfo.MAX_URL_BYTES
        && text.matches("[a-zA-Z][a-zA-Z0-9+.-]*:[^\\s\\p{Cntrl}]+");
  }

  /// BEP 5: "nodes = [["<host>", <port>], ["<host>", <port>], ...]".
  private static List<String> nodes(Bencoded.Dict torrent) {
    return torrent.items("nodes").orElse(List.of()).stream()
        .flatMap(entry -> node(entry).stream())
        .distinct()
        .limit(Metainfo.MAX_NODES)
        .toList();
  }

  private static Optional<String> node(Bencoded entry) {
    if (entry instanceof Bencoded.Items(var pair)
        && pair.size() == 2
        && pair.getFirst() instanceof Bencoded.Bytes host
        && pair.getLast() instanceof Bencoded.Int(long port)
        && port >= 1
        && port <= 0xFFFF
        && host.length() <= MAX_HOST
        && HOST.matcher(host.text()).matches()) {
      boolean isIpv6 = host.text().contains(":");
      return Optional.of((isIpv6 ? "[" + host.text() + "]" : host.text()) + ":" + port);
    }
    return Optional.empty();
  }

  private static Optional<String> text(Bencoded.Dict torrent, String key) {
    return torrent
        .text(key)
        .map(text -> StrangersText.printable(text, Metainfo.MAX_TEXT))
        .filter(text -> !text.isBlank());
  }

  private static OptionalLong date(Bencoded.Dict torrent) {
    OptionalLong date = torrent.integer("creation date");
    return date.orElse(-1) >= 0 ? date : OptionalLong.empty();
  }
}
