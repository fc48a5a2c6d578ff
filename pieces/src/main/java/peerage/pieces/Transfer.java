package peerage.pieces;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import peerage.peers.InfoHash;
import peerage.peers.IpAddress;
import peerage.peers.Link;
import peerage.wire.Block;
import peerage.wire.Message;

/// The download and the upload of one torrent: which block is asked from whom, who is served, which
/// piece is whose fault. Content never passes through here, only the names of blocks.
///
/// **What the driver does.** It owns sockets, files and hashing, and keeps for each link the set of
/// *outstanding* blocks:
///
/// - [Output.Send] of a `Request` puts the block in, [Output.Send] of a `Cancel` takes it out,
///   [Output.ForgetRequests] clears the set;
/// - a `Reject` from the peer takes it out before it is passed on as [Input.Received];
/// - a block that arrives is taken out and written if it was in, and thrown away if not. Either way
///   it is passed on as [Input.BlockArrived], after it is written;
/// - a block may be outstanding on two links at once (end game): the first copy is written, a later
///   one thrown away, or else it could overwrite what was hashed. The later one is passed on as
///   well, but not before the first is written: a piece is checked when all its blocks were passed
///   on;
/// - on [Output.Check] it hashes the piece and answers with [Input.PieceChecked]. It may hash along
///   while the blocks come in order. After [Output.PieceRefused] all blocks of the piece come
///   again;
/// - on [Output.Serve] it reads the block and sends it as a `Piece` message, and answers with
///   [Input.Served] once the bytes are in the socket, or [Input.ServeFailed] if it can't read them;
/// - on [Output.Close] it closes the connection; the machine has forgotten the link already, a
///   [Input.PeerLeft] is welcome but not needed.
///
/// Inputs about a link that is not there are ignored: they crossed with a close.
///
/// Not thread-safe; owned by one loop.
public final class Transfer {
  /// Why a link is closed that alone delivered a piece with the wrong hash, or had a part in two.
  public static final String BAD_PIECE = "sent a bad piece";

  /// How many requests a peer may have waiting here: the `reqq` of our extension handshake. As
  /// many as libtorrent ever has out on a link (`max_out_request_queue`).
  public static final int REQUEST_QUEUE = 500;

  /// Whether both sides of a link speak the fast extension (BEP 6).
  public enum Fast {
    /// Both do.
    YES,
    /// One does not.
    NO
  }

  /// What hashing a piece said.
  public enum Verdict {
    /// The hash is the torrent's.
    GOOD,
    /// It is another.
    BAD
  }

  /// What happened.
  public sealed interface Input {
    /// A connection is there, handshakes done.
    ///
    /// @param ip where the peer is
    record PeerJoined(Link link, Fast fast, IpAddress ip) implements Input {}

    /// Something that happened on a link; ignored if the link is not there.
    sealed interface OfLink extends Input {
      /// Which one.
      Link link();
    }

    /// The peer's extension handshake said how many requests it lets wait (`reqq`).
    record RequestQueue(Link link, int size) implements OfLink {}

    /// A message came, of any kind but `Piece` (see [BlockArrived]) and `Extended` (not ours).
    record Received(Link link, Message message) implements OfLink {}

    /// A block came; it is written already, or was thrown away because it was not outstanding.
    record BlockArrived(Link link, Block block) implements OfLink {}

    /// A piece was hashed.
    record PieceChecked(int piece, Verdict verdict) implements Input {}

    /// The bytes of an [Output.Serve] left.
    record Served(Link link, Block block) implements OfLink {}

    /// The bytes of an [Output.Serve] cannot be read; [PieceLost] should have come before.
    record ServeFailed(Link link, Block block) implements OfLink {}

    /// A connection is gone.
    record PeerLeft(Link link) implements Input {}

    /// The storage has this piece no longer.
    record PieceLost(int piece) implements Input {}

    /// From now on, these pieces are to be downloaded.
    record Want(PieceSet pieces) implements Input {}

    /// A deadline passed.
    record Tick() implements Input {}
  }

  /// What the driver is to do, or to know.
  public sealed interface Output {
    /// Send this message.
    record Send(Link link, Message message) implements Output {}

    /// Read this block and send it as a `Piece` message.
    record Serve(Link link, Block block) implements Output {}

    /// All our requests on this link are void: a peer without the fast extension choked us.
    record ForgetRequests(Link link) implements Output {}

    /// All blocks of this piece are there: hash it.
    record Check(int piece) implements Output {}

    /// We have this piece now, and tell everybody who lacks it.
    record PieceDone(int piece) implements Output {}

    /// The piece was bad and will be fetched again.
    ///
    /// @param blamed the links that sent a part of it, some of them perhaps gone
    record PieceRefused(int piece, List<Link> blamed) implements Output {}

    /// All wanted pieces are there.
    record Finished() implements Output {}

    /// Close this connection.
    ///
    /// @param reason the rule that was broken; [#BAD_PIECE] calls for a ban
    record Close(Link link, String reason) implements Output {}

    /// Something odd, worth a counter.
    record Counted(Link link, String what) implements Output {}
  }

  private final InfoHash infoHash;
  private final PieceLayout layout;
  private final PieceSet have;
  private final SequencedMap<Link, Peer> peers = new LinkedHashMap<>();
  private final Outbox out = new Outbox();
  private final Wants wants;
  private final Picker picker;
  private final Downloads downloads;
  private final Verdicts verdicts;
  private final Uploads uploads;
  private final Choker choker;
  private final PeerMessages messages;

  /// @param have what is there and verified; copied
  /// @param wanted what is to be downloaded, whether it is there or not; copied
  /// @throws IllegalArgumentException if a set is of another size than the torrent
  public Transfer(
      InfoHash infoHash,
      PieceLayout layout,
      PieceSet have,
      PieceSet wanted,
      TransferOptions options,
      RandomGenerator random) {
    this.infoHash = infoHash;
    this.layout = layout;
    this.have = ofThisTorrent(have).copy();
    Collection<Peer> all = Collections.unmodifiableCollection(peers.sequencedValues());
    wants = new Wants(layout, this.have, ofThisTorrent(wanted).copy(), all, out);
    picker = new Picker(layout, wants.missing(), new SplittableRandom(random.nextLong()));
    downloads = new Downloads(picker, all, out);
    verdicts =
        new Verdicts(layout, Collections.unmodifiableMap(peers), wants, picker, downloads, out);
    uploads = new Uploads(layout, this.have, out);
    choker = new Choker(options, all, uploads, new SplittableRandom(random.nextLong()));
    messages = new PeerMessages(wants, picker, downloads, uploads, choker, out);
  }

  private PieceSet ofThisTorrent(PieceSet pieces) {
    if (pieces.size() != layout.pieceCount()) {
      throw new IllegalArgumentException(
          "a set of " + pieces.size() + " pieces for " + layout.pieceCount());
    }
    return pieces;
  }

  /// Takes in one event.
  ///
  /// @param now monotonic
  /// @return what to do about it, in this order
  /// @throws IllegalArgumentException if the driver broke its side: a link joined twice, a piece
  ///     that is not there, a message that does not belong here
  public List<Output> handle(Input input, Instant now) {
    switch (input) {
      case Input.PeerJoined(Link link, Fast fast, IpAddress ip) -> joined(link, fast, ip, now);
      case Input.PeerLeft(Link link) -> left(link, now);
      case Input.PieceChecked(int piece, Verdict verdict) -> checked(piece, verdict, now);
      case Input.PieceLost(int piece) -> lost(piece, now);
      case Input.Want(PieceSet pieces) -> verdicts.want(ofThisTorrent(pieces).copy(), now);
      case Input.Tick _ -> tick(now);
      case Input.OfLink ofLink -> {
        Peer peer = peers.get(ofLink.link());
        if (peer != null) {
          handle(peer, ofLink, now);
        }
      }
    }
    settle(now);
    return out.take();
  }

  private void handle(Peer peer, Input.OfLink input, Instant now) {
    switch (input) {
      case Input.RequestQueue(_, int size) -> peer.requests.window.limit(size);
      case Input.Received(_, Message message) -> messages.received(peer, message, now);
      case Input.BlockArrived(_, Block block) -> downloads.arrived(peer, block, now);
      case Input.Served(_, Block block) -> uploads.served(peer, block, now);
      case Input.ServeFailed(_, Block block) -> uploads.failed(peer, block);
    }
  }

  private void joined(Link link, Fast fast, IpAddress ip, Instant now) {
    var peer = new Peer(link, fast, layout.pieceCount(), now);
    if (peers.putIfAbsent(link, peer) != null) {
      throw new IllegalArgumentException("link " + link + " joined twice");
    }
    uploads.greet(peer);
    uploads.grant(peer, infoHash, ip);
    choker.joined(now);
  }

  private void left(Link link, Instant now) {
    Peer peer = peers.remove(link);
    if (peer != null) {
      messages.left(peer);
      downloads.left(peer, now);
      choker.left(peer, now);
    }
  }

  private void checked(int piece, Verdict verdict, Instant now) {
    check(piece);
    switch (verdict) {
      case GOOD -> verdicts.good(piece, now);
      case BAD -> {
        lost(piece, now); // if we had it
        verdicts.bad(piece, now);
      }
    }
  }

  private void lost(int piece, Instant now) {
    check(piece);
    if (verdicts.lost(piece, now)) {
      uploads.lost(piece, peers.sequencedValues());
    }
  }

  private void check(int piece) {
    if (piece < 0 || piece >= layout.pieceCount()) {
      throw new IllegalArgumentException("piece " + piece + " of " + layout.pieceCount());
    }
  }

  private void tick(Instant now) {
    downloads.tick(now);
    if (choker.tick(isDone(), now)) {
      downloads.askAll(now);
    }
  }

  private void settle(Instant now) {
    for (Peer peer : out.takeClosed()) {
      left(peer.link, now);
    }
    downloads.settle(now);
  }

  /// When a [Input.Tick] is due, if at all. Earlier and later ones do no harm.
  public Optional<Instant> nextDeadline() {
    return Optional.ofNullable(Deadlines.earliest(downloads.nextDue(), choker.nextDue()));
  }

  /// A copy of the set of verified pieces.
  public PieceSet have() {
    return have.copy();
  }

  /// Whether all wanted pieces are there and verified.
  public boolean isDone() {
    return wants.missing().isEmpty();
  }

  /// Bytes of the wanted pieces that are not verified yet.
  public long remainingBytes() {
    return wants.missingBytes();
  }

  /// Whether the peer has every piece, as far as it told.
  public boolean isSeed(Link link) {
    Peer peer = peers.get(link);
    return peer != null && peer.pieces.isFull();
  }

  /// How each link does, in the order in which they joined.
  public List<LinkSnapshot> links(Instant now) {
    return peers.sequencedValues().stream().map(peer -> snapshot(peer, now)).toList();
  }

  private LinkSnapshot snapshot(Peer peer, Instant now) {
    return new LinkSnapshot(
        peer.link,
        peer.download.perSecond(Rate.SHORT, now),
        peer.states(choker.isOptimistic(peer)),
        peer.upload.perSecond(Rate.SHORT, now),
        peer.requests.count(),
        peer.pieces.copy());
  }
}
