package peerage.dht;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import peerage.bencode.Bencoded;
import peerage.bencode.MalformedMessage;
import peerage.bencode.StrangersText;
import peerage.peers.Family;
import peerage.peers.InfoHash;

/// Reads the arguments of a query.
final class QuestionReader {
  private static final int MAX_NAME = 200;

  private QuestionReader() {}

  /// The query has no answer but an error.
  static final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final KrpcError error;

    Refusal(KrpcError error) {
      super(error.text(), null, false, false);
      this.error = error;
    }

    KrpcError error() {
      return error;
    }
  }

  /// Finds the bytes of an item's value; only a `put` needs them.
  interface RawValue {
    Optional<Bencoded.Bytes> find() throws MalformedMessage;
  }

  /// "Forward compatibility": a question that we do not know but that names a place is answered as
  /// `find_node` would be, as libtorrent does, so that newer lookups find their way through us.
  static Question read(String method, Bencoded.Dict a, RawValue raw)
      throws Refusal, MalformedMessage {
    return switch (method) {
      case "ping" -> new Question.Ping();
      case "find_node" -> new Question.FindNode(needed(a, "target"), want(a));
      case "get_peers" -> getPeers(a);
      case "announce_peer" -> announce(a);
      case "get" -> new Question.Get(needed(a, "target"), KrpcReader.natural(a, "seq"), want(a));
      case "put" -> new Question.Put(item(a, raw.find()), KrpcReader.natural(a, "cas"), token(a));
      case "sample_infohashes" -> new Question.SampleInfohashes(needed(a, "target"), want(a));
      default -> unknown(a);
    };
  }

  private static Question unknown(Bencoded.Dict a) throws Refusal {
    NodeId place =
        KrpcReader.id(a, "target")
            .or(() -> KrpcReader.id(a, "info_hash"))
            .orElseThrow(() -> new Refusal(KrpcError.METHOD_UNKNOWN));
    return new Question.FindNode(place, want(a));
  }

  private static Question getPeers(Bencoded.Dict a) throws Refusal {
    boolean noSeed = isSet(a, "noseed");
    return new Question.GetPeers(infoHash(a), want(a), noSeed, isSet(a, "scrape"));
  }

  private static Question announce(Bencoded.Dict a) throws Refusal {
    boolean implied = isSet(a, "implied_port");
    long port = a.integer("port").orElse(0);
    if (port < 0 || port > 0xFFFF || port == 0) {
      if (!implied) {
        throw new Refusal(KrpcError.PROTOCOL);
      }
      port = 0;
    }
    return new Question.AnnouncePeer(
        infoHash(a),
        (int) port,
        token(a),
        implied,
        a.integer("seed").orElse(0) == 1,
        a.bytes("n").map(name -> StrangersText.printable(name.text(), MAX_NAME)));
  }

  private static Item item(Bencoded.Dict a, Optional<Bencoded.Bytes> value) throws Refusal {
    Bencoded.Bytes v = value.orElseThrow(() -> new Refusal(KrpcError.PROTOCOL));
    if (v.length() > Item.MAX_VALUE) {
      throw new Refusal(KrpcError.VALUE_TOO_BIG);
    }
    try {
      return a.get("k").isEmpty() ? new Item.Immutable(v) : mutable(a, v);
    } catch (IllegalArgumentException _) { // a key of 31 bytes, say
      throw new Refusal(KrpcError.PROTOCOL);
    }
  }

  private static Item mutable(Bencoded.Dict a, Bencoded.Bytes value) throws Refusal {
    Bencoded.Bytes salt = a.bytes("salt").orElse(Item.NO_SALT);
    if (salt.length() > Item.MAX_SALT) {
      throw new Refusal(KrpcError.SALT_TOO_BIG);
    }
    Bencoded.Bytes none = Item.NO_SALT; // which the constructor refuses
    long seq = a.integer("seq").orElse(-1);
    return new Item.Mutable(
        a.bytes("k").orElse(none), salt, seq, value, a.bytes("sig").orElse(none));
  }

  private static Bencoded.Bytes token(Bencoded.Dict a) throws Refusal {
    return a.bytes("token")
        .filter(token -> token.length() <= KrpcReader.MAX_TOKEN)
        .orElseThrow(() -> new Refusal(KrpcError.PROTOCOL));
  }

  private static NodeId needed(Bencoded.Dict a, String key) throws Refusal {
    return KrpcReader.id(a, key).orElseThrow(() -> new Refusal(KrpcError.PROTOCOL));
  }

  private static InfoHash infoHash(Bencoded.Dict a) throws Refusal {
    return InfoHash.of(needed(a, "info_hash").bytes());
  }

  private static boolean isSet(Bencoded.Dict a, String key) {
    return a.integer(key).orElse(0) != 0;
  }

  private static Set<Family> want(Bencoded.Dict a) {
    var want = EnumSet.noneOf(Family.class);
    for (Bencoded value : a.items("want").orElse(List.of())) {
      if (value instanceof Bencoded.Bytes bytes) {
        switch (bytes.text()) {
          case "n4" -> want.add(Family.V4);
          case "n6" -> want.add(Family.V6);
          default -> {} // "other strings may be present in the list, and must be silently ignored"
        }
      }
    }
    return want;
  }
}
