package peerage.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import peerage.node.PexTraffic;
import peerage.node.Progress;
import peerage.node.TorrentEvent;
import peerage.peers.Origin;
import peerage.swarm.Direction;
import peerage.swarm.SwarmEvent;
import peerage.wire.Metainfo;

/// Events as JSON objects; `docs/commands.md` is their description.
final class EventJson {
  private EventJson() {}

  /// An object with the two names that all have.
  static String event(String name, Instant at, Consumer<Json> content) {
    return Json.object(
        json ->
            content.accept(
                json.put("event", name).put("time", at.truncatedTo(ChronoUnit.MILLIS).toString())));
  }

  static String of(TorrentEvent event, Instant at, String torrent) {
    return event(name(event), at, json -> write(event, json.put("torrent", torrent)));
  }

  private static String name(TorrentEvent event) {
    return switch (event) {
      case TorrentEvent.OfSwarm(SwarmEvent swarm) -> name(swarm);
      case TorrentEvent.MetadataFetching _ -> "metadata";
      case TorrentEvent.MetadataArrived _ -> "torrent";
      case TorrentEvent.Checking _ -> "checking";
      case TorrentEvent.Joined _ -> "joined";
      case TorrentEvent.PieceDone _, TorrentEvent.PieceRefused _ -> "piece";
      case TorrentEvent.Finished _ -> "finished";
      case TorrentEvent.TrackerAnswered _,
          TorrentEvent.TrackerFailed _,
          TorrentEvent.TrackerSkipped _ ->
          "tracker";
      case TorrentEvent.DhtAsked _ -> "dht";
      case TorrentEvent.Failed _ -> "failed";
    };
  }

  private static String name(SwarmEvent event) {
    return switch (event) {
      case SwarmEvent.Heard _ -> "heard";
      case SwarmEvent.Refused _ -> "refused";
      case SwarmEvent.DialFailed _ -> "dial_failed";
      case SwarmEvent.Connected _ -> "connected";
      case SwarmEvent.Introduced _ -> "introduced";
      case SwarmEvent.Confirmed _ -> "confirmed";
      case SwarmEvent.Visited _ -> "visited";
      case SwarmEvent.WentPrivate _ -> "went_private";
      case SwarmEvent.Disconnected _ -> "disconnected";
      case SwarmEvent.Told _ -> "told";
      case SwarmEvent.Odd _ -> "odd";
    };
  }

  private static void write(TorrentEvent event, Json json) {
    switch (event) {
      case TorrentEvent.OfSwarm(SwarmEvent swarm) -> write(swarm, json);
      case TorrentEvent.MetadataFetching(int blocks, int of, int peers) ->
          json.put("blocks", blocks).put("of", of).put("peers", peers);
      case TorrentEvent.MetadataArrived(Metainfo torrent) ->
          json.put("name", torrent.name())
              .put("size", torrent.totalLength())
              .put("pieces", torrent.pieceCount())
              .put("files", FileChoice.numbered(torrent).size())
              .put("private", torrent.isPrivate());
      case TorrentEvent.Checking(int checked, int of) -> json.put("checked", checked).put("of", of);
      case TorrentEvent.Joined(int have, int of) -> json.put("have", have).put("of", of);
      case TorrentEvent.PieceDone(int piece) -> json.put("piece", piece).put("ok", true);
      case TorrentEvent.PieceRefused(int piece) -> json.put("piece", piece).put("ok", false);
      case TorrentEvent.Finished _ -> {}
      case TorrentEvent.TrackerAnswered answer -> {
        json.put("url", answer.url()).put("ok", true).put("peers", answer.peers());
        answer.seeds().ifPresent(seeds -> json.put("seeds", seeds));
        answer.leeches().ifPresent(leeches -> json.put("leeches", leeches));
      }
      case TorrentEvent.TrackerFailed(String url, String why, var _) ->
          json.put("url", url).put("ok", false).put("reason", why);
      case TorrentEvent.TrackerSkipped(String url, String why) ->
          json.put("url", url).put("ok", false).put("skipped", true).put("reason", why);
      case TorrentEvent.DhtAsked(int peers, int answers, int stored) ->
          json.put("peers", peers).put("answers", answers).put("stored", stored);
      case TorrentEvent.Failed(var why) ->
          json.put("exit", ExitCode.of(why.reason()).number()).put("reason", text(why));
    }
  }

  static void write(PexTraffic pex, Json json) {
    json.put("offered", pex.offered())
        .put("sent_messages", pex.sentMessages())
        .put("sent_bytes", pex.sentBytes())
        .put("sent_contacts", pex.sentContacts())
        .put("heard_messages", pex.heardMessages())
        .put("heard_bytes", pex.heardBytes())
        .put("saved_announces", pex.savedAnnounces());
  }

  private static String text(Exception e) {
    return String.valueOf(e.getMessage());
  }

  private static void write(SwarmEvent event, Json json) {
    switch (event) {
      case SwarmEvent.Heard(var candidate, Origin origin) ->
          json.put("candidate", candidate.toString()).object("origin", o -> write(origin, o));
      case SwarmEvent.Refused(var candidate, Origin origin, String reason) ->
          json.put("candidate", candidate.toString())
              .object("origin", o -> write(origin, o))
              .put("reason", reason);
      case SwarmEvent.DialFailed(var candidate, var why) ->
          json.put("candidate", candidate.toString()).put("reason", why.toString());
      case SwarmEvent.Connected(var _, var peer, Direction direction, var origins) ->
          json.put("peer", peer.toString())
              .put("direction", name(direction))
              .objects("origins", origins, (o, origin) -> write(origin, o));
      case SwarmEvent.Introduced(var _, var peer, Optional<String> client) ->
          json.put("peer", peer.toString()).put("client", client);
      case SwarmEvent.Confirmed(var _, var peer, String how) ->
          json.put("peer", peer.toString()).put("how", how);
      case SwarmEvent.Visited(var _, var peer) -> json.put("peer", peer.toString());
      case SwarmEvent.WentPrivate(int forgotten, int closed) ->
          json.put("forgotten", forgotten).put("closed", closed);
      case SwarmEvent.Disconnected(var _, var peer, String reason) ->
          json.put("peer", peer.toString()).put("reason", reason);
      case SwarmEvent.Told(var _, var peer, var message) ->
          json.put("peer", peer.toString())
              .texts("added", message.added().keySet())
              .texts("dropped", message.dropped());
      case SwarmEvent.Odd(var _, var peer, String what) ->
          json.put("peer", peer.toString()).put("what", what);
    }
  }

  static String name(Direction direction) {
    return switch (direction) {
      case OUTGOING -> "outgoing";
      case INCOMING -> "incoming";
    };
  }

  static void write(Origin origin, Json json) {
    switch (origin) {
      case Origin.Tracker(String url) -> json.put("kind", "tracker").put("url", url);
      case Origin.Pex(var teller, var dialect) ->
          json.put("kind", dialect.toString()).put("teller", teller.toString());
      case Origin.Incoming _ -> json.put("kind", "incoming");
      case Origin.Given _ -> json.put("kind", "given");
      case Origin.Dht(var node) -> json.put("kind", "dht").put("node", node.toString());
      case Origin.Lan _ -> json.put("kind", "lan");
      case Origin.Magnet _ -> json.put("kind", "magnet");
      case Origin.Memory(Instant lastSuccess, Origin first) ->
          json.put("kind", "memory")
              .put("last_success", lastSuccess.truncatedTo(ChronoUnit.SECONDS).toString())
              .object("first", o -> write(first, o));
    }
  }

  static void write(Progress progress, Json json) {
    json.put("state", progress.state().name().toLowerCase(Locale.ROOT))
        .put("done", progress.done())
        .put("total", progress.total())
        .put("downloaded", progress.downloaded())
        .put("uploaded", progress.uploaded())
        .put("wasted", progress.wasted())
        .put("down_rate", progress.downRate())
        .put("up_rate", progress.upRate())
        .putOrNull("eta", progress.eta().map(Duration::toSeconds).orElse(null))
        .put("peers", progress.peers())
        .put("seeds", progress.seeds())
        .object(
            "peers_by_origin",
            origins ->
                progress.peersByOrigin().forEach((letter, n) -> origins.put(letter.toString(), n)))
        .put("candidates", progress.candidates());
    if (progress.state() == Progress.State.METADATA) {
      json.object(
          "metadata",
          metadata ->
              metadata
                  .put("blocks", progress.metadata().blocks())
                  .put("of", progress.metadata().of())
                  .put("peers", progress.metadata().peers()));
    }
  }
}
