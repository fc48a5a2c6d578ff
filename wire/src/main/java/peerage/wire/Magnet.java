package peerage.wire;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import peerage.bencode.MalformedMessage;
import peerage.peers.InfoHash;
import peerage.peers.PeerAddress;

/// A magnet link (BEP 9): the name of a swarm, and what helps to find it. Immutable.
///
/// @param infoHash `xt=urn:btih:`, the only part that must be there
/// @param name `dn`: what to call it until the metadata is here; fit for one line of a terminal
/// @param length `xl`: the size of the content in bytes, a claim
/// @param trackers `tr`: tracker URLs by tiers. A magnet has no word for tiers, and each URL is a
///     tier of its own, as libtorrent and Transmission read it
/// @param peers `x.pe`: peers that may be asked at once
/// @param webSeeds `ws`: noted only, nothing is fetched from there
/// @param select `so` (BEP 53): which files to download; empty for all
public record Magnet(
    InfoHash infoHash,
    Optional<String> name,
    OptionalLong length,
    List<List<String>> trackers,
    List<Endpoint> peers,
    List<String> webSeeds,
    List<FileRange> select) {

  /// Longest link that is read, in characters. A guess: a hundred trackers have about 6,000.
  public static final int MAX_LENGTH = 64 * 1024;

  /// Most `x.pe` that are read; the rest is left out. A guess: more than anybody writes.
  public static final int MAX_PEERS = 100;

  /// Most web seeds that are noted. A guess.
  public static final int MAX_WEB_SEEDS = 100;

  /// Most ranges of `so` that are read. A guess: every second file of two thousand.
  public static final int MAX_RANGES = 1_000;

  /// How much of `dn` is kept, in characters: the longest name of a file.
  public static final int MAX_NAME = 255;

  /// Where a peer listens, as a magnet says it.
  ///
  /// @param host a name, an IPv4 address, or an IPv6 address without its brackets
  /// @param port 1 to 65535
  public record Endpoint(String host, int port) {
    /// Longest host name of the DNS, in characters (RFC 1035 §2.3.4, less what is not printed).
    static final int MAX_HOST = 253;

    /// The address, unless the host is a name that has to be looked up.
    public Optional<PeerAddress> numeric() {
      return PeerAddress.parse(toString());
    }

    /// `host:port`, or `[v6]:port`.
    @Override
    public String toString() {
      return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
  }

  /// Files by their indices in [Metainfo#files()], from 0, both ends included.
  public record FileRange(int first, int last) {
    /// @throws IllegalArgumentException unless `0 <= first <= last`
    public FileRange {
      if (first < 0 || last < first) {
        throw new IllegalArgumentException("no range of files: " + first + " to " + last);
      }
    }

    /// `3`, or `3-5`.
    @Override
    public String toString() {
      return first == last ? Integer.toString(first) : first + "-" + last;
    }
  }

  /// Copies the lists.
  public Magnet {
    trackers = trackers.stream().map(List::copyOf).toList();
    peers = List.copyOf(peers);
    webSeeds = List.copyOf(webSeeds);
    select = List.copyOf(select);
  }

  /// A magnet that says nothing but the info-hash.
  public static Magnet of(InfoHash infoHash) {
    return new Magnet(
        infoHash,
        Optional.empty(),
        OptionalLong.empty(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  /// The magnet of a torrent: its info-hash, name, size and trackers.
  public static Magnet of(Metainfo torrent) {
    return new Magnet(
        torrent.infoHash(),
        Optional.of(torrent.name()),
        OptionalLong.of(torrent.totalLength()),
        torrent.trackers(),
        List.of(),
        List.of(),
        List.of());
  }

  /// Whether a text is meant to be a magnet link.
  public static boolean isMagnet(String text) {
    return text.regionMatches(true, 0, "magnet:", 0, 7);
  }

  /// Reads a link. Parts that are unknown or make no sense are left out, as all clients do: links
  /// are pasted from pages that mangle them.
  ///
  /// @throws MalformedMessage with a sentence to show, if it names no torrent of version 1
  public static Magnet parse(String link) throws MalformedMessage {
    return MagnetReader.read(link);
  }

  /// This magnet with other peers.
  public Magnet withPeers(List<Endpoint> others) {
    return new Magnet(infoHash, name, length, trackers, others, webSeeds, select);
  }

  /// Whether a file is among those that `so` names; all are if it names none.
  ///
  /// @param index in [Metainfo#files()]
  public boolean selects(int index) {
    return select.isEmpty()
        || select.stream().anyMatch(range -> range.first() <= index && index <= range.last());
  }

  /// The link. Peers and files stand in it as they are: libtorrent reads `x.pe` and `so` without
  /// decoding them.
  @Override
  public String toString() {
    var link = new StringBuilder("magnet:?xt=urn:btih:").append(infoHash.hex());
    name.ifPresent(text -> add(link, "dn", text));
    length.ifPresent(bytes -> link.append("&xl=").append(bytes));
    trackers.forEach(tier -> tier.forEach(url -> add(link, "tr", url)));
    peers.forEach(peer -> link.append("&x.pe=").append(peer));
    webSeeds.forEach(url -> add(link, "ws", url));
    if (!select.isEmpty()) {
      link.append("&so=").append(String.join(",", select.stream().map(Object::toString).toList()));
    }
    return link.toString();
  }

  private static void add(StringBuilder link, String key, String value) {
    link.append('&').append(key).append('=');
    for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      boolean isPlain = // "unreserved" in RFC 3986
          c < 0x80
              && (Character.isLetterOrDigit(c) || c == '-' || c == '.' || c == '_' || c == '~');
      if (isPlain) {
        link.append(c);
      } else {
        link.append(String.format("%%%02X", (int) c));
      }
    }
  }
}
