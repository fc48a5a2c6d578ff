package peerage.sim;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import peerage.dht.Krpc;
import peerage.dht.KrpcReader;
import peerage.dht.KrpcWriter;
import peerage.dht.NodeId;
import peerage.dht.NodeInfo;
import peerage.dht.Question;
import peerage.dht.Reply;
import peerage.peers.PeerAddress;

/// What nodes answer that lie: sixteen nodes that nobody is, nearer to the target than anybody.
final class Lies {
  /// As many as a reader takes of one answer.
  static final int INVENTED = KrpcReader.MAX_NODES;

  /// How many leading bits the invented ones share with the target, in bytes.
  static final int NEAR = 6;

  private final RandomGenerator random;

  Lies(RandomGenerator random) {
    this.random = random;
  }

  /// The lie to a datagram; empty if it is no question about a place, which is answered truly so as
  /// to be kept in tables.
  Optional<byte[]> answer(Inhabitant liar, PeerAddress from, byte[] datagram) {
    if (!(KrpcReader.read(datagram) instanceof KrpcReader.Outcome.Understood(Krpc.Query query))) {
      return Optional.empty();
    }
    Question question = query.question();
    return question
        .place()
        .map(
            place ->
                new Krpc.Answer(
                    query.transaction(),
                    liar.info().id(),
                    Reply.EMPTY.withNodes(inventedNear(place)),
                    Optional.of(from),
                    Optional.empty()))
        .map(KrpcWriter::write);
  }

  private List<NodeInfo> inventedNear(NodeId place) {
    return Stream.generate(() -> inventedNodeNear(place)).limit(INVENTED).toList();
  }

  private NodeInfo inventedNodeNear(NodeId place) {
    byte[] id = new byte[NodeId.SIZE];
    random.nextBytes(id);
    System.arraycopy(place.bytes(), 0, id, 0, NEAR);
    return new NodeInfo(NodeId.of(id), Network.randomAddress(random));
  }
}
