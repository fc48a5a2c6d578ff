package peerage.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static peerage.swarm.Rig.TRACKER;
import static peerage.swarm.Rig.at;
import static peerage.swarm.Rig.id;
import static peerage.swarm.Rig.number;
import static peerage.swarm.Rig.numbers;
import static peerage.swarm.Rig.teller;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import peerage.peers.Link;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;
import peerage.peers.PeerPriority;
import peerage.pex.PexMessage;
import peerage.pex.UtPex;
import peerage.swarm.Swarm.Input;
import peerage.swarm.Swarm.Output;
import peerage.wire.ExtensionHandshake;

/// What those who lie to us get out of it.
final class HearsayTest {
  private static final PeerAddress US = at("12.34.56.78:" + Rig.OUR_PORT);
  private static final PeerAddress LIAR = at("8.1.0.1:6881");
  private static final PeerAddress HONEST = at("8.2.0.1:6881");

  private Rig rig = new Rig();

  // Poisoning

  @Test
  void addressesGroundToRankHighGainNothingBeyondTheirTellersQuota() {
    weKnowWhereWeAre();
    List<PeerAddress> ground = ground(500);
    List<PeerAddress> real = numbers(0, 40);
    rig.heard(teller(LIAR.toString()), ground);
    assertThat(rig.swarm.book().size()).isEqualTo(CandidateBook.MAX_PER_TELLER);
    assertThat(rig.dials()).hasSize(Teller.WINDOW);
    var world = new World(real::contains);
    world.see(rig.outputs);
    world.see(rig.handle(new Input.Heard(real, teller(HONEST.toString()), Optional.empty())));
    world.run(Duration.ofMinutes(20));

    assertThat(world.dialled).containsAll(real);
    assertThat(world.dialled).filteredOn(ground::contains).hasSizeLessThanOrEqualTo(12);
  }

  @Test
  void thatATellerReachedOneItselfCountsAmongItsOwnOnly() {
    rig = new Rig(new SwarmOptions(40, 50, 30, 2_000));
    for (int i = 0; i < 20; i++) {
      rig.incoming("7." + i + ".0.1:40000", id(i), 0);
    }
    rig.heard(TRACKER, LIAR, HONEST);
    List<PeerAddress> boasted = numbers(0, 20);
    List<PeerAddress> plain = numbers(100, 20);
    PeerAddress reached = number(120);
    Link liar = rig.outgoing(LIAR, id(0x30));
    Link honest = rig.outgoing(HONEST, id(0x31));
    tells(liar, boasted, PeerFlags.NONE.with(PeerFlags.REACHABLE));
    tells(honest, plain, PeerFlags.NONE);
    tells(honest, List.of(reached), PeerFlags.NONE.with(PeerFlags.REACHABLE));
    List<PeerAddress> dialled = rig.dialledWithin(Duration.ofSeconds(6));

    assertThat(dialled).filteredOn(boasted::contains).hasSizeBetween(2, 4);
    assertThat(dialled).filteredOn(address -> !boasted.contains(address)).startsWith(reached);
  }

  private void tells(Link teller, List<PeerAddress> contacts, PeerFlags flags) {
    var added = new LinkedHashMap<PeerAddress, PeerFlags>();
    contacts.forEach(contact -> added.put(contact, flags));
    var message = new PexMessage(added, new LinkedHashSet<>());
    rig.handle(new Input.PexArrived(teller, UtPex.encode(message)));
  }

  @Test
  void attackersNamingEachOtherGetNoPreferenceFromCorroboration() {
    rig = new Rig(new SwarmOptions(100, 50, 1, 2_000));
    weKnowWhereWeAre();
    List<PeerAddress> sybils = numbers(0, Teller.WINDOW);
    List<PeerAddress> others = numbers(100, 20);
    spendThePace();
    for (int i = 0; i < 5; i++) {
      rig.heard(teller("8.1" + i + ".0.1:1"), sybils);
    }
    rig.heard(TRACKER, others);

    var all = new ArrayList<>(others);
    all.addAll(sybils);
    assertThat(nextDials(20))
        .containsExactlyElementsOf(all.stream().sorted(byRank().reversed()).limit(20).toList());
    assertThat(rig.candidate(sybils.getFirst()).corroboration()).isEqualTo(5);
  }

  @Test
  void aVictimNamedByThreeOfTenTellersInFiveTorrentsIsDialledOnceInTenMinutes() {
    var guard = new DialGuard();
    var worlds = new ArrayList<World>();
    for (int torrent = 0; torrent < 5; torrent++) {
      rig = new Rig();
      var world = new World(address -> !isVictim(address));
      world.guard = guard;
      for (int i = 0; i < 7; i++) {
        world.see(rig.handle(named(teller("8.2" + i + ".0.1:1"), numbers(20 * i, 5))));
      }
      worlds.add(world);
    }
    for (int minute = 0; minute < 60; minute++) {
      for (World world : worlds) {
        for (int i = 0; i < 3; i++) {
          world.see(world.of.handle(named(teller("8.1" + i + ".0.1:1"), portsOfVictim(minute))));
        }
        world.run(Duration.ofMinutes(1));
      }
    }
    long dials =
        worlds.stream().flatMap(w -> w.dialled.stream()).filter(HearsayTest::isVictim).count();
    assertThat(dials).isBetween(1L, 6L);
    assertThat(worlds).allMatch(world -> world.of.swarm.peers().size() == 35);
  }

  @Test
  void dropFloodsEvictNobodyDialNobodyAndSpeakForTheirTellerAlone() {
    rig.outgoing(LIAR, id(1));
    Link liar = new Link(1);
    List<PeerAddress> known = numbers(0, 50);
    rig.heard(teller(HONEST.toString()), known);
    rig.heard(TRACKER, number(60));
    rig.tells(liar, number(0));
    int before = rig.swarm.book().size();
    var everybody = new LinkedHashSet<>(numbers(0, 200));
    for (int i = 0; i < 6; i++) {
      rig.handle(
          new Input.PexArrived(
              liar, UtPex.encode(new PexMessage(new LinkedHashMap<>(), everybody))));
      assertThat(rig.dials()).isEmpty();
    }
    assertThat(rig.swarm.book().size()).isEqualTo(before);
    assertThat(rig.candidate(number(0)).hearings())
        .extracting(Candidate.Hearing::withdrawn)
        .containsExactly(Optional.empty(), Optional.of(rig.now));
    assertThat(rig.candidate(number(1)).hearings())
        .extracting(Candidate.Hearing::withdrawn)
        .containsExactly(Optional.empty());
    assertThat(view(LIAR).withdrawn()).isEqualTo(1);
  }

  @Test
  void hearsayOverwritesNothingOfAnEndpointThatWeKnowBetter() {
    rig.heard(TRACKER, number(1));
    Link link = rig.outgoing(number(1), id(1));
    PeerAddress otherPort = new PeerAddress(number(1).ip(), 7_777);
    rig.outgoing(LIAR, id(2));
    var lies = new LinkedHashMap<PeerAddress, PeerFlags>();
    lies.put(number(1), new PeerFlags(0x1f));
    rig.handle(
        new Input.PexArrived(
            new Link(2), UtPex.encode(new PexMessage(lies, new LinkedHashSet<>()))));

    rig.tells(new Link(2), otherPort);

    assertThat(rig.swarm.peers())
        .extracting(PeerView::address, PeerView::flags)
        .contains(tuple(number(1), PeerFlags.NONE.with(PeerFlags.REACHABLE)));
    assertThat(rig.candidate(number(1)).isVerified()).isTrue();
    assertThat(rig.candidate(otherPort).isVerified()).isFalse();
    rig.gone(link);
    assertThat(rig.candidate(number(1)).isVerified()).isTrue();
  }

  @Test
  void peersThatDialledUsFillAtMostAQuarterOfTheBook() {
    rig = new Rig(new SwarmOptions(5, 1, 1, 80));
    for (int i = 0; i < 5; i++) {
      Link link = rig.incoming("7." + i + ".0.1:40000", id(i), 0);
      rig.tells(link, numbers(20 * i, 10).toArray(PeerAddress[]::new));
    }
    assertThat(rig.swarm.book().size()).isEqualTo(20);
    assertThat(rig.refusals().getLast()).endsWith("peers that dialled us named too many");
  }

  @Test
  void whomOnlyPeersNameThatDialledUsComesAfterAllOthers() {
    rig = new Rig(new SwarmOptions(100, 50, 1, 2_000));
    Link stranger = rig.incoming("7.0.0.1:40000", id(1), 0);
    spendThePace();
    rig.tells(stranger, numbers(0, 5).toArray(PeerAddress[]::new));
    rig.heard(teller(HONEST.toString()), numbers(100, 5));

    assertThat(nextDials(5)).containsExactlyInAnyOrderElementsOf(numbers(100, 5));
    assertThat(nextDials(5)).containsExactlyInAnyOrderElementsOf(numbers(0, 5));
  }

  // Networks

  @Test
  void twoFailuresInANetworkEndDialsThereForATime() {
    var world = new World(_ -> false);
    for (int i = 0; i < 10; i++) {
      world.see(rig.handle(named(teller("8.1" + i + ".0.1:1"), range("94.77.66.", 10 * i + 1, 5))));
    }
    assertThat(world.underWay).hasSize(2);
    world.run(Duration.ofMinutes(5));
    assertThat(world.dialled).hasSize(2);
    world.run(Duration.ofMinutes(15));
    assertThat(world.dialled).hasSizeBetween(3, 4);
  }

  @Test
  void aTrackersWordIsNotLimitedByNetwork() {
    assertThat(rig.heard(TRACKER, range("94.77.66.", 1, 40))).hasSize(40);
  }

  @Test
  void aLaboratoryInOneNetworkIsMeshedInAFewRoundTrips() {
    meshes("10.1.2.", 45);
    meshes("192.168.1.", 45);
    meshes("94.77.66.", 24); // what one teller can name of one network: one place of the book
  }

  private void meshes(String network, int peers) {
    rig = new Rig();
    var world = new World(_ -> true);
    world.see(near(network + "200", range(network, 1, peers)));
    int roundTrips = 0;
    for (; !world.underWay.isEmpty(); roundTrips++) {
      world.answerAll();
    }
    assertThat(world.of.swarm.peers()).as(network).hasSize(peers);
    assertThat(roundTrips).isLessThanOrEqualTo(6);
  }

  @Test
  void inAPrivateNetworkTheDeadDoNotHideTheLiving() {
    var living = range("10.1.2.", 100, 20);
    var world = new World(living::contains);
    for (int i = 0; i < 4; i++) {
      world.see(near("10.1.2." + (200 + i), range("10.1.2.", 5 * i + 1, 5)));
      world.see(near("10.1.2." + (210 + i), living));
    }
    world.run(Duration.ofSeconds(10));

    assertThat(rig.swarm.peers()).hasSize(20);
  }

  // Book

  @Test
  void tellersOfOneNetworkReachAnEighthOfTheBookHoweverManyTheyAre() {
    var book = new CandidateBook(2_000, new SplittableRandom(1));
    for (int i = 0; i < 200; i++) {
      Origin origin = teller("8.8." + i + ".1:1");
      numbers(20 * i % 4_000, 60).forEach(a -> hear(book, a, origin));
    }
    assertThat(book.size()).isLessThanOrEqualTo(8 * 24);
    Origin honest = teller(HONEST.toString());
    assertThat(
            numbers(6_000, 40).stream()
                .filter(a -> hear(book, a, honest) == CandidateBook.Entry.NEW))
        .hasSizeGreaterThan(20);
  }

  @Test
  void theProvenAreDisplacedByTheProvenOnly() {
    var book = new CandidateBook(200, new SplittableRandom(1));
    for (PeerAddress proven : numbers(0, 50)) {
      hear(book, proven, TRACKER);
      book.answered(proven, rig.now);
    }
    for (int i = 0; i < 100; i++) {
      Origin origin = teller("8." + i + ".0.1:1");
      numbers(100 + 60 * i, 60).forEach(a -> hear(book, a, origin));
      numbers(8_000 + 60 * i, 60).forEach(a -> hear(book, a, TRACKER));
    }
    assertThat(numbers(0, 50)).allMatch(address -> book.get(address).isPresent());
  }

  @Test
  void whoProvesManyAddressesOfOneNetworkDisplacesItsOwn() {
    var book = new CandidateBook(2_000, new SplittableRandom(1));
    for (PeerAddress proven : numbers(0, 100)) {
      hear(book, proven, TRACKER);
      book.answered(proven, rig.now);
    }
    int before = book.size();
    for (int i = 0; i < 250; i++) {
      PeerAddress sybil = at("94.77." + i + ".1:1");
      hear(book, sybil, TRACKER);
      book.answered(sybil, rig.now);
    }
    assertThat(book.size()).isLessThanOrEqualTo(before + 4 * 16);
  }

  private CandidateBook.Entry hear(CandidateBook book, PeerAddress address, Origin origin) {
    return book.hear(address, origin, PeerFlags.NONE, Direction.OUTGOING, rig.now);
  }

  // Again

  @Test
  void whoTurnsUsAwayIsTriedAgainAfterOneFourSixteenAndSixtyFourMinutes() {
    rig.heard(TRACKER, number(1));
    var pauses = new ArrayList<Long>();
    for (int i = 0; i < 5; i++) {
      Link link = rig.outgoing(number(1), id(1));
      rig.pass(Duration.ofSeconds(4));
      rig.gone(link);
      rig.tick();
      Instant next = rig.swarm.nextDeadline().orElseThrow();
      pauses.add(Duration.between(rig.now, next).toMinutes());
      rig.now = next;
      rig.tick();
      assertThat(rig.dials()).containsExactly(number(1));
    }
    assertThat(pauses).containsExactly(1L, 4L, 16L, 64L, 64L);
  }

  @Test
  void aDialThatIsHeldBackIsNoFailureAndIsMadeLater() {
    rig.heard(teller(HONEST.toString()), number(1));
    Instant until = rig.now.plusSeconds(500);
    rig.handle(new Input.DialHeldBack(number(1), until));

    assertThat(rig.swarm.dialling()).isZero();
    assertThat(rig.candidate(number(1)).failures()).isZero();
    assertThat(view(HONEST).tried()).isZero();
    assertThat(rig.swarm.nextDeadline()).contains(until);
    assertThat(passport(number(1)).why()).contains("for another torrent");
    rig.now = until;
    rig.tick();
    assertThat(rig.dials()).containsExactly(number(1));
  }

  @Test
  void fromHalfFullOnOneCandidateASecondIsDialled() {
    rig = new Rig(new SwarmOptions(40, 50, 30, 2_000));
    for (int i = 0; i < 20; i++) {
      rig.incoming("7." + i + ".0.1:40000", id(i), 0);
    }
    assertThat(rig.heard(TRACKER, numbers(0, 100))).hasSize(1);
    assertThat(rig.dialledWithin(Duration.ofSeconds(10))).hasSizeBetween(9, 11);
  }

  // Seen

  @Test
  void everyAddressHasAPassport() {
    rig.outgoing(LIAR, id(1));
    rig.tells(new Link(1), number(1), number(2), at("9.9.9.9:80"), at("224.0.0.1:6881"));
    rig.failed(number(1));
    rig.outgoing(number(2), id(2));

    assertThat(passport(number(1)))
        .returns(CandidateView.State.IDLE, CandidateView::state)
        .returns(1, CandidateView::failures)
        .returns(Optional.of(DialFailure.REFUSED), CandidateView::lastFailure)
        .returns("its dial failed once", CandidateView::why)
        .returns(Optional.of(rig.now.plusSeconds(60)), CandidateView::nextTry);
    assertThat(passport(number(2)))
        .returns(CandidateView.State.CONNECTED, CandidateView::state)
        .returns(true, CandidateView::verified)
        .returns("", CandidateView::why)
        .returns(Optional.of(rig.now), CandidateView::lastSuccess);
    assertThat(passport(at("9.9.9.9:80")))
        .returns(CandidateView.State.REFUSED, CandidateView::state)
        .returns("a privileged port that one teller alone names", CandidateView::why);
    assertThat(passport(at("224.0.0.1:6881")).why()).isEqualTo("no peer's address");
    assertThat(view(LIAR))
        .returns(2, TellerView::told)
        .returns(2, TellerView::tried)
        .returns(1, TellerView::truthful)
        .returns(1, TellerView::stale)
        .returns(2, TellerView::refused);
  }

  /// Drives one rig: answers its dials as its peers would.
  private final class World {
    final Rig of = rig;
    final List<PeerAddress> dialled = new ArrayList<>();
    final List<PeerAddress> underWay = new ArrayList<>();
    final Predicate<PeerAddress> isPeer;
    DialGuard guard = new DialGuard();
    private int ids = 0x100;

    World(Predicate<PeerAddress> isPeer) {
      this.isPeer = isPeer;
    }

    void see(List<Output> outputs) {
      for (Output output : outputs) {
        if (output instanceof Output.Dial(PeerAddress address)) {
          dial(address);
        }
      }
    }

    private void dial(PeerAddress address) {
      Optional<Instant> heldBack =
          of.swarm.isHearsay(address) ? guard.heldBackUntil(address, of.now) : Optional.empty();
      if (heldBack.isPresent()) {
        see(of.handle(new Input.DialHeldBack(address, heldBack.get())));
      } else {
        dialled.add(address);
        underWay.add(address);
      }
    }

    void answerAll() {
      var now = List.copyOf(underWay);
      underWay.clear();
      for (PeerAddress address : now) {
        if (isPeer.test(address)) {
          of.outgoing(address, id(ids++));
          guard.answered(address, of.now);
        } else {
          of.failed(address);
        }
        see(of.outputs);
      }
    }

    void run(Duration time) {
      Instant end = of.now.plus(time);
      while (true) {
        answerAll();
        see(of.tick());
        if (underWay.isEmpty()) {
          Instant next = of.swarm.nextDeadline().orElse(end);
          if (!next.isBefore(end)) {
            of.now = end;
            return;
          }
          of.now = next.isAfter(of.now) ? next : of.now.plusMillis(1);
        }
      }
    }
  }

  private static Input.Heard named(Origin origin, List<PeerAddress> addresses) {
    return new Input.Heard(addresses, origin, Optional.empty());
  }

  private List<Output> near(String teller, List<PeerAddress> addresses) {
    Origin origin = teller(teller + ":6881");
    return rig.handle(new Input.Heard(addresses, origin, Optional.of(at(teller + ":6881").ip())));
  }

  private static List<PeerAddress> portsOfVictim(int minute) {
    var ports = new ArrayList<>(List.of(at("94.77.66.55:80")));
    for (int port = 0; port < 49; port++) {
      ports.add(at("94.77.66.55:" + (2_000 + 50 * minute + port)));
    }
    return ports;
  }

  private static boolean isVictim(PeerAddress address) {
    return address.ip().equals(at("94.77.66.55:1").ip());
  }

  private static List<PeerAddress> range(String network, int from, int count) {
    var all = new ArrayList<PeerAddress>();
    for (int i = from; i < from + count; i++) {
      all.add(at(network + i + ":6881"));
    }
    return all;
  }

  private void weKnowWhereWeAre() {
    for (int peer = 1; peer <= 2; peer++) {
      Link link = rig.connected(Direction.INCOMING, at("7.7.0." + peer + ":40000"), id(peer));
      rig.handle(
          new Input.ExtensionHandshaken(
              link,
              ExtensionHandshake.ours(
                  new TreeMap<>(), OptionalInt.empty(), 250, US, Optional.empty())));
    }
  }

  private static Comparator<PeerAddress> byRank() {
    return Comparator.comparingLong(address -> PeerPriority.of(US, address));
  }

  /// The best-ranked of very many.
  private static List<PeerAddress> ground(int count) {
    var random = new SplittableRandom(1);
    var many = new ArrayList<PeerAddress>();
    for (int i = 0; i < 50_000; i++) {
      many.add(
          at(
              (60 + random.nextInt(30))
                  + "."
                  + random.nextInt(256)
                  + "."
                  + random.nextInt(256)
                  + ".1:6881"));
    }
    return many.stream().sorted(byRank().reversed()).distinct().limit(count).toList();
  }

  private void spendThePace() {
    List<PeerAddress> fillers = numbers(5_000, 50);
    rig.heard(TRACKER, fillers).forEach(rig::failed);
    fillers.forEach(filler -> rig.swarm.book().get(filler).ifPresent(rig.swarm.book()::forget));
  }

  private List<PeerAddress> nextDials(int count) {
    var dials = new ArrayList<PeerAddress>();
    while (dials.size() < count) {
      rig.pass(Duration.ofSeconds(1));
      dials.addAll(rig.tick().isEmpty() ? List.of() : rig.dials());
    }
    return dials;
  }

  private TellerView view(PeerAddress teller) {
    return rig.swarm.tellers(rig.now).stream()
        .filter(view -> view.teller().equals(teller))
        .findFirst()
        .orElseThrow();
  }

  private CandidateView passport(PeerAddress address) {
    return rig.swarm.candidates(rig.now).stream()
        .filter(view -> view.address().equals(address))
        .findFirst()
        .orElseThrow();
  }
}
