package peerage.node;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.SequencedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import peerage.wire.AllowedFast;
import peerage.wire.Message;
import peerage.wire.Metainfo;

/// What one peer said before the metadata was here, kept as what it comes to and not as it was
/// said, so that it is bounded: nobody can know yet which pieces there are.
final class EarlyWords {
  /// Pieces that it may let us have while choked; a peer of BEP 6 names ten.
  private static final int MAX_ALLOWED = 10 * AllowedFast.DEFAULT_SIZE;

  private final BitSet haves = new BitSet();
  private final SequencedSet<Integer> allowed = new TreeSet<>();
  private @Nullable Message everything;
  private OptionalInt requestQueue = OptionalInt.empty();
  private boolean unchoked;
  private boolean interested;

  /// Remembers what a message means.
  void say(Message message) {
    switch (message) {
      case Message.Bitfield _, Message.HaveAll _, Message.HaveNone _ -> {
        everything = message;
        haves.clear();
      }
      case Message.Have(int piece) when piece >= 0 && piece < Metainfo.MAX_PIECES ->
          haves.set(piece);
      case Message.AllowedFast(int piece) when allowed.size() < MAX_ALLOWED -> allowed.add(piece);
      case Message.Choke _ -> unchoked = false;
      case Message.Unchoke _ -> unchoked = true;
      case Message.Interested _ -> interested = true;
      case Message.NotInterested _ -> interested = false;
      default -> {} // requests, though we have said that we have nothing; what is not for us
    }
  }

  void requestQueue(int size) {
    requestQueue = OptionalInt.of(size);
  }

  OptionalInt requestQueue() {
    return requestQueue;
  }

  /// What it would say now, in an order that every client uses.
  List<Message> replay() {
    var messages = new ArrayList<Message>();
    if (everything != null) {
      messages.add(everything);
    }
    haves.stream().forEach(piece -> messages.add(new Message.Have(piece)));
    allowed.forEach(piece -> messages.add(new Message.AllowedFast(piece)));
    if (unchoked) {
      messages.add(new Message.Unchoke());
    }
    if (interested) {
      messages.add(new Message.Interested());
    }
    return messages;
  }
}
