package peerage.pieces;

import static org.assertj.core.api.Assertions.assertThat;
import static peerage.pieces.Rig.A;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import peerage.peers.Link;
import peerage.pieces.LinkSnapshot.State;
import peerage.pieces.Transfer.Fast;
import peerage.pieces.Transfer.Input;
import peerage.pieces.Transfer.Output;
import peerage.testkit.Seeds;
import peerage.wire.Block;
import peerage.wire.Message;

/// Peers that say anything: no message throws, none keeps us from finishing, and what we keep of
/// each is bounded.
final class HostilePeersTest {
  private static final int PIECES = 20;
  private static final int STEPS = 2_000;

  @Seeds(40)
  void nonsenseDoesNotKeepUsFromFinishing(long seed) {
    var random = new SplittableRandom(seed);
    var rig = Rig.leecher(PIECES);
    rig.joinSeed(A, Fast.YES);
    for (int step = 0; step < STEPS; step++) {
      Link link = new Link(2 + random.nextInt(6));
      boolean isThere =
          rig.transfer.links(rig.now).stream().anyMatch(other -> other.link().equals(link));
      if (!isThere) {
        rig.join(link, random.nextBoolean() ? Fast.YES : Fast.NO);
      }
      obey(rig, rig.handle(nonsense(link, random, rig)));
      Optional<Instant> deadline = rig.transfer.nextDeadline();
      assertThat(deadline).isPresent();
      if (random.nextInt(4) == 0) {
        obey(rig, rig.pass(Duration.ofMillis(random.nextInt(2_000))));
        assertThat(rig.transfer.nextDeadline().orElseThrow()).isAfter(rig.now);
        deliverOne(rig);
      }
      assertBounded(rig);
    }
    for (int i = 0; i < 200 && !rig.transfer.isDone(); i++) {
      obey(rig, rig.pass(Duration.ofSeconds(1)));
      deliverOne(rig);
    }
    assertThat(rig.transfer.isDone()).isTrue();
  }

  /// The one honest peer delivers a block at a time.
  private static void deliverOne(Rig rig) {
    if (!rig.asked(A).isEmpty()) {
      obey(rig, rig.arrive(A, rig.asked(A).getFirst()));
    }
  }

  private static void obey(Rig rig, List<Output> outputs) {
    for (Output output : outputs) {
      switch (output) {
        case Output.Check(int piece) -> obey(rig, rig.good(piece));
        case Output.Close(Link link, String reason) -> {
          assertThat(link).as(reason).isNotEqualTo(A);
          rig.asked(link).clear();
        }
        default -> {}
      }
    }
  }

  private static void assertBounded(Rig rig) {
    List<LinkSnapshot> links = rig.transfer.links(rig.now);
    assertThat(links.stream().filter(link -> link.states().contains(State.UNCHOKED)))
        .hasSizeLessThanOrEqualTo(8);
    assertThat(links).allMatch(link -> link.outstanding() <= Window.MAX);
  }

  private static Input nonsense(Link link, RandomGenerator random, Rig rig) {
    if (random.nextInt(10) == 0 && !rig.asked(link).isEmpty()) {
      return new Input.BlockArrived(link, rig.asked(link).removeFirst());
    }
    if (random.nextInt(50) == 0 && !rig.asked(link).isEmpty()) {
      return new Input.Received(link, new Message.Reject(rig.asked(link).removeFirst()));
    }
    Block block = new Block(number(random, PIECES), number(random, Rig.PIECE), length(random));
    return switch (random.nextInt(8)) {
      case 0 -> new Input.RequestQueue(link, random.nextInt());
      case 1 -> new Input.PeerLeft(link);
      case 2 ->
          random.nextInt(5) == 0
              ? new Input.BlockArrived(link, block)
              : new Input.Served(link, rig.layout.block(random.nextInt(PIECES), 0));
      default -> new Input.Received(link, message(random, block));
    };
  }

  private static Message message(RandomGenerator random, Block block) {
    int piece = number(random, PIECES);
    return switch (random.nextInt(15)) {
      case 0, 1 -> new Message.Choke();
      case 2, 3 -> new Message.Unchoke();
      case 4, 5 -> new Message.Interested();
      case 6 -> new Message.NotInterested();
      case 7, 8 -> new Message.Have(piece);
      case 9 -> {
        byte[] bits = new byte[3];
        random.nextBytes(bits);
        bits[2] &= (byte) (random.nextInt(4) == 0 ? 0xFF : 0xF0);
        yield new Message.Bitfield(bits);
      }
      case 10 -> new Message.Request(block);
      case 11 -> new Message.Cancel(block);
      case 12 -> new Message.HaveAll();
      case 13 -> new Message.AllowedFast(piece);
      default -> new Message.Reject(block);
    };
  }

  /// Mostly within bounds.
  private static int number(RandomGenerator random, int bound) {
    return random.nextInt(30) == 0 ? random.nextInt() : random.nextInt(bound);
  }

  private static int length(RandomGenerator random) {
    return random.nextBoolean() ? Block.SIZE : number(random, Block.MAX_SIZE);
  }
}
