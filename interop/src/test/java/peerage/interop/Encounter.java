package peerage.interop;

import java.nio.file.Path;
import java.util.Optional;

/// A swarm in which a foreign client meets Peerage and some watchers.
///
/// The tracker tells the client of the stayer and the leaver; the caller and the observer dial it.
/// Peerage is given the client, the observer, and two watchers that nobody else knows: the secret,
/// which stays, and the passer. Of the watchers only the observer speaks PEX: it names the bait to
/// the client, and nobody else to anybody. So Peerage has heard of the stayer by PEX from the
/// client, and the client of the secret by PEX from Peerage, if they meet them at all.
///
/// @param client where the foreign client is
/// @param peerage where Peerage is
record Encounter(
    Lab lab,
    Foreign foreign,
    Content content,
    Path torrent,
    WatcherProcess watchers,
    Host client,
    Host peerage,
    Host observer,
    Host stayer,
    Host leaver,
    Host caller,
    Host bait,
    Host secret,
    Host passer) {
  /// So long after the client's first message the leaver and the caller leave: after its second,
  /// for libtorrent drops nobody who comes and goes between two ticks of its minute.
  private static final long STAY_MILLIS = 65_000;

  private static final int NANOS_A_MILLI = 1_000_000;

  /// Has the watchers listen, and the tracker know what to tell.
  static Encounter prepare(
      Lab lab, Foreign foreign, Content content, Tracker tracker, WatcherProcess watchers) {
    var encounter =
        new Encounter(
            lab,
            foreign,
            content,
            content.torrent(tracker.url()),
            watchers,
            lab.host(),
            lab.host(),
            watchers.play(content, "pex"),
            watchers.play(content, "plain"),
            watchers.play(content, "plain"),
            watchers.play(content, "plain"),
            watchers.play(content, "plain"),
            watchers.play(content, "plain"),
            watchers.play(content, "plain"));
    tracker.introduce(encounter.client, encounter.stayer, encounter.leaver);
    return encounter;
  }

  /// Starts the client, then Peerage, and looks at them for [ExchangeTest#WINDOW].
  Findings look() {
    foreign.start(lab, client, lab.leech(torrent));
    watchers.awaitMet(stayer, client);
    watchers.awaitMet(leaver, client);
    watchers.dial(caller, client);
    watchers.dial(observer, client);
    watchers.tell(observer, client, bait);
    var process = startPeerage();
    watch();
    return findings(process);
  }

  private PeerageProcess startPeerage() {
    return PeerageProcess.get(
        lab,
        peerage,
        lab.leech(content.torrent()).slowly(),
        "--peer",
        client.endpoint(),
        "--peer",
        observer.endpoint(),
        "--peer",
        secret.endpoint(),
        "--peer",
        passer.endpoint());
  }

  /// Lets the time pass; who is to leave does so once it was named.
  private void watch() {
    long begun = System.nanoTime();
    long clientBegan = Long.MAX_VALUE;
    boolean haveLeft = false;
    boolean hasPassed = false;
    while (System.nanoTime() - begun < ExchangeTest.WINDOW.toNanos()) {
      Await.pause(NANOS_A_MILLI * 250L);
      long now = System.nanoTime() / NANOS_A_MILLI;
      if (clientBegan == Long.MAX_VALUE && telling(client).first().isPresent()) {
        clientBegan = now;
      }
      if (!haveLeft && clientBegan != Long.MAX_VALUE && now - clientBegan > STAY_MILLIS) {
        watchers.leave(leaver);
        watchers.leave(caller);
        haveLeft = true;
      }
      if (!hasPassed && telling(peerage).named(passer).isPresent()) {
        watchers.leave(passer);
        hasPassed = true;
      }
    }
  }

  private Telling telling(Host teller) {
    return Telling.of(watchers, observer, teller);
  }

  private Findings findings(PeerageProcess process) {
    return new Findings(
        foreign,
        watchers.met(observer, client).map(event -> event.text("name")).orElse("?"),
        hasTold(process),
        watchers.met(secret, client).isPresent(),
        watchers.met(bait, client).isPresent(),
        telling(client),
        telling(client).nameOf(caller),
        telling(client).dropOf(leaver),
        telling(client).dropOf(caller),
        telling(peerage),
        telling(peerage).dropOf(passer));
  }

  /// Whether Peerage says that it met the stayer because the client had named it.
  private boolean hasTold(PeerageProcess process) {
    Optional<JsonLine> connected =
        process
            .events("connected")
            .filter(event -> event.text("peer").equals(stayer.endpoint()))
            .findFirst();
    return connected.stream()
        .flatMap(event -> event.objects("origins").stream())
        .anyMatch(origin -> PeerageProcess.isPexFrom(client.endpoint(), origin));
  }
}
