package peerage.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import peerage.bencode.Bencoded;
import peerage.bencode.MalformedMessage;
import peerage.pieces.PieceLayout;
import peerage.pieces.PieceSet;
import peerage.wire.Block;
import peerage.wire.Metainfo;
import peerage.wire.TorrentFile;

/// A torrent of a few files of random bytes, and the bytes.
final class SmallTorrent {
  private final Metainfo metainfo;
  private final byte[] content;

  private SmallTorrent(Metainfo metainfo, byte[] content) {
    this.metainfo = metainfo;
    this.content = content;
  }

  /// A file to be: its path below the torrent's folder, `/` between the names.
  record Entry(String path, int length, String attributes) {
    static Entry data(String path, int length) {
      return new Entry(path, length, "");
    }

    static Entry padding(int length) {
      return new Entry(".pad/" + length, length, "p");
    }
  }

  static RandomGenerator random(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  /// The folder is called `t`.
  static SmallTorrent of(int pieceLength, Entry... entries) {
    int total = Arrays.stream(entries).mapToInt(Entry::length).sum();
    byte[] content = new byte[total];
    random(pieceLength + entries.length).nextBytes(content);
    int offset = 0;
    for (Entry entry : entries) {
      if (entry.attributes.contains("p")) {
        Arrays.fill(content, offset, offset + entry.length, (byte) 0);
      }
      offset += entry.length;
    }
    return of(pieceLength, content, entries);
  }

  static SmallTorrent of(int pieceLength, byte[] content, Entry... entries) {
    List<Bencoded> files = new ArrayList<>();
    for (Entry entry : entries) {
      var names = Arrays.stream(entry.path.split("/")).map(Bencoded.Bytes::of).toList();
      var file = Bencoded.Dict.builder().put("path", Bencoded.items(names));
      if (!entry.attributes.isEmpty()) {
        file.put("attr", entry.attributes);
      }
      files.add(file.put("length", entry.length).build());
    }
    var info =
        Bencoded.Dict.builder()
            .put("name", "t")
            .put("piece length", pieceLength)
            .put("pieces", hashes(content, pieceLength))
            .put("files", Bencoded.items(files));
    try {
      byte[] torrent = Bencoded.Dict.builder().put("info", info.build()).build().encode();
      return new SmallTorrent(Metainfo.parse(torrent), content);
    } catch (MalformedMessage e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] hashes(byte[] content, int pieceLength) {
    ByteBuffer hashes = ByteBuffer.allocate(Math.ceilDiv(content.length, pieceLength) * 20);
    for (int at = 0; at < content.length; at += pieceLength) {
      var digest = PieceReader.sha1();
      digest.update(content, at, Math.min(pieceLength, content.length - at));
      hashes.put(digest.digest());
    }
    return hashes.array();
  }

  Metainfo metainfo() {
    return metainfo;
  }

  byte[] content() {
    return content;
  }

  PieceLayout layout() {
    return new PieceLayout(metainfo.pieceLength(), metainfo.totalLength());
  }

  int pieces() {
    return metainfo.pieceCount();
  }

  /// A direct buffer of its bytes, as the network brings them.
  ByteBuffer bytes(long offset, int length) {
    return ByteBuffer.allocateDirect(length).put(content, (int) offset, length).flip();
  }

  ByteBuffer bytes(Block block) {
    return bytes((long) block.piece() * metainfo.pieceLength() + block.begin(), block.length());
  }

  byte[] contentOf(TorrentFile file) {
    return Arrays.copyOfRange(content, (int) file.offset(), (int) (file.offset() + file.length()));
  }

  /// Puts complete files below a directory.
  void putInto(Path directory) throws IOException {
    for (TorrentFile file : metainfo.files()) {
      if (file.kind() == TorrentFile.Kind.DATA) {
        put(file, directory);
      }
    }
  }

  void put(TorrentFile file, Path directory) throws IOException {
    Path path = place(file, directory);
    Files.createDirectories(path.getParent());
    Files.write(path, contentOf(file));
  }

  static Path place(TorrentFile file, Path directory) {
    return directory.resolve(String.join("/", file.path()));
  }

  Path place(int file, Path directory) {
    return place(metainfo.files().get(file), directory);
  }

  /// A set of some of its pieces.
  PieceSet set(int... pieces) {
    var set = new PieceSet(pieces());
    for (int piece : pieces) {
      set.add(piece);
    }
    return set;
  }
}
