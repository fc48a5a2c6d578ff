package peerage.wire;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import peerage.bencode.BencodeLimits;
import peerage.bencode.BencodeReader;
import peerage.bencode.Bencoded;
import peerage.bencode.MalformedMessage;
import peerage.bencode.StrangersText;
import peerage.peers.Family;
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
/// @param ipv4 `ipv4`: an address of the sender's in that family, a claim
/// @param ipv6 `ipv6`: the same
/// @param uploadOnly `upload_only`: the sender wants nothing (BEP 21); empty if not said
/// @param prefersEncryption `e` is 1
/// @param metadataSize `metadata_size`: bytes of the `info` dictionary, if the sender has it (BEP
///     9), 1 to [MetadataMessage#MAX_SIZE]
public record ExtensionHandshake(
    SequencedMap<String, Integer> extensions,
    OptionalInt listenPort,
    Optional<String> client,
    OptionalInt requestQueue,
    Optional<IpAddress> yourIp,
    Optional<IpAddress> ipv4,
    Optional<IpAddress> ipv6,
    Optional<Boolean> uploadOnly,
    boolean prefersEncryption,
    OptionalInt metadataSize) {

  /// The number of the extension handshake itself.
  public static final int ID = 0;

  /// How many extension names we keep of one handshake.
  public static final int MAX_EXTENSIONS = 64;

  /// The longest extension name that we keep, in bytes. The longest known has 12
  /// (`ut_holepunch`).
  public static final int MAX_NAME = 64;

  /// How much of `v` we keep, in characters.
  public static final int MAX_CLIENT = 64;

  /// Copies the map.
  public ExtensionHandshake {
    extensions = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(extensions));
  }

  /// One that does not speak of metadata.
  public ExtensionHandshake(
      SequencedMap<String, Integer> extensions,
      OptionalInt listenPort,
      Optional<String> client,
      OptionalInt requestQueue,
      Optional<IpAddress> yourIp,
      Optional<IpAddress> ipv4,
      Optional<IpAddress> ipv6,
      Optional<Boolean> uploadOnly,
      boolean prefersEncryption) {
    this(
        extensions,
        listenPort,
        client,
        requestQueue,
        yourIp,
        ipv4,
        ipv6,
        uploadOnly,
        prefersEncryption,
        OptionalInt.empty());
  }

  /// A handshake of ours.
  ///
  /// @param extensions name → the number under which we want to receive it, 0 for no more
  /// @throws IllegalArgumentException if two names share a number but 0, which BEP 10 rules out, or
  ///     a number is no byte
  public static ExtensionHandshake ours(
      Map<String, Integer> extensions,
      OptionalInt listenPort,
      int requestQueue,
      PeerAddress remote,
      Optional<Boolean> uploadOnly) {
    var numbers = new TreeSet<Integer>();
    for (int id : extensions.values()) {
      if (id < 0 || id > 255 || (id != 0 && !numbers.add(id))) {
        throw new IllegalArgumentException("extensions with bad numbers: " + extensions);
      }
    }
    return new ExtensionHandshake(
        new TreeMap<>(extensions),
        listenPort,
        Optional.of("Peerage 0.1.0"),
        OptionalInt.of(requestQueue),
        Optional.of(remote.ip()),
        Optional.empty(),
        Optional.empty(),
        uploadOnly,
        false);
  }

  /// This handshake with an address of ours in another family than that of the connection, so that
  /// the receiver knows that we can use contacts of that family.
  public ExtensionHandshake alsoAt(IpAddress ours) {
    boolean isV4 = ours.family() == Family.V4;
    return new ExtensionHandshake(
        extensions,
        listenPort,
        client,
        requestQueue,
        yourIp,
        isV4 ? Optional.of(ours) : ipv4,
        isV4 ? ipv6 : Optional.of(ours),
        uploadOnly,
        prefersEncryption,
        metadataSize);
  }

  /// This handshake, saying that we have the metadata and how large it is (BEP 9).
  ///
  /// @param bytes of the `info` dictionary
  public ExtensionHandshake withMetadata(int bytes) {
    return new ExtensionHandshake(
        extensions,
        listenPort,
        client,
        requestQueue,
        yourIp,
        ipv4,
        ipv6,
        uploadOnly,
        prefersEncryption,
        OptionalInt.of(bytes));
  }

  /// The address that the sender names in the family that its connection is not of.
  ///
  /// @param connection the family of the connection
  public Optional<IpAddress> otherIp(Family connection) {
    return switch (connection) {
      case V4 -> ipv6;
      case V6 -> ipv4;
    };
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
    ipv4.ifPresent(ip -> dict.put("ipv4", ip.bytes()));
    ipv6.ifPresent(ip -> dict.put("ipv6", ip.bytes()));
    uploadOnly.ifPresent(only -> dict.put("upload_only", only ? 1 : 0));
    if (prefersEncryption) {
      dict.put("e", 1);
    }
    metadataSize.ifPresent(bytes -> dict.put("metadata_size", bytes));
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
        dict.text("v").map(text -> StrangersText.printable(text, MAX_CLIENT)),
        inRange(dict, "reqq", 1, Integer.MAX_VALUE),
        ip(dict, "yourip"),
        ip(dict, "ipv4").filter(ip -> ip.family() == Family.V4),
        ip(dict, "ipv6").filter(ip -> ip.family() == Family.V6),
        flag(dict, "upload_only"),
        flag(dict, "e").orElse(false),
        inRange(dict, "metadata_size", 1, MetadataMessage.MAX_SIZE));
  }

  private static SequencedMap<String, Integer> extensions(Bencoded.Dict m) {
    var extensions = new LinkedHashMap<String, Integer>();
    m.entries()
        .forEach(
            (name, value) -> {
              if (value instanceof Bencoded.Int(long id)
                  && id >= 0
                  && id <= 255
                  && name.length() <= MAX_NAME
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
}
