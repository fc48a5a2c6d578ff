package peerage.node;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import peerage.peers.Link;
import peerage.peers.PeerAddress;
import peerage.wire.Block;
import peerage.wire.ExtensionHandshake;
import peerage.wire.Handshake;
import peerage.wire.Message;
import peerage.wire.Metainfo;

/// Where the connections of a torrent bring what they read, and fetch what they send, and who they
/// are handed to: the [TransferDesk], or the [MetadataDesk] until there is one.
///
/// Connections call on threads of their own. Content moves on those, to and from storage;
/// everything else is posted to the loop, whose thread hands it on.
final class Reception implements Connection.Content {
  private static final System.Logger LOG = System.getLogger("peerage.node");

  private final TorrentLoop loop;
  private final Connection.Lines lines;

  Reception(TorrentLoop loop, Connection.Lines lines) {
    this.loop = loop;
    this.lines = lines;
  }

  /// A connection that brings everything here; it is not started.
  Connection open(SocketChannel channel, Link link, PeerAddress remote, Handshake theirs) {
    int pieces = loop.subject().torrent().map(Metainfo::pieceCount).orElse(Metainfo.MAX_PIECES);
    return new Connection(channel, link, remote, theirs, this, lines, pieces);
  }

  // On the loop's thread

  /// A connection is there that is no visitor.
  void joined(Connection connection) {
    loop.subject()
        .transfers()
        .ifPresentOrElse(desk -> desk.joined(connection), () -> loop.metadata().joined(connection));
  }

  void left(Link link) {
    loop.metadata().left(link);
    loop.subject().transfers().ifPresent(desk -> desk.left(link));
  }

  /// The peer sent an extension handshake, the first or a later one.
  void introduced(Link link, ExtensionHandshake handshake) {
    loop.metadata().introduced(link, handshake);
    handshake
        .requestQueue()
        .ifPresent(
            size ->
                loop.subject()
                    .transfers()
                    .ifPresentOrElse(
                        desk -> desk.requestQueue(link, size),
                        () -> loop.metadata().requestQueue(link, size)));
  }

  // On the connections' threads

  @Override
  public void arrived(Connection connection, List<Connection.Arrived> messages) {
    loop.post(
        () -> {
          try {
            messages.forEach(message -> onArrived(connection, message));
          } catch (RuntimeException bug) { // ours: it ends this connection, and nothing else
            LOG.log(Level.ERROR, "a message of " + connection.remote() + " met a bug", bug);
            connection.close("a bug in Peerage");
          }
        });
  }

  private void onArrived(Connection connection, Connection.Arrived arrived) {
    if (connection.isClosed()) {
      return;
    }
    switch (arrived) {
      case Connection.Arrived.OfBlock(Block block) -> {
        loop.subject().transfers().ifPresent(desk -> desk.arrived(connection.link(), block));
        loop.swarm().supplied(connection);
      }
      case Connection.Arrived.OfMessage(Message.Extended(int id, byte[] payload)) ->
          loop.swarm().extended(connection, id, payload);
      case Connection.Arrived.OfMessage(Message.Port(int udpPort)) ->
          loop.dht().hasNode(connection, udpPort);
      case Connection.Arrived.OfMessage(Message message) ->
          loop.subject()
              .transfers()
              .ifPresentOrElse(
                  desk -> desk.arrived(connection.link(), message),
                  () -> loop.metadata().said(connection.link(), message));
    }
  }

  @Override
  public void store(Block block, ByteBuffer data) throws IOException {
    loop.subject().transfers().orElseThrow().store(block, data);
  }

  @Override
  public void load(Block block, ByteBuffer target) throws IOException {
    loop.subject().transfers().orElseThrow().load(block, target);
  }

  @Override
  public void served(Connection connection, List<Block> blocks) {
    loop.post(
        () -> {
          loop.subject().transfers().ifPresent(desk -> desk.served(connection.link(), blocks));
          loop.swarm().served(connection);
        });
  }

  @Override
  public void serveFailed(Connection connection, Block block, IOException why) {
    loop.post(
        () ->
            loop.subject()
                .transfers()
                .ifPresent(desk -> desk.serveFailed(connection.link(), block)));
  }

  @Override
  public void storeFailed(IOException why) {
    loop.post(() -> loop.fail(Disk.failure(why)));
  }

  @Override
  public void gone(Connection connection, String reason) {
    loop.post(() -> loop.swarm().gone(connection, reason));
  }
}
