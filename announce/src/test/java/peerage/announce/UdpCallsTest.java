package peerage.announce;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import peerage.announce.UdpCalls.Input;
import peerage.announce.UdpCalls.Output;
import peerage.announce.UdpCalls.Question;
import peerage.announce.UdpCalls.Reason;
import peerage.bencode.MalformedMessage;
import peerage.peers.InfoHash;
import peerage.peers.PeerAddress;
import peerage.peers.PeerId;
import peerage.testkit.Hostile;
import peerage.testkit.Seeds;

final class UdpCallsTest {
  private static final PeerAddress TRACKER = PeerAddress.parse("192.0.2.1:6969").orElseThrow();
  private static final PeerAddress OTHER = PeerAddress.parse("192.0.2.2:6969").orElseThrow();
  private static final PeerAddress V6 = PeerAddress.parse("[2001:db8::1]:6969").orElseThrow();
  private static final InfoHash HASH = InfoHash.parse("aa".repeat(20));
  private static final Duration LONG = Duration.ofHours(3);
  private static final Instant BEGINNING = Instant.parse("2000-01-01T00:00:00Z");

  private final UdpCalls calls = new UdpCalls(new SplittableRandom(7));
  private final List<String> sent = new ArrayList<>();
  private final List<UdpRequest> requests = new ArrayList<>();
  private Instant now = BEGINNING;

  // What BEP 15 shows in its examples

  @Test
  void aConnectionIdIsAskedForBeforeTheAnnounce() {
    announce(1, LONG);
    at(1).connected(77);
    at(2).announced(3);
    assertThat(sent).containsExactly("0 connect", "1 announce");
    assertThat(((UdpRequest.Announce) requests.getLast()).connection()).isEqualTo(77);
  }

  @Test
  void aConnectThatIsNotAnsweredIsRepeatedAfterLongerAndLongerSteps() {
    announce(1, LONG);
    run(8_000);
    assertThat(sent)
        .containsExactly(
            "0 connect",
            "15 connect",
            "45 connect",
            "105 connect",
            "225 connect",
            "465 connect",
            "945 connect",
            "1905 connect",
            "3825 connect",
            "7665 connect");
  }

  @Test
  void anAnnounceThatIsNotAnsweredIsRepeatedAndConnectedForAnewWhenTheIdHasExpired() {
    at(-2); // the times are those of the example
    announce(1, LONG);
    at(1).connected(77);
    run(300);
    assertThat(sent)
        .containsExactly(
            "-2 connect", "1 announce", "16 announce", "46 announce", "106 connect", "226 connect");
  }

  @Test
  void manyRequestsShareOneConnectionIdForAMinute() {
    announce(1, LONG);
    at(1).connected(77);
    at(3).announced(3);
    at(4).announce(2, LONG);
    at(5).announced(3);
    at(60).announce(3, LONG);
    at(60).announced(3);
    at(61).announce(4, LONG);
    at(62).scrape(5, LONG);
    at(63).connected(78);
    assertThat(sent)
        .containsExactly(
            "0 connect",
            "1 announce",
            "4 announce",
            "60 announce",
            "61 connect",
            "63 announce",
            "63 scrape");
  }

  // The patience of a call

  @Test
  void aCallEndsWithItsPatienceAndSaysSo() {
    announce(1, Duration.ofSeconds(28));
    assertThat(run(27)).isEmpty();
    assertThat(at(28).tick()).containsExactly(new Output.Failed(1, "gave no answer within 28 s"));
    assertThat(sent).containsExactly("0 connect", "15 connect");
    assertThat(run(500)).isEmpty();
    assertThat(sent).hasSize(2);
    assertThat(calls.nextDeadline()).isEmpty();
  }

  @Test
  void aDeadTrackerIsKnockedAtOnceForAllTorrents() {
    for (int call = 0; call < 50; call++) {
      announce(call, Duration.ofSeconds(28));
    }
    run(40);
    assertThat(sent).containsExactly("0 connect", "15 connect");
  }

  @Test
  void whoComesAnewWaitsForTheFirstStepAloneAndNotForALongOne() {
    announce(1, LONG);
    run(50);
    at(51).announce(2, LONG);
    run(75);
    assertThat(sent)
        .containsExactly("0 connect", "15 connect", "45 connect", "60 connect", "75 connect");
  }

  @Test
  void aTrackerThatWasSilentIsNotKnockedAtSoonerThanTheFirstStepByTheNextCall() {
    announce(1, Duration.ofSeconds(2));
    run(3);
    at(4).announce(2, LONG);
    run(16);
    assertThat(sent).containsExactly("0 connect", "15 connect");
  }

  @Test
  void aLateAnswerToTheFirstTransmissionIsAsGood() {
    announce(1, LONG);
    run(16);
    var first = requests.getFirst();
    assertThat(requests.getLast()).isEqualTo(first);
    receive(TRACKER, new UdpResponse.Connected(first.transaction(), 5));
    assertThat(sent).last().isEqualTo("16 announce");
  }

  @Test
  void tooManyCallsAtOnceAreRefused() {
    for (int call = 0; call < UdpCalls.MAX_CALLS; call++) {
      announce(call, LONG);
    }
    assertThat(announce(9_999, LONG)).first().isInstanceOf(Output.Failed.class);
  }

  // Who may answer

  @Test
  void anAnswerOfAnotherAddressIsDropped() {
    announce(1, LONG);
    int transaction = requests.getLast().transaction();
    assertThat(receive(OTHER, new UdpResponse.Connected(transaction, 5)))
        .containsExactly(new Output.Dropped(OTHER, Reason.WRONG_SENDER));
    at(1).connected(77);
    transaction = requests.getLast().transaction();
    assertThat(receive(OTHER, answer(transaction, 1)))
        .containsExactly(new Output.Dropped(OTHER, Reason.WRONG_SENDER));
    assertThat(announced(1)).hasSize(1).first().isInstanceOf(Output.Announced.class);
  }

  @Test
  void anAnswerWithAnotherTransactionIsDropped() {
    announce(1, LONG);
    assertThat(receive(TRACKER, new UdpResponse.Connected(~requests.getLast().transaction(), 5)))
        .containsExactly(new Output.Dropped(TRACKER, Reason.UNKNOWN_TRANSACTION));
    at(1).connected(77);
    assertThat(receive(TRACKER, answer(~requests.getLast().transaction(), 1)))
        .containsExactly(new Output.Dropped(TRACKER, Reason.UNKNOWN_TRANSACTION));
  }

  @Test
  void anAnswerToAnotherQuestionIsDropped() {
    announce(1, LONG);
    assertThat(receive(TRACKER, answer(requests.getLast().transaction(), 1)))
        .containsExactly(new Output.Dropped(TRACKER, Reason.WRONG_ACTION));
    at(1).connected(77);
    int transaction = requests.getLast().transaction();
    assertThat(receive(TRACKER, new UdpResponse.Scraped(transaction, List.of())))
        .containsExactly(new Output.Dropped(TRACKER, Reason.WRONG_ACTION));
    assertThat(receive(TRACKER, new UdpResponse.Connected(transaction, 1)))
        .containsExactly(new Output.Dropped(TRACKER, Reason.WRONG_ACTION));
  }

  @Test
  void anAnswerThatComesTwiceCountsOnce() {
    announce(1, LONG);
    at(1).connected(77);
    int transaction = requests.getLast().transaction();
    assertThat(announced(1)).first().isInstanceOf(Output.Announced.class);
    assertThat(receive(TRACKER, answer(transaction, 1)))
        .containsExactly(new Output.Dropped(TRACKER, Reason.UNKNOWN_TRANSACTION));
  }

  @Test
  void whatIsNoAnswerIsDropped() {
    announce(1, LONG);
    assertThat(calls.handle(new Input.Received(TRACKER, new byte[7]), now))
        .containsExactly(new Output.Dropped(TRACKER, Reason.MALFORMED));
  }

  @Test
  void transactionsAreDrawnFromTheWholeRange() {
    for (int call = 0; call < 200; call++) {
      announce(call, LONG);
    }
    at(1).connected(77);
    List<Integer> all = requests.stream().map(UdpRequest::transaction).toList();
    assertThat(all).doesNotHaveDuplicates();
    assertThat(all.stream().map(it -> it >>> 28).distinct()).hasSize(16);
  }

  // What trackers say

  @Test
  void anIpv6TrackerAnswersWithIpv6Peers() {
    calls.handle(new Input.Asked(1, V6, question(), LONG), now).forEach(this::note);
    receive(V6, new UdpResponse.Connected(requests.getLast().transaction(), 5));
    var peer = PeerAddress.parse("[2001:db8::5]:99").orElseThrow();
    var answer =
        new UdpResponse.Announced(
            requests.getLast().transaction(), Duration.ofMinutes(30), 1, 2, List.of(peer), 0);
    assertThat(receive(V6, answer))
        .satisfiesExactly(
            it -> assertThat(((Output.Announced) it).answer().peers()).containsExactly(peer));
  }

  @Test
  void theFiguresOfAnAnnounceAreKept() {
    announce(1, LONG);
    at(1).connected(77);
    var answer = ((Output.Announced) announced(3).getFirst()).answer();
    assertThat(answer.interval()).isEqualTo(Duration.ofMinutes(30));
    assertThat(answer.seeds()).hasValue(2);
    assertThat(answer.leeches()).hasValue(3);
    assertThat(answer.minInterval()).isEmpty();
  }

  @Test
  void aScrapeGivesOneFigureForEachHashAndNoMore() {
    scrape(1, LONG);
    at(1).connected(77);
    var figures = new SwarmFigures(1, 2, 3);
    var answer =
        new UdpResponse.Scraped(requests.getLast().transaction(), List.of(figures, figures));
    assertThat(receive(TRACKER, answer)).containsExactly(new Output.Scraped(1, List.of(figures)));
  }

  @Test
  void aRefusalEndsTheCall() {
    announce(1, LONG);
    at(1).connected(77);
    assertThat(refused("go away")).containsExactly(new Output.Refused(1, "go away"));
    assertThat(calls.nextDeadline()).isEmpty();
  }

  @Test
  void aRefusalToConnectEndsAllCallsThatWait() {
    announce(1, LONG);
    announce(2, LONG);
    assertThat(refused("full"))
        .containsExactly(new Output.Refused(1, "full"), new Output.Refused(2, "full"));
    assertThat(calls.nextDeadline()).isEmpty();
  }

  @Test
  void aTrackerThatForgotAnOldConnectionIdIsConnectedToAnewOnce() {
    announce(1, LONG);
    at(1).connected(77);
    announced(1);
    at(20).announce(2, LONG);
    assertThat(refused("Connection ID missmatch.")).isEmpty();
    at(21).connected(78);
    assertThat(sent)
        .containsExactly("0 connect", "1 announce", "20 announce", "20 connect", "21 announce");
    assertThat(refused("really")).containsExactly(new Output.Refused(2, "really"));
  }

  @Test
  void aTrackerThatIsSilentToAnOldConnectionIdIsConnectedToAnew() {
    announce(1, LONG);
    at(1).connected(77);
    announced(1);
    at(20).announce(2, LONG);
    run(36);
    assertThat(sent).containsExactly("0 connect", "1 announce", "20 announce", "35 connect");
  }

  @Test
  void theUrlsPathAndQueryGoWithTheAnnounce() {
    announce(1, LONG);
    at(1).connected(77);
    assertThat(((UdpRequest.Announce) requests.getLast()).urlData()).isEqualTo("/announce?k=v");
  }

  // In any world

  @Seeds(100)
  void everyCallEndsOnceWhateverComes(long seed) {
    var random = new Random(seed);
    var open = new TreeSet<Integer>();
    for (int step = 0; step < 200; step++) {
      List<Output> outputs =
          switch (random.nextInt(5)) {
            case 0 -> {
              open.add(step);
              yield announce(step, Duration.ofSeconds(random.nextInt(1, 60)));
            }
            case 1 -> answerSomething(random);
            case 2 -> hostile(random);
            default -> {
              now = now.plusMillis(random.nextInt(9_000));
              yield tick();
            }
          };
      outputs.forEach(
          output -> ended(output).ifPresent(it -> assertThat(open.remove(it)).isTrue()));
    }
    now = now.plusSeconds(100);
    tick().forEach(output -> ended(output).ifPresent(it -> assertThat(open.remove(it)).isTrue()));
    assertThat(open).isEmpty();
    tick();
    assertThat(calls.nextDeadline()).isEmpty();
  }

  private List<Output> answerSomething(Random random) {
    if (requests.isEmpty()) {
      return List.of();
    }
    int transaction = requests.get(random.nextInt(requests.size())).transaction();
    return receive(
        TRACKER,
        switch (random.nextInt(3)) {
          case 0 -> new UdpResponse.Refused(transaction, "no");
          case 1 -> answer(transaction, 1);
          default -> new UdpResponse.Connected(transaction, random.nextLong());
        });
  }

  private List<Output> hostile(Random random) {
    byte[] sample = answer(requests.isEmpty() ? 0 : requests.getLast().transaction(), 1).encode();
    var outputs = new ArrayList<Output>();
    Hostile.mutations(random, List.of(sample), 3)
        .forEach(it -> outputs.addAll(handle(new Input.Received(TRACKER, it))));
    return outputs;
  }

  private static Optional<Integer> ended(Output output) {
    return switch (output) {
      case Output.Announced(int call, var _) -> Optional.of(call);
      case Output.Scraped(int call, var _) -> Optional.of(call);
      case Output.Refused(int call, var _) -> Optional.of(call);
      case Output.Failed(int call, var _) -> Optional.of(call);
      case Output.Send _, Output.Dropped _ -> Optional.empty();
    };
  }

  // The rig: outputs but the datagrams that are sent, which are noted

  private UdpCallsTest at(int second) {
    now = seconds(second);
    return this;
  }

  private static Instant seconds(int second) {
    return BEGINNING.plusSeconds(second);
  }

  private List<Output> handle(Input input) {
    List<Output> outputs = calls.handle(input, now);
    outputs.forEach(this::note);
    return outputs.stream().filter(it -> !(it instanceof Output.Send)).toList();
  }

  private List<Output> tick() {
    return handle(new Input.Tick());
  }

  /// Goes from deadline to deadline until that second.
  private List<Output> run(int second) {
    var outputs = new ArrayList<Output>();
    while (calls.nextDeadline().filter(it -> !it.isAfter(seconds(second))).isPresent()) {
      Instant next = calls.nextDeadline().orElseThrow();
      now = next.isAfter(now) ? next : now;
      outputs.addAll(tick());
    }
    now = seconds(second);
    return outputs;
  }

  private void note(Output output) {
    if (output instanceof Output.Send(PeerAddress _, byte[] datagram)) {
      try {
        UdpRequest request = UdpRequest.decode(datagram);
        requests.add(request);
        String name = request.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
        sent.add(Duration.between(BEGINNING, now).toSeconds() + " " + name);
      } catch (MalformedMessage e) {
        throw new AssertionError(e);
      }
    }
  }

  private List<Output> announce(int call, Duration patience) {
    return handle(new Input.Asked(call, TRACKER, question(), patience));
  }

  private static Question question() {
    var request =
        new AnnounceRequest(
            HASH,
            PeerId.ours(new Random(1)),
            6881,
            new Progress(0, 0, 1),
            Optional.empty(),
            200,
            Optional.empty(),
            0);
    return new Question.Announce(request, "/announce?k=v");
  }

  private List<Output> scrape(int call, Duration patience) {
    return handle(new Input.Asked(call, TRACKER, new Question.Scrape(List.of(HASH)), patience));
  }

  private List<Output> receive(PeerAddress from, UdpResponse response) {
    return handle(new Input.Received(from, response.encode()));
  }

  private List<Output> connected(long id) {
    return receive(TRACKER, new UdpResponse.Connected(requests.getLast().transaction(), id));
  }

  private List<Output> announced(int leeches) {
    return receive(TRACKER, answer(requests.getLast().transaction(), leeches));
  }

  private List<Output> refused(String why) {
    return receive(TRACKER, new UdpResponse.Refused(requests.getLast().transaction(), why));
  }

  private static UdpResponse answer(int transaction, int leeches) {
    return new UdpResponse.Announced(transaction, Duration.ofMinutes(30), leeches, 2, List.of(), 0);
  }
}
