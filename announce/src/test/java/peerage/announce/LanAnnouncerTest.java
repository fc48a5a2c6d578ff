package peerage.announce;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import peerage.announce.LanAnnouncer.Input;
import peerage.announce.LanAnnouncer.Output;
import peerage.announce.LanAnnouncer.Reason;
import peerage.bencode.MalformedMessage;
import peerage.peers.Family;
import peerage.peers.InfoHash;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;
import peerage.testkit.Hostile;
import peerage.testkit.Seeds;

final class LanAnnouncerTest {
  private static final InfoHash ONE = InfoHash.parse("aa".repeat(20));
  private static final InfoHash TWO = InfoHash.parse("bb".repeat(20));
  private static final PeerAddress SENDER = PeerAddress.parse("10.0.0.7:6771").orElseThrow();
  private static final Instant BEGINNING = Instant.parse("2000-01-01T00:00:00Z");

  private final LanAnnouncer lan = new LanAnnouncer(6881, new SplittableRandom(3));
  private final List<String> sent = new ArrayList<>();
  private final List<byte[]> datagrams = new ArrayList<>();
  private Instant now = BEGINNING;

  @Test
  void aTorrentIsCalledOutAtOnceAgainAfterAMinuteAndThenEveryFiveMinutes() {
    up(1);
    join(ONE);
    run(1_000);
    assertThat(sent)
        .containsExactly("0 on 1: 1", "60 on 1: 1", "360 on 1: 1", "660 on 1: 1", "960 on 1: 1");
  }

  @Test
  void torrentsThatBeginTogetherShareADatagram() {
    up(1);
    join(ONE);
    join(TWO);
    run(10);
    assertThat(sent).containsExactly("0 on 1: 2");
  }

  @Test
  void noNetworkHearsMoreThanOneAnnounceAMinuteHoweverManyTorrentsThereAre() {
    up(1);
    for (int i = 0; i < 100; i++) {
      join(InfoHash.parse("%040x".formatted(i)));
      run(i);
    }
    run(3_600);
    assertThat(sent).hasSizeLessThanOrEqualTo(61);
    assertThat(seconds()).allSatisfy(it -> assertThat(it).isGreaterThanOrEqualTo(60));
  }

  private List<Long> seconds() {
    List<Long> times = sent.stream().map(it -> Long.parseLong(it.split(" ", 2)[0])).toList();
    var gaps = new ArrayList<Long>();
    for (int i = 1; i < times.size(); i++) {
      gaps.add(times.get(i) - times.get(i - 1));
    }
    return gaps;
  }

  @Test
  void ofManyTorrentsEachHasItsTurn() throws MalformedMessage {
    up(1);
    for (int i = 0; i < 100; i++) {
      join(InfoHash.parse("%040x".formatted(i)));
    }
    run(300);
    var called = new ArrayList<InfoHash>();
    for (byte[] datagram : datagrams) {
      called.addAll(LanMessage.decode(datagram).infoHashes());
    }
    assertThat(called.stream().distinct()).hasSize(100);
  }

  @Test
  void eachNetworkHearsTheAnnounceOfItsFamily() {
    up(1);
    handle(new Input.Up(2, Family.V6));
    join(ONE);
    run(1);
    assertThat(sent).containsExactly("0 on 1: 1", "0 on 2: 1");
    assertThat(datagrams.get(0)).isEqualTo(message().encode(Family.V4));
    assertThat(datagrams.get(1)).isEqualTo(message().encode(Family.V6));
  }

  private LanMessage message() {
    try {
      return LanMessage.decode(datagrams.getFirst());
    } catch (MalformedMessage e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aNetworkThatComesLaterHearsOfWhatWeAreIn() {
    join(ONE);
    assertThat(lan.nextDeadline()).isEmpty();
    run(500);
    up(1);
    run(501);
    assertThat(sent).containsExactly("500 on 1: 1");
    handle(new Input.Down(1));
    run(2_000);
    assertThat(sent).hasSize(1);
  }

  @Test
  void whatWeLeftIsNotCalledOutAnyMore() {
    up(1);
    join(ONE);
    handle(new Input.Left(ONE));
    run(1_000);
    assertThat(sent).isEmpty();
    assertThat(receive(SENDER, ONE)).isEmpty();
  }

  @Test
  void whoIsInASwarmOfOursIsHeardAtItsOwnPort() {
    join(ONE);
    assertThat(receive(SENDER, TWO, ONE))
        .containsExactly(new Output.Heard(ONE, new PeerAddress(SENDER.ip(), 51413)));
  }

  @Test
  void ourOwnAnnounceIsKnownByItsCookie() {
    up(1);
    join(ONE);
    run(1);
    assertThat(handle(new Input.Received(SENDER, datagrams.getFirst())))
        .containsExactly(new Output.Dropped(SENDER.ip(), Reason.OWN));
    assertThat(receive(SENDER, ONE)).hasSize(1);
  }

  @Test
  void whoIsNewToUsHearsOfUsSoonButNotOftenerThanOnceAMinute() {
    up(1);
    join(ONE);
    run(100);
    assertThat(sent).containsExactly("0 on 1: 1", "60 on 1: 1");
    receive(SENDER, ONE);
    run(119);
    assertThat(sent).as("a minute has not passed").hasSize(2);
    run(130);
    assertThat(sent).hasSize(3);
    receive(SENDER, ONE);
    run(400);
    assertThat(sent).as("it is not new any more").hasSize(3);
    receive(PeerAddress.parse("10.0.0.8:6771").orElseThrow(), ONE);
    run(406);
    assertThat(sent).as("another is").hasSize(4);
  }

  @Test
  void twoWhoAnswerEachOtherComeToRest() {
    up(1);
    join(ONE);
    for (int second = 0; second < 3_600; second += 30) {
      run(second);
      receive(SENDER, ONE);
    }
    assertThat(sent).hasSizeLessThan(20);
  }

  @Test
  void whoSendsTooManyIsNotHeardForTheRestOfTheMinute() {
    join(ONE);
    for (int i = 0; i < LanAnnouncer.MAX_PER_MINUTE; i++) {
      assertThat(receive(SENDER, ONE)).hasSize(1).first().isInstanceOf(Output.Heard.class);
    }
    assertThat(receive(SENDER, ONE))
        .containsExactly(new Output.Dropped(SENDER.ip(), Reason.TOO_OFTEN));
    assertThat(receive(PeerAddress.parse("10.0.0.8:6771").orElseThrow(), ONE))
        .first()
        .isInstanceOf(Output.Heard.class);
    now = now.plus(Duration.ofMinutes(1));
    assertThat(receive(SENDER, ONE)).first().isInstanceOf(Output.Heard.class);
  }

  @Test
  void manySendersDoNotGrowTheMemory() {
    join(ONE);
    for (int i = 0; i < 20_000; i++) {
      receive(new PeerAddress(IpAddress.ofV4(0x0A000000 + i), 6771), ONE);
    }
    assertThat(receive(SENDER, ONE)).hasSize(1);
  }

  @Seeds(20)
  void hostileDatagramsAreDroppedOrHeardAndNothingElse(long seed) {
    join(ONE);
    byte[] sample = new LanMessage(51413, List.of(ONE), Optional.of("x")).encode(Family.V4);
    Hostile.mutations(new Random(seed), List.of(sample), 100)
        .forEach(
            it ->
                assertThat(handle(new Input.Received(SENDER, it)))
                    .allMatch(o -> o instanceof Output.Heard || o instanceof Output.Dropped));
  }

  private void up(int network) {
    handle(new Input.Up(network, Family.V4));
  }

  private void join(InfoHash infoHash) {
    handle(new Input.Joined(infoHash));
  }

  private List<Output> receive(PeerAddress from, InfoHash... hashes) {
    var message = new LanMessage(51413, List.of(hashes), Optional.of("theirs"));
    return handle(new Input.Received(from, message.encode(Family.V4)));
  }

  private List<Output> handle(Input input) {
    List<Output> outputs = lan.handle(input, now);
    for (Output output : outputs) {
      if (output instanceof Output.Send(int network, byte[] datagram)) {
        note(network, datagram);
      }
    }
    return outputs;
  }

  private void note(int network, byte[] datagram) {
    try {
      int count = LanMessage.decode(datagram).infoHashes().size();
      datagrams.add(datagram);
      sent.add(Duration.between(BEGINNING, now).toSeconds() + " on " + network + ": " + count);
    } catch (MalformedMessage e) {
      throw new AssertionError(e);
    }
  }

  /// Goes from deadline to deadline until that second.
  private void run(int second) {
    Instant end = BEGINNING.plusSeconds(second);
    while (lan.nextDeadline().filter(it -> !it.isAfter(end)).isPresent()) {
      Instant next = lan.nextDeadline().orElseThrow();
      now = next.isAfter(now) ? next : now;
      handle(new Input.Tick());
    }
    now = end.isAfter(now) ? end : now;
  }
}
