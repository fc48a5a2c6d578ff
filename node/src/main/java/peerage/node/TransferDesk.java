package peerage.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import peerage.peers.Link;
import peerage.pieces.LinkSnapshot;
import peerage.pieces.PieceSet;
import peerage.pieces.Transfer;
import peerage.swarm.Swarm;
import peerage.wire.Block;
import peerage.wire.Handshake;
import peerage.wire.Message;

/// Drives the [Transfer] machine of one torrent, and its [Disk]. Owned by the torrent's loop, but
/// for content, which moves on the connections' threads.
final class TransferDesk {
  /// Pieces that we name one by one to a peer that was there before the metadata was; of the rest
  /// it hears when it comes again. Rare: files that are there, of a magnet that never was here. A
  /// guess, far below what a connection lets wait.
  private static final int MAX_LATE_HAVES = 5_000;

  private final TorrentLoop loop;
  private final Transfer transfer;
  private final @Nullable Disk disk;

  /// @param disk null for a swarm that is only watched
  TransferDesk(TorrentLoop loop, Transfer transfer, @Nullable Disk disk) {
    this.loop = loop;
    this.transfer = transfer;
    this.disk = disk;
  }

  Transfer machine() {
    return transfer;
  }

  boolean isSeed() {
    return disk != null && transfer.have().isFull();
  }

  List<LinkSnapshot> links() {
    return transfer.links(loop.now());
  }

  Optional<Instant> nextDeadline() {
    return transfer.nextDeadline();
  }

  void settle() {
    Optional<Instant> deadline = transfer.nextDeadline();
    if (deadline.isPresent() && !deadline.get().isAfter(loop.now())) {
      handle(new Transfer.Input.Tick());
    }
  }

  void joined(Connection connection) {
    var fast =
        connection.handshake().supports(Handshake.FAST) ? Transfer.Fast.YES : Transfer.Fast.NO;
    handle(new Transfer.Input.PeerJoined(connection.link(), fast, connection.remote().ip()));
  }

  /// A peer that was there before the metadata was. It was told that we have nothing, and a
  /// bitfield may only come first (BEP 3), so what we have is named piece by piece.
  void joinedLate(Connection connection, EarlyWords words) {
    Link link = connection.link();
    var fast =
        connection.handshake().supports(Handshake.FAST) ? Transfer.Fast.YES : Transfer.Fast.NO;
    var input = new Transfer.Input.PeerJoined(link, fast, connection.remote().ip());
    for (Transfer.Output output : transfer.handle(input, loop.now())) {
      if (!isGreeting(output)) {
        obey(output);
      }
    }
    PieceSet have = transfer.have();
    int named = 0;
    for (int piece = 0; piece < have.size() && named < MAX_LATE_HAVES; piece++) {
      if (have.get(piece)) {
        connection.send(new Message.Have(piece));
        named++;
      }
    }
    words.requestQueue().ifPresent(size -> requestQueue(link, size));
    words.replay().forEach(message -> arrived(link, message));
  }

  private static boolean isGreeting(Transfer.Output output) {
    return output instanceof Transfer.Output.Send(var _, Message message)
        && (message instanceof Message.Bitfield
            || message instanceof Message.HaveAll
            || message instanceof Message.HaveNone);
  }

  void left(Link link) {
    handle(new Transfer.Input.PeerLeft(link));
  }

  void requestQueue(Link link, int size) {
    handle(new Transfer.Input.RequestQueue(link, size));
  }

  void arrived(Link link, Block block) {
    handle(new Transfer.Input.BlockArrived(link, block));
  }

  void arrived(Link link, Message message) {
    handle(new Transfer.Input.Received(link, message));
    boolean mayBeSeed =
        message instanceof Message.HaveAll
            || message instanceof Message.Bitfield
            || message instanceof Message.Have;
    if (mayBeSeed && transfer.isSeed(link)) {
      loop.swarm().handle(new Swarm.Input.SeedSeen(link));
    }
  }

  void served(Link link, List<Block> blocks) {
    blocks.forEach(block -> handle(new Transfer.Input.Served(link, block)));
  }

  void serveFailed(Link link, Block block) {
    handle(new Transfer.Input.PieceLost(block.piece()));
    handle(new Transfer.Input.ServeFailed(link, block));
  }

  /// Writes a block; on a connection's thread.
  void store(Block block, ByteBuffer data) throws IOException {
    if (disk != null) {
      disk.write(block, data);
    }
  }

  /// Reads a block; on a connection's thread.
  void load(Block block, ByteBuffer target) throws IOException {
    if (disk == null) {
      throw new IOException("a watched swarm has no content");
    }
    disk.read(block, target);
  }

  private void handle(Transfer.Input input) {
    for (Transfer.Output output : transfer.handle(input, loop.now())) {
      obey(output);
    }
  }

  private void obey(Transfer.Output output) {
    switch (output) {
      case Transfer.Output.Send(Link link, Message message) ->
          loop.swarm().connection(link).ifPresent(connection -> connection.send(message));
      case Transfer.Output.Serve(Link link, Block block) ->
          loop.swarm().connection(link).ifPresent(connection -> connection.serve(block));
      case Transfer.Output.ForgetRequests(Link link) ->
          loop.swarm().connection(link).ifPresent(Connection::forgetRequests);
      case Transfer.Output.Check(int piece) -> check(piece);
      case Transfer.Output.PieceDone(int piece) -> loop.publish(new TorrentEvent.PieceDone(piece));
      case Transfer.Output.PieceRefused(int piece, var _) ->
          loop.publish(new TorrentEvent.PieceRefused(piece));
      case Transfer.Output.Finished() -> finished();
      case Transfer.Output.Close(Link link, String reason) -> expel(link, reason);
      case Transfer.Output.Counted _ -> {} // nothing is shown of these yet
    }
  }

  private void expel(Link link, String reason) {
    if (reason.equals(Transfer.BAD_PIECE)) {
      loop.swarm().handle(new Swarm.Input.Banned(link, reason));
    }
    loop.swarm().close(link, reason);
  }

  private void check(int piece) {
    Disk content = disk;
    if (content == null) {
      return;
    }
    Optional<Boolean> verdict = content.check(piece);
    if (verdict.isPresent()) {
      checked(content, piece, verdict.get());
      return;
    }
    Thread.ofVirtual().name("check " + piece).start(() -> checkByReading(content, piece));
  }

  private void checkByReading(Disk content, int piece) {
    try {
      boolean good = content.checkByReading(piece);
      loop.post(() -> checked(content, piece, good));
    } catch (DownloadException e) {
      loop.post(() -> loop.fail(e));
    }
  }

  private void checked(Disk content, int piece, boolean good) {
    try {
      content.settle(piece, good);
    } catch (DownloadException e) {
      loop.fail(e);
      return;
    }
    handle(
        new Transfer.Input.PieceChecked(
            piece, good ? Transfer.Verdict.GOOD : Transfer.Verdict.BAD));
  }

  /// Everything wanted is here.
  void finished() {
    if (disk != null) {
      disk.checkpoint(transfer.have());
      loop.finished();
    }
  }

  /// Keeps what is there, and ends.
  void close() {
    if (disk != null) {
      disk.close(transfer.have());
    }
  }

  @Nullable Disk disk() {
    return disk;
  }
}
