package peerage.pieces;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.SplittableRandom;
import peerage.peers.InfoHash;
import peerage.peers.IpAddress;
import peerage.peers.Link;
import peerage.pieces.Transfer.Fast;
import peerage.pieces.Transfer.Input;
import peerage.pieces.Transfer.Output;
import peerage.pieces.Transfer.Verdict;
import peerage.wire.Block;
import peerage.wire.Message;

/// One [Transfer] under test, a clock, and short words for what goes in and comes out.
final class Rig {
  static final int PIECE = 4 * Block.SIZE;
  static final Link A = new Link(1);
  static final Link B = new Link(2);
  static final Link C = new Link(3);
  private static final InfoHash INFO_HASH = InfoHash.of(new byte[20]);

  final PieceLayout layout;
  final Transfer transfer;
  private final Map<Link, SequencedSet<Block>> asked = new LinkedHashMap<>();
  Instant now = Instant.ofEpochSecond(1_000_000);

  Rig(PieceLayout layout, PieceSet have, TransferOptions options) {
    this(layout, have, options, new SplittableRandom(1));
  }

  Rig(PieceLayout layout, PieceSet have, TransferOptions options, SplittableRandom random) {
    this.layout = layout;
    this.transfer =
        new Transfer(INFO_HASH, layout, have, PieceSet.full(layout.pieceCount()), options, random);
  }

  /// Has nothing yet of so many pieces of four blocks.
  static Rig leecher(int pieces) {
    return leecher(pieces, PIECE);
  }

  static Rig leecher(int pieces, int pieceLength) {
    var layout = new PieceLayout(pieceLength, (long) pieces * pieceLength);
    return new Rig(layout, new PieceSet(pieces), TransferOptions.DEFAULTS);
  }

  /// Has everything.
  static Rig seed(int pieces, int slots) {
    var layout = new PieceLayout(PIECE, (long) pieces * PIECE);
    return new Rig(layout, PieceSet.full(pieces), new TransferOptions(slots));
  }

  /// Has some.
  static Rig with(int pieces, int... had) {
    var layout = new PieceLayout(PIECE, (long) pieces * PIECE);
    return new Rig(layout, set(pieces, had), TransferOptions.DEFAULTS);
  }

  static PieceSet set(int size, int... pieces) {
    var set = new PieceSet(size);
    for (int piece : pieces) {
      set.add(piece);
    }
    return set;
  }

  List<Output> handle(Input input) {
    List<Output> outputs = transfer.handle(input, now);
    outputs.forEach(this::keepAsked);
    return outputs;
  }

  private void keepAsked(Output output) {
    switch (output) {
      case Output.Send(Link link, Message.Request(Block block)) -> asked(link).add(block);
      case Output.Send(Link link, Message.Cancel(Block block)) -> asked(link).remove(block);
      case Output.ForgetRequests(Link link) -> asked(link).clear();
      default -> {}
    }
  }

  /// What is outstanding on a link, oldest first, as the driver keeps it.
  SequencedSet<Block> asked(Link link) {
    return asked.computeIfAbsent(link, _ -> new LinkedHashSet<>());
  }

  List<Output> join(Link link, Fast fast) {
    return handle(new Input.PeerJoined(link, fast, IpAddress.ofV4(0x01020300 + link.number())));
  }

  /// A seed that has unchoked us; returns its first requests.
  List<Block> joinSeed(Link link, Fast fast) {
    join(link, fast);
    receive(link, new Message.Bitfield(PieceSet.full(layout.pieceCount()).toWire()));
    return requests(receive(link, new Message.Unchoke()), link);
  }

  /// A peer without the fast extension that has some pieces and has unchoked us.
  List<Block> joinPeer(Link link, int... pieces) {
    join(link, Fast.NO);
    receive(link, new Message.Bitfield(set(layout.pieceCount(), pieces).toWire()));
    return requests(receive(link, new Message.Unchoke()), link);
  }

  /// A peer that wants something of us.
  List<Output> joinInterested(Link link, Fast fast) {
    join(link, fast);
    if (fast == Fast.YES) {
      receive(link, new Message.HaveNone());
    }
    return receive(link, new Message.Interested());
  }

  List<Output> receive(Link link, Message message) {
    return handle(new Input.Received(link, message));
  }

  List<Output> arrive(Link link, Block block) {
    asked(link).remove(block);
    return handle(new Input.BlockArrived(link, block));
  }

  /// All blocks of a piece come over one link; those must be outstanding.
  List<Output> deliver(Link link, int piece) {
    var outputs = new ArrayList<Output>();
    for (int i = 0; i < layout.blockCount(piece); i++) {
      outputs.addAll(arrive(link, layout.block(piece, i)));
    }
    return outputs;
  }

  List<Output> good(int piece) {
    return handle(new Input.PieceChecked(piece, Verdict.GOOD));
  }

  List<Output> bad(int piece) {
    return handle(new Input.PieceChecked(piece, Verdict.BAD));
  }

  /// Lets time pass, with a tick at every deadline.
  List<Output> pass(Duration time) {
    var outputs = new ArrayList<Output>();
    Instant end = now.plus(time);
    for (Optional<Instant> next = transfer.nextDeadline();
        next.isPresent() && !next.get().isAfter(end);
        next = transfer.nextDeadline()) {
      now = next.get().isAfter(now) ? next.get() : now;
      outputs.addAll(handle(new Input.Tick()));
    }
    now = end;
    return outputs;
  }

  LinkSnapshot snapshot(Link link) {
    return transfer.links(now).stream()
        .filter(snapshot -> snapshot.link().equals(link))
        .findFirst()
        .orElseThrow();
  }

  static List<Message> sent(List<Output> outputs, Link link) {
    var messages = new ArrayList<Message>();
    for (Output output : outputs) {
      if (output instanceof Output.Send(Link to, Message message) && to.equals(link)) {
        messages.add(message);
      }
    }
    return messages;
  }

  static List<Block> requests(List<Output> outputs, Link link) {
    var blocks = new ArrayList<Block>();
    for (Message message : sent(outputs, link)) {
      if (message instanceof Message.Request(Block block)) {
        blocks.add(block);
      }
    }
    return blocks;
  }

  static List<Block> served(List<Output> outputs) {
    var blocks = new ArrayList<Block>();
    for (Output output : outputs) {
      if (output instanceof Output.Serve(_, Block block)) {
        blocks.add(block);
      }
    }
    return blocks;
  }

  static List<Link> closed(List<Output> outputs) {
    var links = new ArrayList<Link>();
    for (Output output : outputs) {
      if (output instanceof Output.Close(Link link, _)) {
        links.add(link);
      }
    }
    return links;
  }

  static List<String> counted(List<Output> outputs) {
    var what = new ArrayList<String>();
    for (Output output : outputs) {
      if (output instanceof Output.Counted counted) {
        what.add(counted.what());
      }
    }
    return what;
  }
}
