package peerage.announce;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import peerage.bencode.Bencoded;
import peerage.bencode.MalformedMessage;
import peerage.peers.Family;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;

/// What a tracker says to an announce by HTTP.
public sealed interface AnnounceResponse {
  /// The largest body that is read, in bytes. The longest honest one, [#MAX_PEERS] dictionaries
  /// with a peer id each, has a quarter of that.
  int MAX_BYTES = 1 << 20;

  /// The most peers taken from one answer: ten times what we ask for.
  int MAX_PEERS = 2_000;

  /// The most characters taken of a text to show.
  int MAX_TEXT = 256;

  /// The shortest interval a tracker gets from us: below it, a broken tracker would have its
  /// clients attack it.
  Duration INTERVAL_MIN = Duration.ofSeconds(30);

  /// The longest interval we keep to: a torrent that is seldom announced is soon forgotten.
  Duration INTERVAL_MAX = Duration.ofHours(24);

  /// The interval of a tracker that says none, against BEP 3 (libtorrent takes as much).
  Duration INTERVAL_DEFAULT = Duration.ofMinutes(30);

  /// The announce was accepted.
  ///
  /// @param interval when to announce again; 1 s at least, and once decoded within
  ///     [#INTERVAL_MIN] and [#INTERVAL_MAX]
  /// @param minInterval never announce again before; once decoded within the same bounds
  /// @param peers where other peers listen, by the tracker's word
  /// @param seeds how many are complete
  /// @param leeches how many are not
  /// @param trackerId to be said with the next announce, one `char` per byte
  /// @param externalIp our own address as the tracker sees it (BEP 24)
  /// @param warning a sentence for the user
  /// @param peersSkipped entries that name nobody to dial: host names, which are never looked up,
  ///     port 0, and what is no address at all
  record Answer(
      Duration interval,
      Optional<Duration> minInterval,
      List<PeerAddress> peers,
      OptionalInt seeds,
      OptionalInt leeches,
      Optional<String> trackerId,
      Optional<IpAddress> externalIp,
      Optional<String> warning,
      int peersSkipped)
      implements AnnounceResponse {
    /// Copies the list.
    ///
    /// @throws IllegalArgumentException if the interval is under a second
    public Answer {
      if (interval.toSeconds() < 1) {
        throw new IllegalArgumentException("an interval is 1 s at least, not " + interval);
      }
      peers = List.copyOf(peers);
    }

    /// An answer that says no more than BEP 3 asks for.
    public static Answer of(Duration interval, List<PeerAddress> peers) {
      return new Answer(
          interval,
          Optional.empty(),
          peers,
          OptionalInt.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          0);
    }

    @Override
    public byte[] encode() {
      var dict = Bencoded.Dict.builder().put("interval", interval.toSeconds());
      minInterval.ifPresent(it -> dict.put("min interval", it.toSeconds()));
      seeds.ifPresent(count -> dict.put("complete", count));
      leeches.ifPresent(count -> dict.put("incomplete", count));
      trackerId.ifPresent(id -> dict.put("tracker id", id.getBytes(ISO_8859_1)));
      externalIp.ifPresent(ip -> dict.put("external ip", ip.bytes()));
      warning.ifPresent(text -> dict.put("warning message", text));
      dict.put("peers", compact(Family.V4));
      byte[] peers6 = compact(Family.V6);
      if (peers6.length > 0) {
        dict.put("peers6", peers6);
      }
      return dict.build().encode();
    }

    private byte[] compact(Family family) {
      List<PeerAddress> some = peers.stream().filter(peer -> peer.family() == family).toList();
      ByteBuffer bytes = ByteBuffer.allocate(some.size() * family.compactSize());
      some.forEach(peer -> peer.writeCompact(bytes));
      return bytes.array();
    }
  }

  /// The announce was refused.
  ///
  /// @param reason the tracker's words, fit to show
  /// @param retry whether and when to come back
  record Failure(String reason, Retry retry) implements AnnounceResponse {
    @Override
    public byte[] encode() {
      var dict = Bencoded.Dict.builder().put("failure reason", reason);
      switch (retry) {
        case Retry.Unsaid() -> {}
        case Retry.After(Duration delay) -> dict.put("retry in", delay.toMinutes());
        case Retry.Never() -> dict.put("retry in", "never");
      }
      return dict.build().encode();
    }
  }

  /// Whether a tracker that refused wants to be asked again (BEP 31).
  sealed interface Retry {
    /// It did not say.
    record Unsaid() implements Retry {}

    /// Not before this has passed; at most [#INTERVAL_MAX].
    record After(Duration delay) implements Retry {}

    /// Not any more: there is no tracker, say.
    record Never() implements Retry {}
  }

  /// The bencoded body of an HTTP answer, peers in compact form (BEP 23, BEP 7).
  byte[] encode();

  /// Reads the body of an HTTP answer, whatever its status code: trackers refuse with 200 and with
  /// 4xx alike. Bencode is read leniently, texts are made fit to show, and what is out of bounds is
  /// brought within.
  ///
  /// @throws MalformedMessage with a sentence for the user if this is no tracker's answer
  static AnnounceResponse decode(byte[] body) throws MalformedMessage {
    return ResponseReader.read(body);
  }
}
