package peerage.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import peerage.bencode.Bencoded;
import peerage.bencode.MalformedMessage;

/// Makes the bytes of a `.torrent` file. The order in which files are added is the order of their
/// bytes. Not thread-safe.
public final class MetainfoBuilder {
  /// Shortest piece of [#defaultPieceLength(long)], in bytes: one block.
  public static final int MIN_DEFAULT_PIECE_LENGTH = Block.SIZE;

  /// Longest piece of [#defaultPieceLength(long)], in bytes. A guess: what is lost at most when one
  /// block of a piece is bad.
  public static final int MAX_DEFAULT_PIECE_LENGTH = 16 * 1024 * 1024;

  /// More pieces than this, and [#defaultPieceLength(long)] doubles their length: a torrent file of
  /// about 40 KB, and a piece every few seconds on a usual line.
  private static final int MANY_PIECES = 2000;

  private final Bencoded.Dict.Builder torrent = Bencoded.Dict.builder();
  private final Bencoded.Dict.Builder info = Bencoded.Dict.builder();
  private final List<Bencoded> files = new ArrayList<>();
  private final List<List<String>> tiers = new ArrayList<>();
  private final List<Bencoded> nodes = new ArrayList<>();

  private MetainfoBuilder(String name) {
    info.put("name", name);
  }

  /// Starts a torrent of one file without a folder.
  ///
  /// @param length of the file, in bytes
  public static MetainfoBuilder ofFile(String name, long length) {
    var builder = new MetainfoBuilder(name);
    builder.info.put("length", length);
    return builder;
  }

  /// Starts a torrent of a folder, to which [#file(List, long)] adds files.
  public static MetainfoBuilder ofFolder(String name) {
    return new MetainfoBuilder(name);
  }

  /// Adds a file of the folder.
  ///
  /// @param path its names below the folder
  /// @param length in bytes
  public MetainfoBuilder file(List<String> path, long length) {
    Bencoded names = Bencoded.items(path.stream().map(Bencoded.Bytes::of).toList());
    files.add(Bencoded.Dict.builder().put("length", length).put("path", names).build());
    return this;
  }

  /// Sets the length of every piece but the last, and the hashes of them all.
  ///
  /// @param length in bytes, see [#defaultPieceLength(long)]
  /// @param hashes the SHA-1 of each piece, one after the other
  public MetainfoBuilder pieces(int length, byte[] hashes) {
    info.put("piece length", length);
    info.put("pieces", hashes.clone());
    return this;
  }

  /// Adds a tier of trackers behind those added before (BEP 12).
  public MetainfoBuilder tier(List<String> urls) {
    if (!urls.isEmpty()) {
      tiers.add(List.copyOf(urls));
    }
    return this;
  }

  /// Adds a node by which to enter the DHT (BEP 5).
  ///
  /// @param host a name or an address, an IPv6 one without brackets
  /// @param port of UDP, 1 to 65535
  public MetainfoBuilder node(String host, int port) {
    nodes.add(Bencoded.items(List.of(Bencoded.Bytes.of(host), new Bencoded.Int(port))));
    return this;
  }

  /// Allows peers from the trackers only (BEP 27).
  public MetainfoBuilder markPrivate() {
    info.put("private", 1);
    return this;
  }

  /// Sets a name that trackers ask for, so that their torrents have their own info-hash.
  public MetainfoBuilder source(String source) {
    info.put("source", source);
    return this;
  }

  /// Sets what its author says about it.
  public MetainfoBuilder comment(String comment) {
    torrent.put("comment", comment);
    return this;
  }

  /// Sets the program that made it.
  public MetainfoBuilder createdBy(String program) {
    torrent.put("created by", program);
    return this;
  }

  /// Sets when it was made.
  ///
  /// @param seconds since 1970
  public MetainfoBuilder creationDate(long seconds) {
    torrent.put("creation date", seconds);
    return this;
  }

  /// The canonical bytes of the torrent.
  ///
  /// @throws IllegalArgumentException with a sentence to show, if [Metainfo#parse(byte[])] would
  ///     refuse them
  public byte[] encode() {
    if (!files.isEmpty()) {
      info.put("files", Bencoded.items(files));
    }
    if (!tiers.isEmpty()) {
      torrent.put("announce", tiers.getFirst().getFirst());
    }
    if (tiers.stream().flatMap(List::stream).count() > 1) {
      torrent.put("announce-list", Bencoded.items(tiers.stream().map(this::tierOf).toList()));
    }
    if (!nodes.isEmpty()) {
      torrent.put("nodes", Bencoded.items(nodes));
    }
    byte[] bytes = torrent.put("info", info.build()).build().encode();
    try {
      Metainfo.parse(bytes);
    } catch (MalformedMessage e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    return bytes;
  }

  private Bencoded tierOf(List<String> urls) {
    Stream<Bencoded> texts = urls.stream().map(Bencoded.Bytes::of);
    return Bencoded.items(texts.toList());
  }

  /// The piece length to take for this much data: the least power of two from 16 KiB to 16 MiB that
  /// makes at most 2,000 pieces. Between 32 MB and 32 GB that is 1,000 to 2,000 pieces.
  ///
  /// @param totalLength in bytes
  public static int defaultPieceLength(long totalLength) {
    int length = MIN_DEFAULT_PIECE_LENGTH;
    while (length < MAX_DEFAULT_PIECE_LENGTH && totalLength > (long) length * MANY_PIECES) {
      length *= 2;
    }
    return length;
  }
}
