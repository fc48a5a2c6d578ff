package peerage.node;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import peerage.bencode.MalformedMessage;
import peerage.peers.InfoHash;
import peerage.peers.Link;
import peerage.pieces.MetadataFetch;
import peerage.pieces.MetadataProgress;
import peerage.pieces.MetadataServe;
import peerage.swarm.Swarm;
import peerage.wire.ExtensionHandshake;
import peerage.wire.Handshake;
import peerage.wire.Message;
import peerage.wire.MetadataMessage;
import peerage.wire.Metainfo;

/// Drives the [MetadataFetch] and the [MetadataServe] of one torrent, and keeps what peers say
/// until there is a [TransferDesk] to hear it. Owned by the torrent's loop.
final class MetadataDesk {
  private final TorrentLoop loop;
  private final MetadataFetch fetch;
  private final MetadataServe serve = new MetadataServe();
  private final Map<Link, Integer> theirIds = new LinkedHashMap<>();
  private final Map<Link, EarlyWords> early = new LinkedHashMap<>();
  private MetadataProgress told = MetadataProgress.NONE;
  private boolean fetching = true;

  MetadataDesk(TorrentLoop loop, InfoHash infoHash) {
    this.loop = loop;
    this.fetch = new MetadataFetch(infoHash);
  }

  /// The metadata is known, from wherever.
  void has(Metainfo torrent) {
    fetching = false;
    serve.handle(new MetadataServe.Input.Arrived(torrent.info()));
  }

  MetadataProgress progress() {
    return fetch.progress();
  }

  Optional<Instant> nextDeadline() {
    return fetching ? fetch.nextDeadline() : Optional.empty();
  }

  void settle() {
    Optional<Instant> deadline = nextDeadline();
    if (deadline.isPresent() && !deadline.get().isAfter(loop.now())) {
      handle(new MetadataFetch.Input.Tick());
    }
    tell();
  }

  private void tell() {
    if (fetching && !told.equals(fetch.progress())) {
      told = fetch.progress();
      loop.publish(new TorrentEvent.MetadataFetching(told.blocks(), told.of(), told.peers()));
    }
  }

  // Early words

  /// BEP 6 wants one of three messages first; of nothing we have nothing.
  void joined(Connection connection) {
    early.put(connection.link(), new EarlyWords());
    if (connection.handshake().supports(Handshake.FAST)) {
      connection.send(new Message.HaveNone());
    }
  }

  void said(Link link, Message message) {
    EarlyWords words = early.get(link);
    if (words != null) {
      words.say(message);
    }
  }

  void requestQueue(Link link, int size) {
    EarlyWords words = early.get(link);
    if (words != null) {
      words.requestQueue(size);
    }
  }

  /// What the peer said so far; null if it is a visitor.
  @Nullable EarlyWords take(Link link) {
    return early.remove(link);
  }

  void left(Link link) {
    early.remove(link);
    theirIds.remove(link);
    serve.handle(new MetadataServe.Input.PeerLeft(link));
    handle(new MetadataFetch.Input.PeerLeft(link));
  }

  // The extension

  /// The peer sent an extension handshake, the first or a later one.
  void introduced(Link link, ExtensionHandshake handshake) {
    Integer id = handshake.extensions().get(MetadataMessage.NAME);
    if (id == null) {
      return; // a later handshake need not say everything again
    }
    if (id == 0) {
      theirIds.remove(link);
      handle(new MetadataFetch.Input.PeerLeft(link));
    } else {
      theirIds.put(link, id);
      handle(new MetadataFetch.Input.Offered(link, handshake.metadataSize()));
    }
  }

  /// The peer sent a message of the extension.
  void arrived(Connection connection, byte[] payload) {
    if (loop.swarm().isPrivate()) {
      return; // withdrawn: what still comes has crossed our handshake
    }
    try {
      Optional<MetadataMessage> message = MetadataMessage.decode(payload);
      if (message.isPresent()) {
        arrived(connection, message.get());
      }
    } catch (MalformedMessage e) {
      connection.close("sent a malformed metadata message: " + e.getMessage());
    }
  }

  private void arrived(Connection connection, MetadataMessage message) {
    Link link = connection.link();
    switch (message) {
      case MetadataMessage.Request(int block) ->
          serve.handle(new MetadataServe.Input.Asked(link, block)).forEach(this::obey);
      case MetadataMessage.Data _ -> {
        handle(new MetadataFetch.Input.Received(link, message));
        loop.swarm().supplied(connection);
      }
      case MetadataMessage.Reject _ -> handle(new MetadataFetch.Input.Received(link, message));
    }
  }

  private void handle(MetadataFetch.Input input) {
    if (fetching) {
      fetch.handle(input, loop.now()).forEach(this::obey);
    }
  }

  private void obey(MetadataFetch.Output output) {
    switch (output) {
      case MetadataFetch.Output.Ask(Link link, int block) ->
          send(link, new MetadataMessage.Request(block));
      case MetadataFetch.Output.Distrust(Link link, String reason) -> {
        loop.swarm().handle(new Swarm.Input.Banned(link, reason));
        loop.swarm().close(link, reason);
      }
      case MetadataFetch.Output.Done(byte[] info) -> {
        tell(); // all of it may have come in one turn of the loop
        loop.subject().metadataArrived(info);
      }
      case MetadataFetch.Output.Counted _ -> {} // nothing is shown of these yet
    }
  }

  private void obey(MetadataServe.Output output) {
    switch (output) {
      case MetadataServe.Output.Send(Link link, MetadataMessage.Data data) -> give(link, data);
      case MetadataServe.Output.Send(Link link, MetadataMessage message) -> send(link, message);
    }
  }

  private void sent(Link link) {
    serve.handle(new MetadataServe.Input.Sent(link)).forEach(this::obey);
  }

  /// Metadata is content: the limit on uploads holds for it.
  private void give(Link link, MetadataMessage.Data data) {
    to(link, data, (to, message) -> to.sendPaced(message, () -> loop.post(() -> sent(link))));
  }

  private void send(Link link, MetadataMessage message) {
    to(link, message, Connection::send);
  }

  private void to(Link link, MetadataMessage message, BiConsumer<Connection, Message> way) {
    Integer id = theirIds.get(link);
    if (id != null) {
      var extended = new Message.Extended(id, message.encode());
      loop.swarm().connection(link).ifPresent(connection -> way.accept(connection, extended));
    }
  }
}
