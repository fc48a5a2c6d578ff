package peerage.wire;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.TreeMap;
import peerage.bencode.BencodeLimits;
import peerage.bencode.BencodeReader;
import peerage.bencode.Bencoded;
import peerage.bencode.MalformedMessage;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;

/// The handshake of the extension protocol (BEP 10): which extensions the sender speaks, under
/// which numbers, and what else it says about itself. Every part is optional, and it may be sent
/// again at any time to change a part.
///
/// @param extensions name → the number that we must use when sending to the sender; 0 switches it
///     off
/// @param listenPort `p`: where the sender listens, a claim (1 to 65535)
/// @param client `v`: name and version
/// @param requestQueue `reqq`: how many outstanding requests the sender takes
/// @param yourIp `yourip`: our own address as the sender sees it, a hint
/// @param uploadOnly `upload_only`: the sender wants nothing (BEP 21); empty if not said
/// @param prefersEncryption `e` is 1
public record ExtensionHandshake(
    SequencedMap<String, Integer> extensions,
    OptionalInt listenPort,
    Optional<String> client,
    OptionalInt requestQueue,
    Optional<IpAddress> yourIp,
    Optional<Boolean> uploadOnly,
    boolean prefersEncryption) {

  /// The number of the extension handshake itself.
  public static final int ID = 0;

  /// How many extension names we keep of one handshake.
  public static final int MAX_EXTENSIONS = 64;

  /// How much of `v` we keep, in characters.
  public static final int MAX_CLIENT = 64;

  /// Copies the map.
  public ExtensionHandshake {
    extensions = java.util.Collections.unmodifiableSequencedMap(new LinkedHashMap<>(extensions));
  }

  /// A handshake of ours.
  ///
  /// @param extensions name → the number under which we want to receive it
  public static ExtensionHandshake ours(
      Map<String, Integer> extensions,
      OptionalInt listenPort,
      int requestQueue,
      PeerAddress remote,
      Optional<Boolean> uploadOnly) {
    return new ExtensionHandshake(
        new TreeMap<>(extensions),
        listenPort,
        Optional.of("Peerage 0.1.0"),
        OptionalInt.of(requestQueue),
        Optional.of(remote.ip()),
        uploadOnly,
        false);
  }

  /// The bencoded payload of the extended message with id [#ID].
  public byte[] encode() {
    var dict = Bencoded.Dict.builder();
    var m = Bencoded.Dict.builder();
    extensions.forEach((name, id) -> m.put(name, id));
    dict.put("m", m.build());
    listenPort.ifPresent(port -> dict.put("p", port));
    client.ifPresent(name -> dict.put("v", name));
    requestQueue.ifPresent(count -> dict.put("reqq", count));
    yourIp.ifPresent(ip -> dict.put("yourip", ip.bytes()));
    uploadOnly.ifPresent(only -> dict.put("upload_only", only ? 1 : 0));
    if (prefersEncryption) {
      dict.put("e", 1);
    }
    return dict.build().encode();
  }

  /// Reads a payload. Unknown keys, keys of the wrong type and values out of range count as not
  /// said.
  ///
  /// @throws MalformedMessage if the payload is no bencoded dictionary
  public static ExtensionHandshake decode(byte[] payload) throws MalformedMessage {
    Bencoded.Dict dict =
        BencodeReader.lenient(BencodeLimits.DEFAULT).readDict(ByteBuffer.wrap(payload));
    return new ExtensionHandshake(
        extensions(dict.dict("m").orElse(Bencoded.Dict.EMPTY)),
        inRange(dict, "p", 1, 0xFFFF),
        dict.text("v").map(ExtensionHandshake::printable),
        inRange(dict, "reqq", 1, Integer.MAX_VALUE),
        ip(dict, "yourip"),
        flag(dict, "upload_only"),
        flag(dict, "e").orElse(false));
  }

  private static SequencedMap<String, Integer> extensions(Bencoded.Dict m) {
    var extensions = new LinkedHashMap<String, Integer>();
    m.entries()
        .forEach(
            (name, value) -> {
              if (value instanceof Bencoded.Int(long id)
                  && id >= 0
                  && id <= 255
                  && extensions.size() < MAX_EXTENSIONS) {
                extensions.put(name, (int) id);
              }
            });
    return extensions;
  }

  private static OptionalInt inRange(Bencoded.Dict dict, String key, long min, long max) {
    long value = dict.integer(key).orElse(min - 1);
    return value < min || value > max ? OptionalInt.empty() : OptionalInt.of((int) value);
  }

  private static Optional<IpAddress> ip(Bencoded.Dict dict, String key) {
    return dict.bytes(key)
        .filter(bytes -> bytes.length() == 4 || bytes.length() == 16)
        .map(bytes -> IpAddress.of(bytes.toArray()));
  }

  private static Optional<Boolean> flag(Bencoded.Dict dict, String key) {
    var value = dict.integer(key);
    return value.isPresent() ? Optional.of(value.getAsLong() != 0) : Optional.empty();
  }

  /// A stranger's text, fit for a terminal.
  private static String printable(String text) {
    var clean = new StringBuilder();
    text.codePoints()
        .limit(MAX_CLIENT)
        .forEach(c -> clean.appendCodePoint(Character.isISOControl(c) ? '?' : c));
    return clean.toString();
  }
}
