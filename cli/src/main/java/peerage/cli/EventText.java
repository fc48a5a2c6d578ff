package peerage.cli;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import peerage.node.PexTraffic;
import peerage.node.TorrentEvent;
import peerage.peers.Origin;
import peerage.pieces.MetadataProgress;
import peerage.swarm.Direction;
import peerage.swarm.SwarmEvent;
import peerage.wire.Metainfo;

/// Events in words.
final class EventText {
  /// What peer exchange moved; of a private torrent this shows that nothing left.
  static String of(PexTraffic pex) {
    if (pex.equals(PexTraffic.NONE)) {
      return "no peer exchange: 0 bytes told, 0 heard";
    }
    return "peer exchange: told "
        + Text.count(pex.sentContacts(), "contact")
        + " in "
        + Text.count(pex.sentBytes(), "byte")
        + ", heard "
        + Text.count(pex.heardBytes(), "byte")
        + " in "
        + Text.count(pex.heardMessages(), "message")
        + (pex.savedAnnounces() == 0
            ? ""
            : ", saved " + Text.count(pex.savedAnnounces(), "announce"));
  }

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private EventText() {}

  /// What happened, if it is worth a line.
  static Optional<String> of(TorrentEvent event) {
    return switch (event) {
      case TorrentEvent.OfSwarm(SwarmEvent swarm) -> Optional.of(ofSwarm(swarm));
      case TorrentEvent.Checking _, TorrentEvent.PieceDone _, TorrentEvent.Failed _ ->
          Optional.empty();
      case TorrentEvent.MetadataFetching(int _, int of, int peers) when of == 0 && peers == 0 ->
          Optional.empty();
      case TorrentEvent.MetadataFetching(int blocks, int of, int peers) ->
          Optional.of(metadata(new MetadataProgress(blocks, of, peers)));
      case TorrentEvent.MetadataArrived(Metainfo torrent) -> Optional.of(arrived(torrent));
      case TorrentEvent.Joined(int have, int of) ->
          Optional.of("joined with " + have + " of " + Text.count(of, "piece"));
      case TorrentEvent.PieceRefused(int piece) ->
          Optional.of("piece " + piece + " was wrong and is fetched again");
      case TorrentEvent.Finished _ -> Optional.of("everything is here and verified");
      case TorrentEvent.TrackerAnswered answer ->
          Optional.of(
              "tracker "
                  + answer.url()
                  + " named "
                  + Text.count(answer.peers(), "peer")
                  + counts(answer));
      case TorrentEvent.TrackerFailed(String url, String why, var _) ->
          Optional.of("tracker " + url + " failed: " + why);
      case TorrentEvent.TrackerSkipped(String url, String why) ->
          Optional.of("tracker " + url + " is not asked: " + why);
      case TorrentEvent.DhtAsked(int peers, int answers, int stored) ->
          Optional.of(
              "the DHT named "
                  + Text.count(peers, "peer")
                  + "; "
                  + Text.count(answers, "node")
                  + " answered, "
                  + stored
                  + " took our announcement");
    };
  }

  /// `metadata 3/5 blocks from 2 peers`.
  static String metadata(MetadataProgress progress) {
    return progress.of() == 0
        ? "metadata: no peer has it yet"
        : "metadata "
            + progress.blocks()
            + "/"
            + Text.count(progress.of(), "block")
            + " from "
            + Text.count(progress.peers(), "peer");
  }

  /// `name: the metadata is here: 3.2 GB in 5 files`.
  static String arrived(Metainfo torrent) {
    return torrent.name()
        + ": the metadata is here: "
        + Text.size(torrent.totalLength())
        + " in "
        + Text.count(FileChoice.numbered(torrent).size(), "file")
        + (torrent.isPrivate() ? ", private" : "");
  }

  private static String counts(TorrentEvent.TrackerAnswered answer) {
    if (answer.seeds().isEmpty() || answer.leeches().isEmpty()) {
      return "";
    }
    return " (it counts "
        + Text.count(answer.seeds().getAsInt(), "seed")
        + " and "
        + Text.count(answer.leeches().getAsInt(), "leech", "leeches")
        + ")";
  }

  private static String ofSwarm(SwarmEvent event) {
    return switch (event) {
      case SwarmEvent.Heard(var candidate, Origin.Given _) -> "was given " + candidate;
      case SwarmEvent.Heard(var candidate, Origin origin) ->
          "heard of " + candidate + " " + from(origin);
      case SwarmEvent.Refused(var candidate, Origin origin, String reason) ->
          "did not take " + candidate + " " + from(origin) + ": " + reason;
      case SwarmEvent.DialFailed(var candidate, var why) -> "dialled " + candidate + ": " + why;
      case SwarmEvent.Connected(var _, var peer, Direction direction, var _) ->
          switch (direction) {
            case OUTGOING -> "connected to " + peer;
            case INCOMING -> peer + " connected to us";
          };
      case SwarmEvent.Introduced(var _, var peer, Optional<String> client) ->
          peer + " is " + client.orElse("a client that does not say its name");
      case SwarmEvent.Confirmed(var _, var peer, String how) -> peer + " listens there: " + how;
      case SwarmEvent.Visited(var _, var peer) ->
          peer + " came while we are full; it is told of others";
      case SwarmEvent.WentPrivate(int forgotten, int closed) ->
          "the torrent is private: forgot " + forgotten + " addresses, closed " + closed + " peers";
      case SwarmEvent.Disconnected(var _, var peer, String reason) ->
          "disconnected from " + peer + ": " + reason;
      case SwarmEvent.Told(var _, var peer, var message) ->
          "told "
              + peer
              + " of "
              + Text.count(message.added().size(), "peer")
              + (message.dropped().isEmpty()
                  ? ""
                  : ", and of " + message.dropped().size() + " gone");
      case SwarmEvent.Odd(var _, var peer, String what) -> peer + " is odd: " + what;
    };
  }

  /// `from the tracker http://…`, `from 1.2.3.4:5 by ut_pex`.
  static String from(Origin origin) {
    return switch (origin) {
      case Origin.Tracker(String url) -> "from the tracker " + url;
      case Origin.Pex(var teller, var dialect) -> "from " + teller + " by " + dialect;
      case Origin.Incoming _ -> "by its own call";
      case Origin.Given _ -> "from you";
      case Origin.Dht _, Origin.Lan _, Origin.Magnet _ -> "from the " + origin;
      case Origin.Memory(var lastSuccess, var first) ->
          "from memory (reached " + TIME.format(lastSuccess) + ", first heard " + from(first) + ")";
    };
  }
}
