package peerage.pieces;

import java.util.ArrayList;
import java.util.List;
import peerage.pieces.Transfer.Output;
import peerage.wire.Message;

/// What the parts of a [Transfer] want done about one input, in order.
final class Outbox {
  private List<Output> outputs = new ArrayList<>();
  private List<Peer> closed = new ArrayList<>();

  void put(Output output) {
    outputs.add(output);
  }

  void send(Peer peer, Message message) {
    if (!peer.isClosed) {
      outputs.add(new Output.Send(peer.link, message));
    }
  }

  void count(Peer peer, String what) {
    if (!peer.isClosed) {
      outputs.add(new Output.Counted(peer.link, what));
    }
  }

  /// Nothing more goes to this peer. It is taken out of all books once the input is dealt with.
  void close(Peer peer, String reason) {
    if (!peer.isClosed) {
      outputs.add(new Output.Close(peer.link, reason));
      peer.isClosed = true;
      closed.add(peer);
    }
  }

  List<Peer> takeClosed() {
    if (closed.isEmpty()) {
      return List.of();
    }
    List<Peer> taken = closed;
    closed = new ArrayList<>();
    return taken;
  }

  List<Output> take() {
    if (outputs.isEmpty()) {
      return List.of();
    }
    List<Output> taken = outputs;
    outputs = new ArrayList<>();
    return taken;
  }
}
