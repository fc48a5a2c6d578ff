package peerage.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import peerage.bencode.BencodeLimits;
import peerage.bencode.BencodeReader;
import peerage.bencode.Bencoded;
import peerage.bencode.MalformedMessage;
import peerage.bencode.StrangersText;
import peerage.wire.TorrentFile.Kind;

/// Reads the bencoded dictionary of a torrent into a [Metainfo], or says why not.
final class MetainfoReader {
  private final Bencoded.Dict info;
  private final SafePath paths = new SafePath();
  private final List<TorrentFile> files = new ArrayList<>();
  private long totalLength;

  private MetainfoReader(Bencoded.Dict info) {
    this.info = info;
  }

  /// Real torrents have unsorted keys, so the reader is lenient, and the info-hash is over the raw
  /// bytes: a second encoding would sort them.
  static Metainfo read(byte[] file) throws MalformedMessage {
    BencodeReader reader = BencodeReader.lenient(BencodeLimits.TORRENT);
    Bencoded.Dict torrent = reader.readDict(ByteBuffer.wrap(file));
    Bencoded.Dict info =
        torrent.dict("info").orElseThrow(() -> refused("it has no info dictionary"));
    ByteBuffer raw = reader.rawEntry(ByteBuffer.wrap(file), "info").orElseThrow();
    byte[] infoBytes = new byte[raw.remaining()];
    raw.get(infoBytes);
    return new MetainfoReader(info).read(infoBytes, AboutReader.read(torrent));
  }

  static Metainfo readInfo(byte[] infoBytes, List<List<String>> trackers) throws MalformedMessage {
    BencodeReader reader = BencodeReader.lenient(BencodeLimits.TORRENT);
    Bencoded.Dict info = reader.readDict(ByteBuffer.wrap(infoBytes));
    var about =
        new Metainfo.About(
            trackers, List.of(), Optional.empty(), Optional.empty(), OptionalLong.empty());
    return new MetainfoReader(info).read(infoBytes, about);
  }

  private Metainfo read(byte[] infoBytes, Metainfo.About about) throws MalformedMessage {
    Metainfo.Hashes hashes = hashes(infoBytes);
    int pieceLength = pieceLength();
    String name = text(info, "name").orElseThrow(() -> refused("it has no name"));
    boolean single = isSingleFile();
    if (single) {
      add(List.of(name), length(info, name), Kind.DATA);
    } else {
      readFiles(name);
    }
    checkTotal(hashes.size() / Metainfo.HASH_SIZE, pieceLength);
    var layout = new Metainfo.Layout(name, single, List.copyOf(files), pieceLength, totalLength);
    // BEP 27 says 1. Departure: any other number but 0 is private too, the side on which to err.
    boolean isPrivate = info.integer("private").orElse(0) != 0;
    return new Metainfo(layout, infoBytes, hashes, isPrivate, about);
  }

  private Metainfo.Hashes hashes(byte[] infoBytes) throws MalformedMessage {
    Optional<Bencoded.Bytes> pieces = info.bytes("pieces");
    if (pieces.isEmpty() && info.integer("meta version").orElse(1) == 2) {
      throw refused("it is of version 2 only (BEP 52), and this client speaks version 1");
    }
    int size = pieces.map(Bencoded.Bytes::length).orElse(0);
    if (size == 0 || size % Metainfo.HASH_SIZE != 0) {
      throw refused("its piece hashes have " + size + " bytes, which is no multiple of 20");
    }
    if (size / Metainfo.HASH_SIZE > Metainfo.MAX_PIECES) {
      throw refused("it has more than " + Metainfo.MAX_PIECES + " pieces");
    }
    ByteBuffer raw =
        BencodeReader.lenient(BencodeLimits.TORRENT)
            .rawEntry(ByteBuffer.wrap(infoBytes), "pieces")
            .orElseThrow();
    return new Metainfo.Hashes(raw.arrayOffset() + raw.limit() - size, size);
  }

  private int pieceLength() throws MalformedMessage {
    OptionalLong length = info.integer("piece length");
    if (length.isEmpty()) {
      throw refused("it has no piece length");
    }
    if (length.getAsLong() < Metainfo.MIN_PIECE_LENGTH
        || length.getAsLong() > Metainfo.MAX_PIECE_LENGTH) {
      throw refused("its piece length is " + length.getAsLong() + " bytes");
    }
    return (int) length.getAsLong();
  }

  /// BEP 3: "There is also a key length or a key files, but not both or neither."
  private boolean isSingleFile() throws MalformedMessage {
    boolean single = info.get("length").isPresent();
    if (single == info.get("files").isPresent()) {
      throw refused(single ? "it has both a length and files" : "it has no files");
    }
    return single;
  }

  private void readFiles(String name) throws MalformedMessage {
    List<Bencoded> entries = info.items("files").orElse(List.of());
    if (entries.isEmpty()) {
      throw refused("it has no files");
    }
    if (entries.size() > Metainfo.MAX_FILES) {
      throw refused("it has more than " + Metainfo.MAX_FILES + " files");
    }
    for (Bencoded entry : entries) {
      if (!(entry instanceof Bencoded.Dict file)) {
        throw refused("one of its files is no dictionary");
      }
      List<String> path = path(name, file);
      Kind kind = kind(file);
      // libtorrent: "symlinks have an implied size of zero"
      add(path, kind == Kind.SYMLINK ? 0 : length(file, path.getLast()), kind);
    }
  }

  private static List<String> path(String name, Bencoded.Dict file) throws MalformedMessage {
    List<Bencoded> names = file.items("path").orElse(List.of());
    if (!areText(names)) {
      names = file.items("path.utf-8").orElse(names);
    }
    if (names.isEmpty()) {
      throw refused("one of its files has no path");
    }
    if (names.size() >= SafePath.MAX_DEPTH) {
      throw refused("one of its files lies deeper than " + SafePath.MAX_DEPTH + " folders");
    }
    var path = new ArrayList<String>(names.size() + 1);
    path.add(name);
    for (Bencoded part : names) {
      if (!(part instanceof Bencoded.Bytes bytes)) {
        throw refused("one of its files has a path that is no list of names");
      }
      path.add(bytes.text());
    }
    return path;
  }

  private static boolean areText(List<Bencoded> names) {
    return names.stream().allMatch(n -> n instanceof Bencoded.Bytes bytes && bytes.isText());
  }

  /// The text at a key; if that is no UTF-8, then the one that old programs put beside it.
  private static Optional<String> text(Bencoded.Dict dict, String key) {
    Optional<Bencoded.Bytes> bytes = dict.bytes(key);
    return bytes.isPresent() && bytes.get().isText()
        ? bytes.map(Bencoded.Bytes::text)
        : dict.bytes(key + ".utf-8").or(() -> bytes).map(Bencoded.Bytes::text);
  }

  /// BEP 47: `attr` is "a variable-length string", one letter for each attribute.
  private static Kind kind(Bencoded.Dict file) {
    String letters = file.text("attr").orElse("");
    if (letters.indexOf('l') >= 0) {
      return Kind.SYMLINK;
    }
    return letters.indexOf('p') >= 0 ? Kind.PADDING : Kind.DATA;
  }

  private static long length(Bencoded.Dict file, String name) throws MalformedMessage {
    long length = file.integer("length").orElse(-1);
    if (length < 0) {
      String shown = StrangersText.printable(name, SafePath.MAX_NAME_BYTES);
      throw refused("its file \"" + shown + "\" has no length");
    }
    return length;
  }

  /// Padding often has one name for many files, and nobody creates it: only data claims its path.
  private void add(List<String> path, long length, Kind kind) throws MalformedMessage {
    SafePath.check(path);
    if (kind == Kind.DATA) {
      paths.claim(path);
    }
    if (length > (long) Metainfo.MAX_PIECES * Metainfo.MAX_PIECE_LENGTH - totalLength) {
      throw refused("its files are longer than any number of pieces");
    }
    files.add(new TorrentFile(path, totalLength, length, kind));
    totalLength += length;
  }

  private void checkTotal(int pieces, int pieceLength) throws MalformedMessage {
    if (totalLength == 0) {
      throw refused("all its files are empty");
    }
    long needed = (totalLength + pieceLength - 1) / pieceLength;
    if (needed != pieces) {
      throw refused("it needs " + needed + " piece hashes and has " + pieces);
    }
  }

  static MalformedMessage refused(String reason) {
    return new MalformedMessage("the torrent cannot be used: " + reason);
  }
}
