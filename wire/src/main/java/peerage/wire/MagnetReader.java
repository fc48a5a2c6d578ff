package peerage.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import peerage.bencode.MalformedMessage;
import peerage.bencode.StrangersText;
import peerage.peers.InfoHash;

/// Reads the text of a [Magnet].
final class MagnetReader {
  private static final String V1 = "urn:btih:";
  private static final String V2 = "urn:btmh:";

  /// A multihash of SHA-256: code 0x12, length 0x20, and 32 bytes in hex (BEP 52).
  private static final Pattern SHA_256 = Pattern.compile("(?i)1220[0-9a-f]{64}");

  private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final Pattern HOST = Pattern.compile("[^\\s\\p{Cntrl}/:@\\[\\]]+");
  private static final Pattern V6 = Pattern.compile("\\[([0-9a-fA-F:.]+)]");
  private static final Pattern RANGE = Pattern.compile("([0-9]{1,7})(?:-([0-9]{1,7}))?");

  private final SequencedSet<String> trackers = new LinkedHashSet<>();
  private final SequencedSet<Magnet.Endpoint> peers = new LinkedHashSet<>();
  private final SequencedSet<String> webSeeds = new LinkedHashSet<>();
  private final List<Magnet.FileRange> select = new ArrayList<>();
  private Optional<String> name = Optional.empty();
  private OptionalLong length = OptionalLong.empty();
  private @Nullable InfoHash infoHash;
  private boolean hasTopic;
  private boolean isOfVersion2;

  private MagnetReader() {}

  static Magnet read(String link) throws MalformedMessage {
    String text = link.strip();
    if (!Magnet.isMagnet(text)) {
      throw refused("it does not begin with magnet:");
    }
    if (text.length() > Magnet.MAX_LENGTH) {
      throw refused("it is longer than " + Magnet.MAX_LENGTH + " characters");
    }
    var reader = new MagnetReader();
    // Some pages escape the ampersands of the links that they show.
    String query = text.substring(text.indexOf(':') + 1).replace("&amp;", "&");
    for (String part : (query.startsWith("?") ? query.substring(1) : query).split("&", -1)) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        reader.take(key(part.substring(0, equals)), part.substring(equals + 1));
      }
    }
    return reader.result();
  }

  /// In lower case, without the number that makes several of one kind different: `tr.1`.
  private static String key(String raw) {
    return decoded(raw).toLowerCase(Locale.ROOT).replaceFirst("\\.[0-9]{1,4}$", "");
  }

  private void take(String key, String raw) throws MalformedMessage {
    switch (key) {
      case "xt" -> topic(decoded(raw).strip());
      case "dn" -> name = name.or(() -> name(raw));
      case "xl" -> length = length.isPresent() ? length : length(decoded(raw));
      case "tr" -> addUrl(trackers, Metainfo.MAX_TRACKERS, raw);
      case "ws" -> addUrl(webSeeds, Magnet.MAX_WEB_SEEDS, raw);
      case "x.pe" ->
          endpoint(decoded(raw)).filter(_ -> peers.size() < Magnet.MAX_PEERS).ifPresent(peers::add);
      case "so" -> select(decoded(raw));
      default -> {} // of another network, or of a later version
    }
  }

  private void topic(String topic) throws MalformedMessage {
    hasTopic = true;
    if (topic.regionMatches(true, 0, V1, 0, V1.length())) {
      InfoHash read = infoHash(topic.substring(V1.length()));
      infoHash = infoHash == null ? read : infoHash;
    } else if (topic.regionMatches(true, 0, V2, 0, V2.length())) {
      isOfVersion2 |= SHA_256.matcher(topic.substring(V2.length())).matches();
    }
  }

  private static InfoHash infoHash(String text) throws MalformedMessage {
    if (text.matches("[0-9a-fA-F]{40}")) {
      return InfoHash.parse(text);
    }
    if (text.matches("(?i)[a-z2-7]{32}")) {
      return InfoHash.of(base32(text.toUpperCase(Locale.ROOT)));
    }
    throw refused("its info-hash is neither 40 hex digits nor 32 characters of base32");
  }

  /// RFC 4648: five bits a character.
  private static byte[] base32(String text) {
    byte[] bytes = new byte[text.length() * 5 / 8];
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      int character = BASE32.indexOf(text.charAt(bit / 5));
      int value = character >> (4 - bit % 5) & 1;
      bytes[bit / 8] |= (byte) (value << (7 - bit % 8));
    }
    return bytes;
  }

  /// Many pages write the spaces of a name as plus signs; in a URL a plus is a plus.
  private static Optional<String> name(String raw) {
    String text = StrangersText.printable(decoded(raw.replace('+', ' ')), Magnet.MAX_NAME).strip();
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private static OptionalLong length(String text) {
    return text.matches("[0-9]{1,18}")
        ? OptionalLong.of(Long.parseLong(text))
        : OptionalLong.empty();
  }

  private static void addUrl(SequencedSet<String> urls, int max, String raw) {
    String url = decoded(raw).strip();
    if (urls.size() < max && AboutReader.isUrl(url)) {
      urls.add(url);
    }
  }

  private static Optional<Magnet.Endpoint> endpoint(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
      return Optional.empty();
    }
    int port = Integer.parseInt(text.substring(colon + 1));
    String host = text.substring(0, colon);
    Matcher v6 = V6.matcher(host);
    boolean isV6 = v6.matches();
    if (port < 1
        || port > 0xFFFF
        || host.length() > Magnet.Endpoint.MAX_HOST
        || !(isV6 || HOST.matcher(host).matches())) {
      return Optional.empty();
    }
    var endpoint = new Magnet.Endpoint(isV6 ? v6.group(1) : host, port);
    return isV6 && endpoint.numeric().isEmpty() ? Optional.empty() : Optional.of(endpoint);
  }

  private void select(String list) {
    for (String part : list.split(",", -1)) {
      Matcher range = RANGE.matcher(part.strip());
      if (range.matches() && select.size() < Magnet.MAX_RANGES) {
        int first = Integer.parseInt(range.group(1));
        int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
        if (first <= last) {
          select.add(new Magnet.FileRange(first, last));
        }
      }
    }
  }

  private Magnet result() throws MalformedMessage {
    InfoHash known = infoHash;
    if (known == null) {
      throw refused(
          isOfVersion2
              ? "it is of version 2 only (BEP 52), and this client speaks version 1"
              : hasTopic
                  ? "its topic (xt) is no torrent"
                  : "it has no topic (xt), so it names nothing");
    }
    return new Magnet(
        known,
        name,
        length,
        trackers.stream().map(List::of).toList(),
        List.copyOf(peers),
        List.copyOf(webSeeds),
        select);
  }

  /// Percent-decoded as UTF-8; a percent sign without two hex digits stands for itself.
  private static String decoded(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    var bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      int hex = i + 2 < text.length() && text.charAt(i) == '%' ? hex(text, i + 1) : -1;
      if (hex >= 0) {
        bytes.write(hex);
        i += 2;
      } else {
        int end =
            Character.isHighSurrogate(text.charAt(i)) && i + 1 < text.length() ? i + 2 : i + 1;
        bytes.writeBytes(text.substring(i, end).getBytes(StandardCharsets.UTF_8));
        i = end - 1;
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static int hex(String text, int at) {
    return Stream.of(text.substring(at, at + 2))
        .filter(two -> two.matches("[0-9a-fA-F]{2}"))
        .mapToInt(two -> Integer.parseInt(two, 16))
        .findFirst()
        .orElse(-1);
  }

  private static MalformedMessage refused(String reason) {
    return new MalformedMessage("the magnet link cannot be used: " + reason);
  }
}
