package peerage.dht;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import peerage.bencode.Bencoded;
import peerage.peers.Family;
import peerage.peers.PeerAddress;

/// Writes messages into datagrams, in canonical bencode and never more than [Krpc#MAX_DATAGRAM]
/// bytes of an answer: what does not fit is left out, peers first, then nodes.
public final class KrpcWriter {
  /// `v` of ours: the client code PG and the version 0.1 (BEP 5, BEP 20).
  public static final Bencoded.Bytes VERSION = new Bencoded.Bytes(new byte[] {'P', 'G', 0, 1});

  private KrpcWriter() {}

  /// One datagram.
  public static byte[] write(Krpc message) {
    return switch (message) {
      case Krpc.Query query -> query(query);
      case Krpc.Answer answer -> fitting(answer);
      case Krpc.Failure(var transaction, int code, String text) ->
          envelope(transaction, "e", Optional.of(VERSION))
              .put("e", Bencoded.items(List.of(new Bencoded.Int(code), Bencoded.Bytes.of(text))))
              .build()
              .encode();
    };
  }

  private static Bencoded.Dict.Builder envelope(
      Bencoded.Bytes transaction, String kind, Optional<Bencoded.Bytes> version) {
    var dict = Bencoded.Dict.builder().put("t", transaction).put("y", kind);
    version.ifPresent(v -> dict.put("v", v));
    return dict;
  }

  private static byte[] query(Krpc.Query query) {
    var a = Bencoded.Dict.builder().put("id", query.sender().bytes());
    putArguments(a, query.question());
    putWant(a, query.question().want());
    var dict = envelope(query.transaction(), "q", query.version());
    dict.put("q", query.question().method()).put("a", a.build());
    if (query.readOnly()) {
      dict.put("ro", 1);
    }
    return dict.build().encode();
  }

  private static void putArguments(Bencoded.Dict.Builder a, Question question) {
    switch (question) {
      case Question.Ping() -> {}
      case Question.FindNode(var target, var _) -> a.put("target", target.bytes());
      case Question.GetPeers(var infoHash, var _, boolean noSeed, boolean scrape) -> {
        a.put("info_hash", infoHash.bytes());
        putFlag(a, "noseed", noSeed);
        putFlag(a, "scrape", scrape);
      }
      case Question.AnnouncePeer announce -> putAnnounce(a, announce);
      case Question.Get(var target, var seq, var _) -> {
        a.put("target", target.bytes());
        seq.ifPresent(number -> a.put("seq", number));
      }
      case Question.Put(var item, var cas, var token) -> {
        a.put("token", token).put("v", item.decoded());
        cas.ifPresent(number -> a.put("cas", number));
        putSigned(a, item);
      }
      case Question.SampleInfohashes(var target, var _) -> a.put("target", target.bytes());
    }
  }

  private static void putAnnounce(Bencoded.Dict.Builder a, Question.AnnouncePeer announce) {
    a.put("info_hash", announce.infoHash().bytes());
    a.put("port", announce.port()).put("token", announce.token());
    putFlag(a, "implied_port", announce.impliedPort());
    putFlag(a, "seed", announce.seed());
    announce.name().ifPresent(name -> a.put("n", name));
  }

  private static void putSigned(Bencoded.Dict.Builder a, Item item) {
    if (item instanceof Item.Mutable mutable) {
      a.put("k", mutable.key()).put("sig", mutable.signature()).put("seq", mutable.seq());
      if (mutable.salt().length() > 0) {
        a.put("salt", mutable.salt());
      }
    }
  }

  private static void putFlag(Bencoded.Dict.Builder a, String key, boolean set) {
    if (set) {
      a.put(key, 1);
    }
  }

  private static void putWant(Bencoded.Dict.Builder a, Set<Family> want) {
    if (!want.isEmpty()) {
      a.put(
          "want",
          Bencoded.items(
              want.stream().map(f -> Bencoded.Bytes.of(f == Family.V4 ? "n4" : "n6")).toList()));
    }
  }

  private static byte[] fitting(Krpc.Answer answer) {
    byte[] bytes = answer(answer, answer.reply());
    Reply reply = answer.reply();
    while (bytes.length > Krpc.MAX_DATAGRAM) {
      Optional<Reply> less = less(reply, bytes.length - Krpc.MAX_DATAGRAM);
      if (less.isEmpty()) {
        return bytes; // an item of 1,000 bytes with its key
      }
      reply = less.get();
      bytes = answer(answer, reply);
    }
    return bytes;
  }

  /// Less of what there may be less of.
  private static Optional<Reply> less(Reply reply, int tooMany) {
    if (!reply.peers().isEmpty()) {
      int size = reply.peers().getLast().family().compactSize() + 2;
      return Optional.of(reply.withPeers(shorter(reply.peers(), 1 + tooMany / (size + 1))));
    }
    if (!reply.nodes6().isEmpty() && reply.nodes6().size() >= reply.nodes().size()) {
      return Optional.of(reply.withNodes6(shorter(reply.nodes6(), 1)));
    }
    return reply.nodes().isEmpty()
        ? Optional.empty()
        : Optional.of(reply.withNodes(shorter(reply.nodes(), 1)));
  }

  private static <T> List<T> shorter(List<T> list, int by) {
    return list.subList(0, Math.max(0, list.size() - by));
  }

  private static byte[] answer(Krpc.Answer answer, Reply reply) {
    var r = Bencoded.Dict.builder().put("id", answer.sender().bytes());
    putNodes(r, "nodes", reply.nodes());
    putNodes(r, "nodes6", reply.nodes6());
    if (!reply.peers().isEmpty()) {
      r.put("values", Bencoded.items(reply.peers().stream().map(KrpcWriter::compact).toList()));
    }
    reply.token().ifPresent(token -> r.put("token", token));
    reply
        .blooms()
        .ifPresent(
            blooms -> r.put("BFsd", blooms.seeds().bytes()).put("BFpe", blooms.peers().bytes()));
    reply.value().ifPresent(value -> putValue(r, value));
    reply.seq().ifPresent(seq -> r.put("seq", seq));
    reply.samples().ifPresent(samples -> putSamples(r, samples));
    var dict = envelope(answer.transaction(), "r", answer.version()).put("r", r.build());
    answer.seenAs().ifPresent(address -> dict.put("ip", compact(address)));
    return dict.build().encode();
  }

  private static void putNodes(Bencoded.Dict.Builder r, String key, List<NodeInfo> nodes) {
    if (nodes.isEmpty()) {
      return;
    }
    int size = NodeInfo.compactSize(nodes.getFirst().family());
    ByteBuffer bytes = ByteBuffer.allocate(nodes.size() * size);
    nodes.forEach(node -> node.writeCompact(bytes));
    r.put(key, bytes.array());
  }

  private static void putValue(Bencoded.Dict.Builder r, Reply.Value value) {
    r.put("v", ItemBytes.decode(value.encoded()));
    value.key().ifPresent(key -> r.put("k", key));
    value.signature().ifPresent(signature -> r.put("sig", signature));
  }

  private static void putSamples(Bencoded.Dict.Builder r, Reply.Samples samples) {
    ByteBuffer bytes = ByteBuffer.allocate(samples.infoHashes().size() * NodeId.SIZE);
    samples.infoHashes().forEach(infoHash -> bytes.put(infoHash.bytes()));
    r.put("samples", bytes.array());
    r.put("num", samples.known()).put("interval", samples.interval().toSeconds());
  }

  private static Bencoded.Bytes compact(PeerAddress address) {
    ByteBuffer bytes = ByteBuffer.allocate(address.family().compactSize());
    address.writeCompact(bytes);
    return new Bencoded.Bytes(bytes.array());
  }
}
