package peerage.pieces;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import peerage.bencode.MalformedMessage;
import peerage.peers.IpAddress;
import peerage.peers.Link;
import peerage.pieces.SimulatedSwarm.Parcel;
import peerage.pieces.Transfer.Fast;
import peerage.pieces.Transfer.Input;
import peerage.pieces.Transfer.Output;
import peerage.pieces.Transfer.Verdict;
import peerage.wire.Block;
import peerage.wire.Message;

/// The driver's side of one [Transfer], and a witness of its rules.
final class SimulatedDriver {
  /// What the witness knows of a link.
  private static final class Wire {
    final Fast fast;
    final Set<Block> outstanding = new LinkedHashSet<>(); // the driver's set of the contract
    final Set<Block> unanswered = new LinkedHashSet<>(); // requests that are owed an answer (BEP 6)
    final Set<Integer> allowedFast = new LinkedHashSet<>();
    PieceSet theirs;
    boolean isUnchoked;
    boolean chokesUs = true;
    boolean weAreInterested;
    boolean isClosed;

    Wire(Fast fast, int pieces) {
      this.fast = fast;
      this.theirs = new PieceSet(pieces);
    }
  }

  final int index;
  final Transfer transfer;
  final List<String> closed = new ArrayList<>();
  final Set<SimulatedDriver> banned = new LinkedHashSet<>();

  /// Of 100 blocks that this host sends, how many are wrong.
  int badPercent;

  /// Whether it answers requests at all.
  boolean isSilent;

  int blocksThrownAway;
  private final SimulatedSwarm swarm;
  private final TransferOptions options;
  private final int bytesPerSecond;
  private final Map<Integer, Wire> wires = new LinkedHashMap<>();
  private final Map<Integer, Map<Integer, Boolean>> written = new LinkedHashMap<>();
  private Instant uplinkFreeAt = SimulatedSwarm.START;

  SimulatedDriver(
      SimulatedSwarm swarm, int index, PieceSet have, TransferOptions options, int bytesPerSecond) {
    this.swarm = swarm;
    this.index = index;
    this.options = options;
    this.bytesPerSecond = bytesPerSecond;
    this.transfer =
        new Transfer(
            SimulatedSwarm.INFO_HASH,
            swarm.layout,
            have,
            PieceSet.full(have.size()),
            options,
            swarm.random.split());
  }

  boolean accepts(SimulatedDriver other) {
    return !banned.contains(other);
  }

  void joined(int link, Fast fast) {
    wires.put(link, new Wire(fast, swarm.layout.pieceCount()));
    handle(new Input.PeerJoined(new Link(link), fast, IpAddress.ofV4(0x0A000000 + index * 256)));
  }

  void left(int link) {
    if (wires.remove(link) != null) {
      handle(new Input.PeerLeft(new Link(link)));
    }
  }

  void received(int number, Parcel parcel) {
    Link link = new Link(number);
    Wire wire = wire(link);
    switch (parcel) {
      case Parcel.Plain(Message message) -> {
        witness(wire, message);
        handle(new Input.Received(link, message));
      }
      case Parcel.Content(Block block, boolean isGood) -> {
        witnessAnswer(wire, block);
        boolean isWanted = wire.outstanding.remove(block);
        Map<Integer, Boolean> piece =
            written.computeIfAbsent(block.piece(), _ -> new LinkedHashMap<>());
        boolean isWritten = isWanted && piece.putIfAbsent(block.begin(), isGood) == null;
        blocksThrownAway += isWritten ? 0 : 1;
        handle(new Input.BlockArrived(link, block));
      }
    }
  }

  private void witness(Wire wire, Message message) {
    switch (message) {
      case Message.Bitfield(byte[] bits) -> {
        try {
          wire.theirs = PieceSet.fromWire(bits, swarm.layout.pieceCount());
        } catch (MalformedMessage e) {
          throw new AssertionError(e);
        }
      }
      case Message.HaveAll _ -> wire.theirs = PieceSet.full(swarm.layout.pieceCount());
      case Message.Have(int piece) -> wire.theirs.add(piece);
      case Message.AllowedFast(int piece) -> wire.allowedFast.add(piece);
      case Message.Choke _ -> {
        wire.chokesUs = true;
        if (wire.fast == Fast.NO) {
          wire.unanswered.clear();
        }
      }
      case Message.Unchoke _ -> wire.chokesUs = false;
      case Message.Reject(Block block) -> {
        witnessAnswer(wire, block);
        wire.outstanding.remove(block);
      }
      default -> {}
    }
  }

  private void witnessAnswer(Wire wire, Block block) {
    if (wire.fast == Fast.YES) {
      assertThat(wire.unanswered.remove(block)).as("one answer for %s", block).isTrue();
    }
  }

  void handle(Input input) {
    swarm.log(index + " > " + input);
    List<Output> outputs = transfer.handle(input, swarm.now);
    for (Output output : outputs) {
      swarm.log(index + " < " + output);
      obey(output);
    }
    checkInvariants();
    Optional<Instant> deadline = transfer.nextDeadline();
    if (input instanceof Input.Tick) {
      deadline.ifPresent(at -> assertThat(at).as("no busy loop").isAfter(swarm.now));
    }
    deadline.ifPresent(this::scheduleTick);
  }

  private Instant tickAt = Instant.MAX;

  private void scheduleTick(Instant at) {
    if (at.isBefore(tickAt)) {
      tickAt = at.isBefore(swarm.now) ? swarm.now : at;
      Instant planned = tickAt;
      swarm.at(
          planned,
          () -> {
            if (tickAt.equals(planned)) {
              tickAt = Instant.MAX;
              handle(new Input.Tick());
            }
          });
    }
  }

  private void obey(Output output) {
    switch (output) {
      case Output.Send(Link link, Message message) -> send(link, message);
      case Output.Serve(Link link, Block block) -> serve(link, block);
      case Output.ForgetRequests(Link link) -> wire(link).outstanding.clear();
      case Output.Check(int piece) -> check(piece);
      case Output.PieceDone _, Output.Finished _ -> {}
      case Output.PieceRefused(int piece, List<Link> blamed) -> {
        assertThat(blamed).isNotEmpty();
        written.remove(piece);
      }
      case Output.Close(Link link, String reason) -> {
        SimulatedDriver other = swarm.other(this, link.number());
        closed.add(reason + " " + other.index);
        if (reason.equals(Transfer.BAD_PIECE) && other.badPercent > 0) {
          banned.add(other);
        }
        wire(link).isClosed = true;
        swarm.at(swarm.now, () -> swarm.disconnect(this, link.number()));
      }
      case Output.Counted(Link link, String what) ->
          // What one of our machines says to another is never odd, but where messages cross.
          assertThat(what)
              .isIn(
                  wire(link).fast == Fast.YES
                      ? List.of("a block that was cancelled")
                      : List.of("a block that was not requested", "a request repeated"));
    }
  }

  private Wire wire(Link link) {
    Wire wire = wires.get(link.number());
    if (wire == null) {
      throw new AssertionError("link " + link + " is not there");
    }
    return wire;
  }

  private void send(Link link, Message message) {
    Wire wire = wire(link);
    switch (message) {
      case Message.Request(Block block) -> {
        assertThat(swarm.layout.isBlock(block)).isTrue();
        assertThat(transfer.have().get(block.piece())).as("no piece that we have").isFalse();
        assertThat(wire.theirs.get(block.piece())).as("a piece that the peer has").isTrue();
        assertThat(!wire.chokesUs || wire.allowedFast.contains(block.piece())).isTrue();
        assertThat(wire.weAreInterested).isTrue();
        assertThat(wire.outstanding.add(block)).as("once").isTrue();
        assertThat(wire.unanswered.add(block) || wire.fast == Fast.NO).as("once").isTrue();
      }
      case Message.Cancel(Block block) ->
          assertThat(wire.outstanding.remove(block)).as("was asked for").isTrue();
      case Message.Choke _ -> wire.isUnchoked = false;
      case Message.Unchoke _ -> wire.isUnchoked = true;
      case Message.Interested _ -> wire.weAreInterested = true;
      case Message.NotInterested _ -> wire.weAreInterested = false;
      default -> {}
    }
    swarm.send(this, link.number(), new Parcel.Plain(message));
  }

  private void serve(Link link, Block block) {
    assertThat(transfer.have().get(block.piece())).isTrue();
    if (isSilent) {
      return;
    }
    Instant start = uplinkFreeAt.isBefore(swarm.now) ? swarm.now : uplinkFreeAt;
    uplinkFreeAt = start.plusNanos(block.length() * 1_000_000_000L / bytesPerSecond);
    boolean isGood = swarm.random.nextInt(100) >= badPercent;
    swarm.at(
        uplinkFreeAt,
        () -> {
          if (wires.containsKey(link.number())) {
            swarm.send(this, link.number(), new Parcel.Content(block, isGood));
            handle(new Input.Served(link, block));
          }
        });
  }

  private void check(int piece) {
    Map<Integer, Boolean> blocks = written.getOrDefault(piece, Map.of());
    assertThat(blocks).as("all blocks of piece %s", piece).hasSize(swarm.layout.blockCount(piece));
    boolean isGood = !blocks.containsValue(false);
    swarm.at(
        swarm.now.plus(Duration.ofMillis(swarm.random.nextInt(50))),
        () -> handle(new Input.PieceChecked(piece, isGood ? Verdict.GOOD : Verdict.BAD)));
  }

  private void checkInvariants() {
    assertThat(wires.values().stream().filter(wire -> wire.isUnchoked).count())
        .as("slots")
        .isLessThanOrEqualTo(options.uploadSlots());
    Map<Block, Integer> asked = new LinkedHashMap<>();
    PieceSet missing = PieceSet.full(swarm.layout.pieceCount()).without(transfer.have());
    for (Wire wire : wires.values().stream().filter(open -> !open.isClosed).toList()) {
      assertThat(wire.outstanding).hasSizeLessThanOrEqualTo(Window.DEFAULT_LIMIT);
      wire.outstanding.forEach(block -> asked.merge(block, 1, Integer::sum));
      assertThat(wire.weAreInterested).isEqualTo(missing.sharedCount(wire.theirs) > 0);
    }
    assertThat(asked.values()).as("at most two links for a block").allMatch(count -> count <= 2);
  }

  /// Fast links on which a request is still owed an answer.
  long unansweredFastRequests() {
    return wires.values().stream()
        .filter(wire -> wire.fast == Fast.YES)
        .mapToLong(wire -> wire.unanswered.size())
        .sum();
  }
}
