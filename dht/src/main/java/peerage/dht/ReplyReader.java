package peerage.dht;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import peerage.bencode.Bencoded;
import peerage.peers.Family;
import peerage.peers.InfoHash;
import peerage.peers.PeerAddress;

/// Reads the contents of an answer. What is of the wrong form counts as not said.
final class ReplyReader {
  private static final int MAX_SAMPLES = 60; // more do not fit into 1,400 bytes

  private ReplyReader() {}

  /// @param value the canonical bytes of an item's value, if there is one
  static Reply read(Bencoded.Dict r, Optional<Bencoded.Bytes> value) {
    return new Reply(
        nodes(r, "nodes", Family.V4),
        nodes(r, "nodes6", Family.V6),
        peers(r),
        r.bytes("token").filter(token -> token.length() <= KrpcReader.MAX_TOKEN),
        blooms(r),
        value
            .filter(bytes -> bytes.length() <= Item.MAX_VALUE)
            .map(bytes -> new Reply.Value(bytes, sized(r, "k", 32), sized(r, "sig", 64))),
        KrpcReader.natural(r, "seq"),
        samples(r));
  }

  private static List<NodeInfo> nodes(Bencoded.Dict r, String key, Family family) {
    ByteBuffer bytes = r.bytes(key).map(Bencoded.Bytes::buffer).orElse(ByteBuffer.allocate(0));
    int most = KrpcReader.MAX_NODES * NodeInfo.compactSize(family);
    bytes.limit(Math.min(bytes.limit(), most));
    return NodeInfo.readCompactList(bytes, family);
  }

  /// "Implementations of this specification must be able to properly parse hybrid values lists"
  /// (BEP 32).
  private static List<PeerAddress> peers(Bencoded.Dict r) {
    var peers = new ArrayList<PeerAddress>();
    for (Bencoded value : r.items("values").orElse(List.of())) {
      if (value instanceof Bencoded.Bytes bytes && peers.size() < KrpcReader.MAX_PEERS) {
        KrpcReader.compact(bytes).ifPresent(peers::add);
      }
    }
    return peers;
  }

  private static Optional<Reply.Blooms> blooms(Bencoded.Dict r) {
    Optional<Bencoded.Bytes> seeds = sized(r, "BFsd", Bloom.SIZE);
    Optional<Bencoded.Bytes> peers = sized(r, "BFpe", Bloom.SIZE);
    return seeds.isEmpty() || peers.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Reply.Blooms(Bloom.of(seeds.get().toArray()), Bloom.of(peers.get().toArray())));
  }

  private static Optional<Reply.Samples> samples(Bencoded.Dict r) {
    Optional<Bencoded.Bytes> bytes = r.bytes("samples");
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    var infoHashes = new ArrayList<InfoHash>();
    ByteBuffer source = bytes.get().buffer();
    while (source.remaining() >= NodeId.SIZE && infoHashes.size() < MAX_SAMPLES) {
      byte[] one = new byte[NodeId.SIZE];
      source.get(one);
      infoHashes.add(InfoHash.of(one));
    }
    long most = Reply.Samples.MAX_INTERVAL.toSeconds();
    long interval = Math.clamp(r.integer("interval").orElse(0), 0, most);
    int known = Math.clamp(r.integer("num").orElse(infoHashes.size()), 0, Integer.MAX_VALUE);
    return Optional.of(new Reply.Samples(infoHashes, known, Duration.ofSeconds(interval)));
  }

  private static Optional<Bencoded.Bytes> sized(Bencoded.Dict r, String key, int size) {
    return r.bytes(key).filter(bytes -> bytes.length() == size);
  }
}
