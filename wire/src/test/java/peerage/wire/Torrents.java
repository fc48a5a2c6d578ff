package peerage.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import peerage.bencode.Bencoded;
import peerage.bencode.MalformedMessage;

/// Torrents for tests, made by hand so that they can be wrong.
final class Torrents {
  private Torrents() {}

  /// One file `a.txt` of 3,000 bytes in 3 pieces.
  static Bencoded.Dict.Builder single() {
    return Bencoded.Dict.builder()
        .put("length", 3000)
        .put("name", "a.txt")
        .put("piece length", 1024)
        .put("pieces", new byte[60]);
  }

  /// A folder `top` of these files, whose lengths add up to 3 pieces of 1,024 bytes.
  static Bencoded.Dict.Builder folder(Bencoded... files) {
    return Bencoded.Dict.builder()
        .put("files", Bencoded.items(List.of(files)))
        .put("name", "top")
        .put("piece length", 1024)
        .put("pieces", new byte[60]);
  }

  static Bencoded.Dict.Builder file(long length, String... path) {
    List<Bencoded> names = new ArrayList<>();
    for (String name : path) {
      names.add(Bencoded.Bytes.of(name));
    }
    return Bencoded.Dict.builder().put("length", length).put("path", Bencoded.items(names));
  }

  static Metainfo parse(Bencoded.Dict.Builder info) throws MalformedMessage {
    return parseWith(Bencoded.Dict.builder(), info);
  }

  static Metainfo parseWith(Bencoded.Dict.Builder torrent, Bencoded.Dict.Builder info)
      throws MalformedMessage {
    return Metainfo.parse(torrent.put("info", info.build()).build().encode());
  }

  /// A builder of a valid random torrent.
  static MetainfoBuilder random(RandomGenerator random) {
    int pieceLength = 1024 << random.nextInt(8);
    int files = random.nextInt(10);
    long total = 0;
    MetainfoBuilder builder;
    if (files == 0) {
      total = 1L + random.nextInt(1_000_000);
      builder = MetainfoBuilder.ofFile("file " + random.nextInt(), total);
    } else {
      builder = MetainfoBuilder.ofFolder("folder é");
      for (int i = 0; i < files; i++) {
        int length = i == 0 ? 1 + random.nextInt(9999) : random.nextInt(3) * random.nextInt(99999);
        builder.file(List.of("sub" + random.nextInt(3), "file" + i), length);
        total += length;
      }
    }
    byte[] hashes = new byte[20 * (int) ((total + pieceLength - 1) / pieceLength)];
    random.nextBytes(hashes);
    return builder.pieces(pieceLength, hashes);
  }
}
