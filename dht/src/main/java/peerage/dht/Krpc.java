package peerage.dht;

import java.util.Optional;
import peerage.bencode.Bencoded;
import peerage.peers.PeerAddress;

/// A message between two nodes (BEP 5): a query, the answer to one, or the word that there is none.
/// [KrpcReader] reads it from a datagram, [KrpcWriter] writes it into one.
public sealed interface Krpc {
  /// "A node obeying this specification must not send UDP datagrams with a payload larger than 1024
  /// octets" (BEP 32).
  int MAX_DATAGRAM = 1024;

  /// By which the asker knows its own query again, `t`: any bytes, echoed by the answer.
  Bencoded.Bytes transaction();

  /// A question.
  ///
  /// @param transaction up to [KrpcReader#MAX_TRANSACTION] bytes
  /// @param sender the id that the asker claims
  /// @param question what is asked
  /// @param readOnly the asker answers nothing and belongs in no routing table (BEP 43)
  /// @param version `v`: two letters of the client and two bytes of its version, if said
  record Query(
      Bencoded.Bytes transaction,
      NodeId sender,
      Question question,
      boolean readOnly,
      Optional<Bencoded.Bytes> version)
      implements Krpc {}

  /// An answer.
  ///
  /// @param transaction that of the query
  /// @param sender the id that the asked node claims
  /// @param reply what it says; which question it was, only the asker knows
  /// @param seenAs `ip`: where the asker is, as the asked node sees it (BEP 42)
  /// @param version as in a query
  record Answer(
      Bencoded.Bytes transaction,
      NodeId sender,
      Reply reply,
      Optional<PeerAddress> seenAs,
      Optional<Bencoded.Bytes> version)
      implements Krpc {}

  /// The query was not answered.
  ///
  /// @param transaction that of the query
  /// @param code one of [KrpcError]'s, or any other number
  /// @param text for people; a stranger's words, made printable
  record Failure(Bencoded.Bytes transaction, int code, String text) implements Krpc {
    /// The failure with its usual words.
    static Failure of(Bencoded.Bytes transaction, KrpcError error) {
      return new Failure(transaction, error.code(), error.text());
    }
  }
}
