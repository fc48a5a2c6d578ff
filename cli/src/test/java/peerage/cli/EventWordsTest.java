package peerage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import peerage.node.DownloadException;
import peerage.node.TorrentEvent;
import peerage.peers.Link;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;
import peerage.peers.PexDialect;
import peerage.pex.PexMessage;
import peerage.swarm.DialFailure;
import peerage.swarm.Direction;
import peerage.swarm.SwarmEvent;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// Events in words and in JSON.
final class EventWordsTest {
  private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678901Z");
  private static final PeerAddress ONE = PeerAddress.parse("192.0.2.1:6881").orElseThrow();
  private static final PeerAddress TWO = PeerAddress.parse("[2001:db8::2]:80").orElseThrow();
  private static final Origin PEX = new Origin.Pex(TWO, PexDialect.UT_PEX);
  private static final Origin TRACKER = new Origin.Tracker("http://t.example/a");
  private static final Link LINK = new Link(7);

  private static TorrentEvent swarm(SwarmEvent event) {
    return new TorrentEvent.OfSwarm(event);
  }

  private static String json(TorrentEvent event) {
    return EventJson.of(event, AT, "h");
  }

  private static String line(String name, String rest) {
    return "{\"event\":\""
        + name
        + "\",\"time\":\"2026-01-02T03:04:05.678Z\",\"torrent\":\"h\""
        + rest.replace('\'', '"')
        + "}";
  }

  @Test
  void aPeerHeardOfByPeerExchangeNamesItsTeller() {
    TorrentEvent event = swarm(new SwarmEvent.Heard(ONE, PEX));
    assertThat(EventText.of(event))
        .hasValue("heard of 192.0.2.1:6881 from [2001:db8::2]:80 by ut_pex");
    assertThat(json(event))
        .isEqualTo(
            line(
                "heard",
                ",'candidate':'192.0.2.1:6881','origin':{'kind':'ut_pex','teller':'[2001:db8::2]:80'}"));
  }

  @Test
  void aPeerHeardOfByATrackerNamesTheTracker() {
    TorrentEvent event = swarm(new SwarmEvent.Heard(ONE, TRACKER));
    assertThat(EventText.of(event))
        .hasValue("heard of 192.0.2.1:6881 from the tracker http://t.example/a");
    assertThat(json(event))
        .isEqualTo(
            line(
                "heard",
                ",'candidate':'192.0.2.1:6881',"
                    + "'origin':{'kind':'tracker','url':'http://t.example/a'}"));
  }

  @Test
  void aRefusalAndAFailedDialSayWhy() {
    TorrentEvent refused = swarm(new SwarmEvent.Refused(ONE, PEX, "a bogon"));
    assertThat(EventText.of(refused))
        .hasValue("did not take 192.0.2.1:6881 from [2001:db8::2]:80 by ut_pex: a bogon");
    assertThat(json(refused)).contains("\"event\":\"refused\"").contains("\"reason\":\"a bogon\"");
    TorrentEvent failed = swarm(new SwarmEvent.DialFailed(ONE, DialFailure.TIMED_OUT));
    assertThat(EventText.of(failed)).hasValue("dialled 192.0.2.1:6881: no answer");
    assertThat(json(failed))
        .isEqualTo(line("dial_failed", ",'candidate':'192.0.2.1:6881','reason':'no answer'"));
  }

  @Test
  void aConnectionSaysWhoDialledAndHowWeHeard() {
    TorrentEvent event =
        swarm(new SwarmEvent.Connected(LINK, ONE, Direction.OUTGOING, List.of(TRACKER, PEX)));
    assertThat(EventText.of(event)).hasValue("connected to 192.0.2.1:6881");
    assertThat(json(event))
        .isEqualTo(
            line(
                "connected",
                ",'peer':'192.0.2.1:6881','direction':'outgoing','origins':["
                    + "{'kind':'tracker','url':'http://t.example/a'},"
                    + "{'kind':'ut_pex','teller':'[2001:db8::2]:80'}]"));
    assertThat(
            EventText.of(
                swarm(
                    new SwarmEvent.Connected(
                        LINK, ONE, Direction.INCOMING, List.of(new Origin.Incoming())))))
        .hasValue("192.0.2.1:6881 connected to us");
  }

  @Test
  void whatWeTellIsListed() {
    var added = new LinkedHashMap<PeerAddress, PeerFlags>();
    added.put(ONE, PeerFlags.NONE);
    var dropped = new LinkedHashSet<>(List.of(TWO));
    TorrentEvent event = swarm(new SwarmEvent.Told(LINK, TWO, new PexMessage(added, dropped)));
    assertThat(EventText.of(event)).hasValue("told [2001:db8::2]:80 of 1 peer, and of 1 gone");
    assertThat(json(event))
        .isEqualTo(
            line(
                "told",
                ",'peer':'[2001:db8::2]:80','added':['192.0.2.1:6881'],"
                    + "'dropped':['[2001:db8::2]:80']"));
  }

  @Test
  void aTrackersAnswerSaysItsCounts() {
    TorrentEvent event =
        new TorrentEvent.TrackerAnswered("u", 5, OptionalInt.of(1), OptionalInt.of(2));
    assertThat(EventText.of(event))
        .hasValue("tracker u named 5 peers (it counts 1 seed and 2 leeches)");
    assertThat(json(event))
        .isEqualTo(line("tracker", ",'url':'u','ok':true,'peers':5,'seeds':1,'leeches':2"));
    assertThat(json(new TorrentEvent.TrackerFailed("u", "no", Optional.empty())))
        .isEqualTo(line("tracker", ",'url':'u','ok':false,'reason':'no'"));
    assertThat(json(new TorrentEvent.TrackerSkipped("u", "udp")))
        .isEqualTo(line("tracker", ",'url':'u','ok':false,'skipped':true,'reason':'udp'"));
  }

  @Test
  void aLookupInTheDhtSaysWhatItCameTo() {
    TorrentEvent event = new TorrentEvent.DhtAsked(5, 40, 8);
    assertThat(EventText.of(event))
        .hasValue("the DHT named 5 peers; 40 nodes answered, 8 took our announcement");
    assertThat(json(event)).isEqualTo(line("dht", ",'peers':5,'answers':40,'stored':8"));
  }

  @Test
  void aFailureHasTheExitCodeOfItsReason() {
    var why = new DownloadException(DownloadException.Reason.DISK_FULL, "no room");
    assertThat(json(new TorrentEvent.Failed(why)))
        .isEqualTo(line("failed", ",'exit':9,'reason':'no room'"));
  }

  @Test
  void everyEventIsOneLineOfJson() {
    List<TorrentEvent> events = new ArrayList<>();
    events.add(new TorrentEvent.Checking(1, 2));
    events.add(new TorrentEvent.Joined(1, 2));
    events.add(new TorrentEvent.PieceDone(3));
    events.add(new TorrentEvent.PieceRefused(3));
    events.add(new TorrentEvent.Finished());
    events.add(swarm(new SwarmEvent.Introduced(LINK, ONE, Optional.of("evil \"\n\u0007 client"))));
    events.add(swarm(new SwarmEvent.Introduced(LINK, ONE, Optional.empty())));
    events.add(swarm(new SwarmEvent.Disconnected(LINK, ONE, "it went")));
    events.add(swarm(new SwarmEvent.Odd(LINK, ONE, "it sang")));
    events.add(swarm(new SwarmEvent.Heard(ONE, new Origin.Given())));
    events.add(swarm(new SwarmEvent.Heard(ONE, new Origin.Incoming())));
    for (TorrentEvent event : events) {
      String line = json(event);
      assertThat(line).doesNotContain("\n");
      assertThat(names(line)).startsWith("event", "time", "torrent");
    }
  }

  /// The names of an object, which must be well-formed and alone.
  static List<String> names(String line) {
    List<String> names = new ArrayList<>();
    int depth = 0;
    try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), line)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.PROPERTY_NAME && depth == 1) {
          names.add(parser.currentName());
        }
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      }
    }
    return names;
  }
}
