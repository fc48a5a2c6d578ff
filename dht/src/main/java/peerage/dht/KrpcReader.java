package peerage.dht;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import peerage.bencode.BencodeLimits;
import peerage.bencode.BencodeReader;
import peerage.bencode.Bencoded;
import peerage.bencode.MalformedMessage;
import peerage.bencode.StrangersText;
import peerage.peers.Family;
import peerage.peers.PeerAddress;

/// Reads datagrams of strangers. It forgives what real nodes send (keys out of order, bytes behind
/// the message, lists cut off, unknown keys) and takes no more than is worth keeping.
public final class KrpcReader {
  /// The longest `t` that is echoed; libtorrent's has 2 bytes, mldht's up to 6 (guess).
  public static final int MAX_TRANSACTION = 32;

  /// The longest token that is kept; they have 4 to 20 bytes in the field (guess).
  public static final int MAX_TOKEN = 64;

  /// Nodes that are taken of one answer and family: twice what BEP 5 has a node send.
  public static final int MAX_NODES = 16;

  /// Peers that are taken of one answer: more do not fit into 1,024 bytes.
  public static final int MAX_PEERS = 128;

  /// Deep enough for a message around an item of [Item#MAX_VALUE] bytes.
  static final BencodeLimits LIMITS = new BencodeLimits(16, 1_500);

  private static final int MAX_VERSION = 8;
  private static final int MAX_TEXT = 100;
  private static final BencodeReader LENIENT = BencodeReader.lenient(LIMITS);

  private KrpcReader() {}

  /// What a datagram turned out to be.
  public sealed interface Outcome {
    /// A message.
    record Understood(Krpc message) implements Outcome {}

    /// A query that cannot be answered; its sender may be told so.
    ///
    /// @param failure the answer: 203 to 205 and 207 of [KrpcError]
    record Refused(Krpc.Failure failure) implements Outcome {}

    /// Nothing that could be answered.
    ///
    /// @param why in words that name no stranger's bytes
    record Noise(String why) implements Outcome {}
  }

  /// Reads one datagram. Never throws.
  public static Outcome read(byte[] datagram) {
    try {
      return read(datagram, LENIENT.readDict(ByteBuffer.wrap(datagram)));
    } catch (MalformedMessage _) {
      return new Outcome.Noise("no bencoded dictionary");
    }
  }

  private static Outcome read(byte[] datagram, Bencoded.Dict message) throws MalformedMessage {
    Optional<Bencoded.Bytes> transaction =
        message.bytes("t").filter(t -> t.length() <= MAX_TRANSACTION);
    if (transaction.isEmpty()) {
      return new Outcome.Noise("no transaction id");
    }
    return switch (message.text("y").orElse("")) {
      case "q" -> query(datagram, message, transaction.get());
      case "r" -> answer(datagram, message, transaction.get());
      case "e" -> new Outcome.Understood(failure(message, transaction.get()));
      default -> new Outcome.Noise("neither query nor answer nor error");
    };
  }

  private static Outcome query(byte[] datagram, Bencoded.Dict message, Bencoded.Bytes transaction)
      throws MalformedMessage {
    Bencoded.Dict arguments = message.dict("a").orElse(Bencoded.Dict.EMPTY);
    Optional<NodeId> sender = id(arguments, "id");
    String method = message.text("q").orElse("");
    if (sender.isEmpty() || method.isEmpty()) {
      return new Outcome.Refused(Krpc.Failure.of(transaction, KrpcError.PROTOCOL));
    }
    boolean readOnly = message.integer("ro").orElse(0) == 1;
    try {
      Question question = QuestionReader.read(method, arguments, () -> raw(datagram, "a", "v"));
      return new Outcome.Understood(
          new Krpc.Query(transaction, sender.get(), question, readOnly, version(message)));
    } catch (QuestionReader.Refusal refusal) {
      return new Outcome.Refused(Krpc.Failure.of(transaction, refusal.error()));
    }
  }

  private static Outcome answer(byte[] datagram, Bencoded.Dict message, Bencoded.Bytes transaction)
      throws MalformedMessage {
    Bencoded.Dict r = message.dict("r").orElse(Bencoded.Dict.EMPTY);
    Optional<NodeId> sender = id(r, "id");
    if (sender.isEmpty()) {
      return new Outcome.Noise("an answer without an id");
    }
    Optional<Bencoded.Bytes> encoded =
        r.get("v").isPresent() ? raw(datagram, "r", "v") : Optional.empty();
    Reply reply = ReplyReader.read(r, encoded);
    return new Outcome.Understood(
        new Krpc.Answer(transaction, sender.get(), reply, seenAs(message), version(message)));
  }

  private static Krpc.Failure failure(Bencoded.Dict message, Bencoded.Bytes transaction) {
    List<Bencoded> e = message.items("e").orElse(List.of());
    int code =
        !e.isEmpty() && e.getFirst() instanceof Bencoded.Int(long number) && number == (int) number
            ? (int) number
            : KrpcError.GENERIC.code();
    String text = e.size() > 1 && e.get(1) instanceof Bencoded.Bytes bytes ? bytes.text() : "";
    return new Krpc.Failure(transaction, code, StrangersText.printable(text, MAX_TEXT));
  }

  private static Optional<Bencoded.Bytes> version(Bencoded.Dict message) {
    return message.bytes("v").filter(v -> v.length() <= MAX_VERSION);
  }

  private static Optional<PeerAddress> seenAs(Bencoded.Dict message) {
    return message.bytes("ip").flatMap(KrpcReader::compact);
  }

  /// One address with its port, of the family that its length says.
  static Optional<PeerAddress> compact(Bencoded.Bytes bytes) {
    for (Family family : Family.values()) {
      if (bytes.length() == family.compactSize()) {
        return PeerAddress.readCompact(bytes.buffer(), family);
      }
    }
    return Optional.empty();
  }

  /// Twenty bytes at a key.
  static Optional<NodeId> id(Bencoded.Dict dict, String key) {
    return dict.bytes(key)
        .filter(bytes -> bytes.length() == NodeId.SIZE)
        .map(bytes -> NodeId.of(bytes.toArray()));
  }

  /// A number that is not negative.
  static OptionalLong natural(Bencoded.Dict dict, String key) {
    OptionalLong number = dict.integer(key);
    return number.isPresent() && number.getAsLong() < 0 ? OptionalLong.empty() : number;
  }

  /// The bytes of an item's value as they came: "invalid bencoding (e.g. a dictionary with unsorted
  /// keys)" must be seen (BEP 44), and is canonical only if it is what a second encoding gives.
  ///
  /// @return empty if they are not canonical
  private static Optional<Bencoded.Bytes> raw(byte[] datagram, String outer, String inner)
      throws MalformedMessage {
    Optional<ByteBuffer> dict = LENIENT.rawEntry(ByteBuffer.wrap(datagram), outer);
    Optional<ByteBuffer> found =
        dict.isEmpty() ? Optional.empty() : LENIENT.rawEntry(dict.get(), inner);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    byte[] bytes = new byte[found.get().remaining()];
    found.get().get(bytes);
    try {
      BencodeReader.strict(LIMITS).read(ByteBuffer.wrap(bytes));
      return Optional.of(new Bencoded.Bytes(bytes));
    } catch (MalformedMessage _) {
      return Optional.empty();
    }
  }
}
