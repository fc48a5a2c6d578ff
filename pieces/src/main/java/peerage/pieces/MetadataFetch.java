package peerage.pieces;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import peerage.peers.InfoHash;
import peerage.peers.Link;
import peerage.wire.MetadataMessage;
import peerage.wire.Metainfo;

/// Fetches the metadata of a magnet from several peers at once (BEP 9), and verifies it as a whole:
/// there is no other way, for the info-hash is over all of it.
///
/// A block is asked from one peer at a time, and again from another when that one rejects it or is
/// silent; the last ones from two. Peers may say different sizes: each size is tried apart, with
/// the peers that say it, so a liar wastes nobody's time but its own. A whole that is false and
/// came from one peer tells who lied; of several peers nobody knows, so from then on all blocks are
/// taken from one peer alone, until one such whole is true. Then those blocks of the false one that
/// differ name their senders.
///
/// Not thread-safe; owned by one loop.
public final class MetadataFetch {
  /// Why a link is distrusted that sent false metadata: it calls for a ban.
  public static final String FALSE_METADATA = "sent false metadata";

  /// Blocks that a peer may owe us. A guess: four fill a usual line, and Transmission serves at
  /// least 64 in a row.
  static final int PIPELINE = 4;

  /// Sizes that are tried at the same time. A guess: the true one, and three lies.
  static final int MAX_SIZES = 4;

  /// A larger size is tried only if most peers say it: it bounds what lies may cost in memory. A
  /// guess: eight MiB are the hashes of 400,000 pieces.
  static final int MAX_MINORITY_SIZE = 8 * 1024 * 1024;

  /// What happened.
  public sealed interface Input {
    /// The peer's extension handshake offers `ut_metadata`.
    ///
    /// @param size what it says the size is; empty if it does not say, for lack of the metadata, or
    ///     because it got it later
    record Offered(Link link, OptionalInt size) implements Input {}

    /// A message of the extension came.
    record Received(Link link, MetadataMessage message) implements Input {}

    /// The connection is gone, or offers `ut_metadata` no longer.
    record PeerLeft(Link link) implements Input {}

    /// A deadline passed.
    record Tick() implements Input {}
  }

  /// What the driver is to do.
  public sealed interface Output {
    /// Send a request for this block.
    record Ask(Link link, int block) implements Output {}

    /// Close this connection, and do not dial its address again.
    record Distrust(Link link, String reason) implements Output {}

    /// The metadata is here and verified. Said once, and last.
    ///
    /// @param info ours no longer
    @SuppressWarnings("ArrayRecordComponent") // up to 64 MiB: handed over, never compared
    record Done(byte[] info) implements Output {}

    /// Something odd, worth a counter.
    record Counted(Link link, String what) implements Output {}
  }

  private final InfoHash infoHash;
  private final SequencedMap<Link, MetadataPeer> peers = new LinkedHashMap<>();
  private final SequencedMap<Integer, MetadataAttempt> attempts = new LinkedHashMap<>();
  private final List<Output> out = new ArrayList<>();
  private Instant lastNow = Instant.MIN;
  private boolean done;

  /// @param infoHash what the metadata must hash to
  public MetadataFetch(InfoHash infoHash) {
    this.infoHash = infoHash;
  }

  /// Takes in one event.
  ///
  /// @param now monotonic
  public List<Output> handle(Input input, Instant now) {
    if (done) {
      return List.of();
    }
    lastNow = now;
    switch (input) {
      case Input.Offered(Link link, OptionalInt size) -> offered(link, size);
      case Input.PeerLeft(Link link) -> left(link);
      case Input.Received(Link link, MetadataMessage message) -> {
        MetadataPeer peer = peers.get(link);
        if (peer != null) {
          received(peer, message, now);
        }
      }
      case Input.Tick() -> {}
    }
    peers.values().stream().filter(peer -> peer.isSilent(now)).forEach(peer -> failed(peer, now));
    if (!done) {
      ask(now);
    }
    List<Output> taken = List.copyOf(out);
    out.clear();
    return taken;
  }

  /// When a [Input.Tick] is due, if at all.
  public Optional<Instant> nextDeadline() {
    return done
        ? Optional.empty()
        : peers.values().stream()
            .flatMap(peer -> peer.deadline(lastNow).stream())
            .min(Comparator.naturalOrder());
  }

  /// How far it is, of the size that most peers say.
  public MetadataProgress progress() {
    int having = (int) peers.values().stream().filter(peer -> peer.size > 0).count();
    return sizes().stream()
        .findFirst()
        .map(attempts::get)
        .map(best -> new MetadataProgress(best.count(), best.blockCount(), having))
        .orElse(new MetadataProgress(0, 0, having));
  }

  private void offered(Link link, OptionalInt size) {
    MetadataPeer peer = peers.computeIfAbsent(link, MetadataPeer::new);
    if (peer.size == 0 && size.isPresent()) {
      claim(peer, size.getAsInt());
    } else if (size.isPresent() && size.getAsInt() != peer.size) {
      out.add(new Output.Counted(link, "another size than before"));
    }
  }

  private void claim(MetadataPeer peer, int size) {
    if (size >= 1 && size <= MetadataMessage.MAX_SIZE) {
      peer.size = size;
    }
  }

  private void left(Link link) {
    MetadataPeer peer = peers.remove(link);
    if (peer != null) {
      yieldSolo(peer);
    }
  }

  private void received(MetadataPeer peer, MetadataMessage message, Instant now) {
    switch (message) {
      case MetadataMessage.Request _ -> {} // not to us: see MetadataServe
      case MetadataMessage.Reject(int block) -> {
        if (peer.owed.contains(block)) {
          failed(peer, now);
        }
      }
      case MetadataMessage.Data data -> arrived(peer, data, now);
    }
  }

  private void failed(MetadataPeer peer, Instant now) {
    peer.fail(now);
    yieldSolo(peer);
  }

  /// Nobody waits for a peer from which all blocks were to come.
  private void yieldSolo(MetadataPeer peer) {
    MetadataAttempt attempt = attempts.get(peer.size);
    if (attempt != null && peer.link.equals(attempt.solo)) {
      attempt.restart();
    }
  }

  private void arrived(MetadataPeer peer, MetadataMessage.Data data, Instant now) {
    int block = data.block();
    if (!peer.asked.get(block)) {
      out.add(new Output.Counted(peer.link, "a block that was not asked for"));
      return;
    }
    peer.answered(block, now);
    if (peer.size == 0) {
      claim(peer, data.totalSize());
    }
    boolean contradicts = data.totalSize() != 0 && data.totalSize() != peer.size;
    if (peer.size == 0 || contradicts || block >= MetadataMessage.blocks(peer.size)) {
      distrust(peer.link, "said two sizes of the metadata");
    } else if (data.bytes().length != MetadataMessage.blockLength(peer.size, block)) {
      distrust(peer.link, "sent a block of metadata of the wrong length");
    } else {
      keep(peer, data);
    }
  }

  private void keep(MetadataPeer peer, MetadataMessage.Data data) {
    open();
    MetadataAttempt attempt = attempts.get(peer.size);
    if (attempt == null
        || attempt.has(data.block())
        || !(attempt.isMixed || peer.link.equals(attempt.solo))) {
      return; // somebody was faster, or it is not its turn
    }
    attempt.put(data.block(), data.bytes(), peer.link);
    if (attempt.isComplete()) {
      verify(attempt);
    }
  }

  private void verify(MetadataAttempt attempt) {
    byte[] whole = attempt.whole();
    if (Metainfo.infoHashOf(whole).equals(infoHash)) {
      attempt.liars().forEach(liar -> distrust(liar, FALSE_METADATA));
      out.add(new Output.Done(whole));
      done = true;
      peers.clear();
      attempts.clear();
      return;
    }
    var contributors = attempt.contributors();
    if (contributors.size() == 1) {
      attempt.restart();
      distrust(contributors.getFirst(), FALSE_METADATA);
    } else {
      attempt.suspectAll();
      attempt.restart();
    }
    for (MetadataPeer peer : peers.values()) {
      if (peer.size == whole.length) {
        peer.owed.clear();
      }
    }
  }

  private void distrust(Link link, String reason) {
    if (peers.containsKey(link)) {
      left(link);
      out.add(new Output.Distrust(link, reason));
    }
  }

  // Asking

  /// The sizes that peers say, those of most peers first, then those said first.
  private List<Integer> sizes() {
    var votes = new LinkedHashMap<Integer, Integer>();
    peers.values().stream()
        .filter(peer -> peer.size > 0)
        .forEach(peer -> votes.merge(peer.size, 1, Integer::sum));
    return votes.entrySet().stream()
        .sorted(Collections.reverseOrder(java.util.Map.Entry.comparingByValue()))
        .map(java.util.Map.Entry::getKey)
        .toList();
  }

  /// Begins and ends attempts, so that there is one for each size worth trying.
  private void open() {
    List<Integer> sizes = sizes();
    List<Integer> worth =
        Stream.concat(
                sizes.stream().limit(1),
                sizes.stream().skip(1).filter(size -> size <= MAX_MINORITY_SIZE))
            .limit(MAX_SIZES)
            .toList();
    if (!worth.isEmpty()) { // else a peer may come again, and what is here stays
      attempts.keySet().retainAll(worth);
    }
    worth.forEach(size -> attempts.computeIfAbsent(size, MetadataAttempt::new));
  }

  private void ask(Instant now) {
    open();
    attempts.forEach((size, attempt) -> ask(size, attempt, now));
    for (MetadataPeer peer : peers.values()) {
      if (peer.size == 0 && peer.owed.isEmpty() && !peer.isPaused(now)) {
        request(peer, 0, now); // it may have got it since; its answer says the size
      }
    }
  }

  private void ask(int size, MetadataAttempt attempt, Instant now) {
    List<MetadataPeer> able =
        peers.values().stream().filter(peer -> peer.size == size && !peer.isPaused(now)).toList();
    if (!attempt.isMixed) {
      able = alone(attempt, able);
    }
    boolean asked = true;
    while (asked) { // a block for each in turn, so that several share a short list
      asked = false;
      for (MetadataPeer peer : able) {
        asked |= peer.owed.size() < PIPELINE && askNext(peer, attempt, able, now);
      }
    }
  }

  private static List<MetadataPeer> alone(MetadataAttempt attempt, List<MetadataPeer> able) {
    if (attempt.solo == null) {
      attempt.solo =
          able.stream()
              .min(Comparator.comparing(peer -> attempt.isSuspect(peer.link)))
              .map(peer -> peer.link)
              .orElse(null);
    }
    @Nullable Link chosen = attempt.solo;
    return able.stream().filter(peer -> peer.link.equals(chosen)).toList();
  }

  private boolean askNext(
      MetadataPeer peer, MetadataAttempt attempt, List<MetadataPeer> able, Instant now) {
    int twice = -1;
    for (int block = 0; block < attempt.blockCount(); block++) {
      if (!attempt.has(block) && !peer.owed.contains(block)) {
        int wanted = block;
        long others = able.stream().filter(other -> other.owed.contains(wanted)).count();
        if (others == 0) {
          request(peer, block, now);
          return true;
        }
        twice = twice < 0 && others == 1 ? block : twice;
      }
    }
    if (twice >= 0 && peer.owed.isEmpty()) { // the end game: whoever has nothing to do helps
      request(peer, twice, now);
      return true;
    }
    return false;
  }

  private void request(MetadataPeer peer, int block, Instant now) {
    peer.ask(block, now);
    out.add(new Output.Ask(peer.link, block));
  }
}
