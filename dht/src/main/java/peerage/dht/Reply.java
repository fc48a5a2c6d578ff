package peerage.dht;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import peerage.bencode.Bencoded;
import peerage.peers.InfoHash;
import peerage.peers.PeerAddress;

/// What an answer says besides who gives it. An answer does not name its question, so each part may
/// be there or not; begin with [#EMPTY] and add.
///
/// @param nodes IPv4 nodes near the place that was asked about
/// @param nodes6 IPv6 nodes near it (BEP 32)
/// @param peers `values`: peers of the swarm, of either family
/// @param token allows the asker to store something there
/// @param blooms the filters that count the swarm (BEP 33)
/// @param value of an item, not verified yet: see [Item#of(Value, OptionalLong, NodeId,
///     Bencoded.Bytes)]
/// @param seq of a mutable item, there even if its value is left out as known
/// @param samples some of the swarms that the node knows (BEP 51)
public record Reply(
    List<NodeInfo> nodes,
    List<NodeInfo> nodes6,
    List<PeerAddress> peers,
    Optional<Bencoded.Bytes> token,
    Optional<Blooms> blooms,
    Optional<Value> value,
    OptionalLong seq,
    Optional<Samples> samples) {

  /// Says nothing: the answer to a ping, and to whatever was stored.
  public static final Reply EMPTY =
      new Reply(
          List.of(),
          List.of(),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          OptionalLong.empty(),
          Optional.empty());

  /// Copies the lists.
  public Reply {
    nodes = List.copyOf(nodes);
    nodes6 = List.copyOf(nodes6);
    peers = List.copyOf(peers);
  }

  /// The two filters of BEP 33.
  ///
  /// @param seeds `BFsd`: who has all
  /// @param peers `BFpe`: who has not
  public record Blooms(Bloom seeds, Bloom peers) {}

  /// The value of an item, as it is on the wire (BEP 44).
  ///
  /// @param encoded canonical bencode of any kind, [Item#MAX_VALUE] bytes at most
  /// @param key of a mutable item, 32 bytes
  /// @param signature of a mutable item, 64 bytes
  public record Value(
      Bencoded.Bytes encoded, Optional<Bencoded.Bytes> key, Optional<Bencoded.Bytes> signature) {}

  /// What BEP 51 samples.
  ///
  /// @param infoHashes some of those that are known
  /// @param known how many are known
  /// @param interval for how long the same question gets the same answer, 0 to 6 hours
  public record Samples(List<InfoHash> infoHashes, int known, Duration interval) {
    /// "The permissible range is between 0 and 21600 seconds (inclusive)" (BEP 51).
    public static final Duration MAX_INTERVAL = Duration.ofHours(6);

    /// Copies the list.
    public Samples {
      infoHashes = List.copyOf(infoHashes);
    }
  }

  /// With these IPv4 nodes.
  public Reply withNodes(List<NodeInfo> more) {
    return new Reply(more, nodes6, peers, token, blooms, value, seq, samples);
  }

  /// With these IPv6 nodes.
  public Reply withNodes6(List<NodeInfo> more) {
    return new Reply(nodes, more, peers, token, blooms, value, seq, samples);
  }

  /// With these peers.
  public Reply withPeers(List<PeerAddress> more) {
    return new Reply(nodes, nodes6, more, token, blooms, value, seq, samples);
  }

  /// With this token.
  public Reply withToken(Bencoded.Bytes given) {
    return new Reply(nodes, nodes6, peers, Optional.of(given), blooms, value, seq, samples);
  }

  /// With these filters.
  public Reply withBlooms(Blooms filters) {
    return new Reply(nodes, nodes6, peers, token, Optional.of(filters), value, seq, samples);
  }

  /// With this item.
  public Reply withItem(Item item) {
    return switch (item) {
      case Item.Immutable(var encoded) ->
          with(new Value(encoded, Optional.empty(), Optional.empty()), OptionalLong.empty());
      case Item.Mutable mutable ->
          with(
              new Value(
                  mutable.value(), Optional.of(mutable.key()), Optional.of(mutable.signature())),
              OptionalLong.of(mutable.seq()));
    };
  }

  /// With the sequence number of a mutable item alone, for an asker who knows that one already.
  public Reply withSeq(long number) {
    return new Reply(nodes, nodes6, peers, token, blooms, value, OptionalLong.of(number), samples);
  }

  /// With these samples.
  public Reply withSamples(Samples some) {
    return new Reply(nodes, nodes6, peers, token, blooms, value, seq, Optional.of(some));
  }

  private Reply with(Value given, OptionalLong number) {
    return new Reply(nodes, nodes6, peers, token, blooms, Optional.of(given), number, samples);
  }
}
