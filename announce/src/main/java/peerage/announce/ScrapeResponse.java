package peerage.announce;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import peerage.bencode.BencodeLimits;
import peerage.bencode.BencodeReader;
import peerage.bencode.Bencoded;
import peerage.bencode.MalformedMessage;
import peerage.bencode.StrangersText;
import peerage.peers.InfoHash;

/// What a tracker says to a scrape by HTTP (BEP 48).
public sealed interface ScrapeResponse {
  /// The largest body that is read, in bytes: far more than [ScrapeRequest#MAX_HASHES] swarms need.
  int MAX_BYTES = 1 << 16;

  /// The figures.
  ///
  /// @param figures of the swarms that the tracker knows
  /// @param minRequestInterval do not ask again before, if it says so
  record Figures(
      SequencedMap<InfoHash, SwarmFigures> figures, Optional<Duration> minRequestInterval)
      implements ScrapeResponse {
    /// Copies the map.
    public Figures {
      figures = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(figures));
    }

    @Override
    public byte[] encode() {
      var files = Bencoded.Dict.builder();
      figures.forEach(
          (hash, it) ->
              files.put(
                  new String(hash.bytes(), ISO_8859_1),
                  Bencoded.Dict.builder()
                      .put("complete", it.seeds())
                      .put("downloaded", it.completed())
                      .put("incomplete", it.leeches())
                      .build()));
      var dict = Bencoded.Dict.builder().put("files", files.build());
      minRequestInterval.ifPresent(
          it ->
              dict.put(
                  "flags",
                  Bencoded.Dict.builder().put("min_request_interval", it.toSeconds()).build()));
      return dict.build().encode();
    }
  }

  /// The tracker refused.
  ///
  /// @param reason its words, fit to show
  record Refused(String reason) implements ScrapeResponse {
    @Override
    public byte[] encode() {
      return Bencoded.Dict.builder().put("failure reason", reason).build().encode();
    }
  }

  /// The bencoded body of an HTTP answer.
  byte[] encode();

  /// Reads the body of an HTTP answer. Bencode is read leniently; a figure that is missing or out
  /// of bounds is 0, a key that is no info hash is passed over.
  ///
  /// @throws MalformedMessage with a sentence for the user if this is no tracker's answer
  static ScrapeResponse decode(byte[] body) throws MalformedMessage {
    if (body.length > MAX_BYTES) {
      throw malformed("has more than " + MAX_BYTES + " bytes");
    }
    Bencoded.Dict dict;
    try {
      dict = BencodeReader.lenient(BencodeLimits.DEFAULT).readDict(ByteBuffer.wrap(body));
    } catch (MalformedMessage _) {
      throw malformed("is no bencode");
    }
    Optional<String> reason = dict.text("failure reason");
    if (reason.isPresent()) {
      return new Refused(StrangersText.printable(reason.get(), AnnounceResponse.MAX_TEXT));
    }
    Bencoded.Dict files =
        dict.dict("files").orElseThrow(() -> malformed("holds neither figures nor a reason"));
    var figures = new LinkedHashMap<InfoHash, SwarmFigures>();
    for (Map.Entry<String, Bencoded> entry : files.entries().entrySet()) {
      if (entry.getKey().length() == 20 && entry.getValue() instanceof Bencoded.Dict file) {
        figures.put(InfoHash.of(entry.getKey().getBytes(ISO_8859_1)), figures(file));
      }
    }
    return new Figures(figures, interval(dict));
  }

  private static SwarmFigures figures(Bencoded.Dict file) {
    return new SwarmFigures(
        count(file, "complete"), count(file, "downloaded"), count(file, "incomplete"));
  }

  private static int count(Bencoded.Dict file, String key) {
    return (int) Math.clamp(file.integer(key).orElse(0), 0L, Integer.MAX_VALUE);
  }

  private static Optional<Duration> interval(Bencoded.Dict dict) {
    long seconds =
        dict.dict("flags").map(it -> it.integer("min_request_interval").orElse(0)).orElse(0L);
    long most = AnnounceResponse.INTERVAL_MAX.toSeconds();
    return seconds < 1
        ? Optional.empty()
        : Optional.of(Duration.ofSeconds(Math.min(seconds, most)));
  }

  private static MalformedMessage malformed(String problem) {
    return new MalformedMessage("the tracker's answer " + problem);
  }
}
