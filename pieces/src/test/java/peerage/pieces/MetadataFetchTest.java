package peerage.pieces;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import peerage.peers.Link;
import peerage.testkit.Seeds;
import peerage.wire.MetadataMessage;
import peerage.wire.Metainfo;

final class MetadataFetchTest {
  private static final int BLOCK = MetadataMessage.BLOCK_SIZE;
  private static final byte[] INFO = noise(5 * BLOCK + 100, 1);
  private static final Instant START = Instant.EPOCH;

  private final MetadataFetch fetch = new MetadataFetch(Metainfo.infoHashOf(INFO));
  private final List<MetadataFetch.Output> outputs = new ArrayList<>();
  private final Map<Link, byte[]> copies = new LinkedHashMap<>();
  private Instant now = START;

  private static byte[] noise(int size, long seed) {
    byte[] bytes = new byte[size];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  private static byte[] withFalse(int block) {
    byte[] bytes = INFO.clone();
    bytes[block * BLOCK] ^= 1;
    return bytes;
  }

  /// A peer that has this, and says its size.
  private Link joins(int number, byte[] copy) {
    var link = new Link(number);
    copies.put(link, copy);
    take(new MetadataFetch.Input.Offered(link, OptionalInt.of(copy.length)));
    return link;
  }

  private List<MetadataFetch.Output> take(MetadataFetch.Input input) {
    List<MetadataFetch.Output> news = fetch.handle(input, now);
    outputs.addAll(news);
    return news;
  }

  private static MetadataMessage.Data data(byte[] copy, int block) {
    int from = block * BLOCK;
    return new MetadataMessage.Data(
        block,
        copy.length,
        Arrays.copyOfRange(copy, from, from + MetadataMessage.blockLength(copy.length, block)));
  }

  /// What has been asked and not answered; answering takes it away.
  private List<MetadataFetch.Output.Ask> asks() {
    return outputs.stream()
        .filter(MetadataFetch.Output.Ask.class::isInstance)
        .map(MetadataFetch.Output.Ask.class::cast)
        .toList();
  }

  private List<Integer> asked(Link link) {
    return asks().stream()
        .filter(ask -> ask.link().equals(link))
        .map(MetadataFetch.Output.Ask::block)
        .toList();
  }

  private void answer(MetadataFetch.Output.Ask ask) {
    outputs.remove(ask);
    byte[] copy = copies.get(ask.link());
    if (copy != null) {
      take(new MetadataFetch.Input.Received(ask.link(), data(copy, ask.block())));
    }
  }

  /// Has every peer answer what it is asked, one question each in turn.
  private void talk() {
    for (int i = 0; i < 1_000 && !asks().isEmpty(); i++) {
      answer(asks().getFirst());
    }
    assertThat(asks()).isEmpty();
  }

  private boolean isDone() {
    return outputs.stream()
        .anyMatch(
            o -> o instanceof MetadataFetch.Output.Done(byte[] info) && Arrays.equals(info, INFO));
  }

  private List<Link> distrusted() {
    return outputs.stream()
        .filter(MetadataFetch.Output.Distrust.class::isInstance)
        .map(o -> ((MetadataFetch.Output.Distrust) o).link())
        .toList();
  }

  private void later(Duration time) {
    now = now.plus(time);
    take(new MetadataFetch.Input.Tick());
  }

  @Test
  void onePeerIsEnough() {
    joins(1, INFO);
    talk();
    assertThat(isDone()).isTrue();
    assertThat(fetch.nextDeadline()).isEmpty();
  }

  @Test
  void severalPeersAreAskedAtOnceAndEachBlockOfOneOnly() {
    Link first = joins(1, INFO);
    assertThat(asked(first)).containsExactly(0, 1, 2, 3);
    Link second = joins(2, INFO);
    assertThat(asked(second)).containsExactly(4, 5);
    assertThat(fetch.progress()).isEqualTo(new MetadataProgress(0, 6, 2));
    talk();
    assertThat(isDone()).isTrue();
  }

  @Test
  void whoHasNothingToDoHelpsWithTheLastBlocks() {
    joins(1, INFO);
    joins(2, INFO);
    Link idle = joins(3, INFO);
    assertThat(asked(idle)).hasSize(1);
    assertThat(asks()).hasSize(7);
  }

  @Test
  void aRejectedBlockIsAskedOfAnother() {
    Link poor = joins(1, INFO);
    Link rich = joins(2, INFO);
    take(new MetadataFetch.Input.Received(poor, new MetadataMessage.Reject(0)));
    copies.remove(poor);
    talk();
    assertThat(isDone()).isTrue();
    assertThat(distrusted()).isEmpty();
    assertThat(copies).containsOnlyKeys(rich);
  }

  @Test
  void aSilentPeerHoldsNobodyUp() {
    Link silent = joins(1, INFO);
    copies.remove(silent);
    assertThat(fetch.nextDeadline()).contains(START.plus(MetadataPeer.PATIENCE));
    joins(2, INFO);
    talk();
    assertThat(isDone()).isTrue();
  }

  @Test
  void aSilentPeerLosesItsBlocksToAnother() {
    Link silent = joins(1, INFO);
    Link busy = joins(2, INFO);
    outputs.clear();
    now = now.plusSeconds(1);
    answer(new MetadataFetch.Output.Ask(busy, 4));
    later(MetadataPeer.PATIENCE.minusSeconds(1));
    assertThat(asked(busy)).startsWith(0, 1, 2);
    assertThat(asked(silent)).isEmpty();
  }

  @Test
  void aLateAnswerCountsAndAnUnaskedOneDoesNot() {
    Link slow = joins(1, INFO);
    copies.remove(slow);
    later(MetadataPeer.PATIENCE);
    take(new MetadataFetch.Input.Received(slow, data(INFO, 0)));
    assertThat(fetch.progress().blocks()).isEqualTo(1);
    take(new MetadataFetch.Input.Received(slow, data(INFO, 5)));
    assertThat(fetch.progress().blocks()).isEqualTo(1);
    assertThat(outputs)
        .contains(new MetadataFetch.Output.Counted(slow, "a block that was not asked for"));
  }

  @Test
  void theOnlyPeerIsAskedAgainAfterAPause() {
    Link only = joins(1, INFO);
    outputs.clear();
    take(new MetadataFetch.Input.Received(only, new MetadataMessage.Reject(0)));
    assertThat(asks()).isEmpty();
    assertThat(fetch.nextDeadline()).contains(START.plus(MetadataPeer.PAUSE));
    later(MetadataPeer.PAUSE);
    talk();
    assertThat(isDone()).isTrue();
  }

  @Test
  void whoAloneSentAFalseWholeIsDistrusted() {
    Link liar = joins(1, withFalse(2));
    talk();
    assertThat(distrusted()).containsExactly(liar);
    joins(2, INFO);
    talk();
    assertThat(isDone()).isTrue();
  }

  @Test
  void ofSeveralTheLiarIsFoundByTakingAllFromOne() {
    Link honest = joins(1, INFO);
    Link liar = joins(2, withFalse(4));
    talk();
    assertThat(isDone()).isTrue();
    assertThat(distrusted()).containsExactly(liar);
    assertThat(honest).isNotEqualTo(liar);
  }

  @Test
  void oneWhoseEveryBlockIsFalseCannotSpoilEachMixture() {
    byte[] junk = noise(INFO.length, 99);
    joins(1, junk);
    joins(2, INFO);
    joins(3, junk);
    talk();
    assertThat(isDone()).isTrue();
    assertThat(distrusted()).containsExactlyInAnyOrder(new Link(1), new Link(3));
  }

  @Test
  void aLiarThatIsTriedAloneIsFoundToo() {
    Link liar = joins(1, withFalse(0));
    joins(2, INFO);
    talk();
    assertThat(isDone()).isTrue();
    assertThat(distrusted()).containsExactly(liar);
  }

  @Test
  void aSizeThatManyLieAboutHoldsNobodyUp() {
    for (int i = 1; i <= 5; i++) {
      Link liar = joins(i, noise(900_000, i));
      copies.remove(liar); // it never answers
    }
    joins(6, INFO);
    talk();
    assertThat(isDone()).isTrue();
  }

  @Test
  void memoryIsTakenForWhatCameAndNotForWhatIsSaid() {
    for (int i = 1; i <= 50; i++) {
      take(
          new MetadataFetch.Input.Offered(
              new Link(i), OptionalInt.of(MetadataMessage.MAX_SIZE - i)));
    }
    assertThat(asks().stream().map(MetadataFetch.Output.Ask::link).distinct()).hasSize(1);
    joins(60, INFO);
    talk();
    assertThat(isDone()).isTrue();
  }

  @Test
  void whoContradictsItselfIsDistrusted() {
    Link liar = joins(1, INFO);
    var other = new MetadataMessage.Data(0, INFO.length + 1, new byte[BLOCK]);
    take(new MetadataFetch.Input.Received(liar, other));
    assertThat(distrusted()).containsExactly(liar);
    Link sloppy = joins(2, INFO);
    take(
        new MetadataFetch.Input.Received(
            sloppy, new MetadataMessage.Data(0, INFO.length, new byte[7])));
    assertThat(distrusted()).containsExactly(liar, sloppy);
  }

  @Test
  void whoDoesNotSayASizeIsAskedForTheFirstBlock() {
    var link = new Link(1);
    take(new MetadataFetch.Input.Offered(link, OptionalInt.empty()));
    assertThat(asked(link)).containsExactly(0);
    copies.put(link, INFO);
    talk();
    assertThat(isDone()).isTrue();
  }

  @Test
  void whoGetsTheMetadataLaterSaysSo() {
    Link link = new Link(1);
    take(new MetadataFetch.Input.Offered(link, OptionalInt.empty()));
    take(new MetadataFetch.Input.Received(link, new MetadataMessage.Reject(0)));
    outputs.clear();
    later(Duration.ofHours(1));
    take(new MetadataFetch.Input.Received(link, new MetadataMessage.Reject(0)));
    outputs.clear();
    take(new MetadataFetch.Input.Offered(link, OptionalInt.of(INFO.length)));
    copies.put(link, INFO);
    later(Duration.ofMinutes(1));
    talk();
    assertThat(isDone()).isTrue();
  }

  @Seeds(60)
  void someHonestPeerAlwaysWins(long seed) {
    var random = new SplittableRandom(seed);
    Consumer<Integer> anyPeer =
        number -> {
          switch (random.nextInt(4)) {
            case 0 -> joins(number, withFalse(random.nextInt(6)));
            case 1 -> joins(number, noise(1 + random.nextInt(200_000), number));
            case 2 -> copies.remove(joins(number, INFO));
            default -> joins(number, INFO);
          }
        };
    for (int i = 1; i <= 8; i++) {
      anyPeer.accept(i);
    }
    Link honest = joins(9, INFO);
    for (int i = 0; i < 5_000 && !isDone(); i++) {
      List<MetadataFetch.Output.Ask> asks = asks();
      if (asks.isEmpty() || random.nextInt(20) == 0) {
        later(Duration.ofSeconds(1));
      } else {
        answer(asks.get(random.nextInt(asks.size())));
      }
    }
    assertThat(isDone()).isTrue();
    assertThat(distrusted()).doesNotContain(honest);
    assertThat(distrusted()).noneMatch(link -> Arrays.equals(copies.get(link), INFO));
  }
}
