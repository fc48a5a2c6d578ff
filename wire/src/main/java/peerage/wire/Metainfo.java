package peerage.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import peerage.bencode.MalformedMessage;
import peerage.peers.InfoHash;

/// A torrent (BEP 3): what a `.torrent` file says. Immutable.
///
/// The paths of its files are safe to create, its numbers agree with each other, and its texts are
/// fit for one line of a terminal. Of a hybrid torrent (BEP 52) this is the part of version 1.
public final class Metainfo {
  /// Most pieces of a torrent: libtorrent's `max_pieces`. A bitfield of them has 256 KiB.
  public static final int MAX_PIECES = 0x20_0000;

  /// Shortest piece, in bytes. A guess: below it the hashes weigh 2 % of the data, and no torrent
  /// was seen there.
  public static final int MIN_PIECE_LENGTH = 1024;

  /// Longest piece, in bytes: one fits a Java array. The longest that clients offer is 256 MiB.
  public static final int MAX_PIECE_LENGTH = 1 << 30;

  /// Most files of a torrent. A guess: what fits [peerage.bencode.BencodeLimits#TORRENT] when each
  /// says its length, its path and two things more.
  public static final int MAX_FILES = 500_000;

  /// Most trackers that we read of a torrent, over all tiers; the rest is left out. A guess: public
  /// lists that people paste have about 80.
  public static final int MAX_TRACKERS = 100;

  /// Longest tracker URL that we read, in bytes; a longer one is left out. A guess.
  public static final int MAX_URL_BYTES = 2048;

  /// Most nodes of the DHT that we read of a torrent (BEP 5); the rest is left out. A guess: those
  /// who make torrents write the 8 closest to them.
  public static final int MAX_NODES = 16;

  /// How much of a comment or a program's name we keep, in characters. A guess.
  public static final int MAX_TEXT = 1024;

  /// Bytes of a piece's hash: SHA-1.
  public static final int HASH_SIZE = 20;

  /// Largest `info` dictionary, in bytes: rTorrent's bound on `metadata_size`. What we read of a
  /// file is bounded by the reader.
  public static final int MAX_INFO_SIZE = 64 * 1024 * 1024;

  private final InfoHash infoHash;
  private final Layout layout;
  private final byte[] info;
  private final Hashes hashes;
  private final boolean isPrivate;
  private final About about;

  /// How the files lie in the pieces.
  record Layout(
      String name,
      boolean isSingleFile,
      List<TorrentFile> files,
      int pieceLength,
      long totalLength) {}

  /// Where the piece hashes stand in the bytes of the `info` dictionary, of which they are the
  /// largest part: they are kept once.
  record Hashes(int offset, int size) {}

  /// What stands outside the `info` dictionary.
  record About(
      List<List<String>> trackers,
      List<String> nodes,
      Optional<String> comment,
      Optional<String> createdBy,
      OptionalLong creationDate) {}

  /// @param info the undecoded `info` dictionary, ours to keep
  Metainfo(Layout layout, byte[] info, Hashes hashes, boolean isPrivate, About about) {
    this.infoHash = InfoHash.of(AllowedFast.sha1(info));
    this.layout = layout;
    this.info = info;
    this.hashes = hashes;
    this.isPrivate = isPrivate;
    this.about = about;
  }

  /// Reads a `.torrent` file. The caller bounds its size; 64 MiB holds every torrent within the
  /// limits above.
  ///
  /// @throws MalformedMessage with a sentence to show, if this is no torrent, or none that we take:
  ///     one of version 2 only, one whose paths would leave its folder, one beyond the limits
  public static Metainfo parse(byte[] file) throws MalformedMessage {
    return MetainfoReader.read(file);
  }

  /// Reads the `info` dictionary of a torrent, as peers send it to whoever has a magnet (BEP 9).
  ///
  /// @param info its bytes
  /// @param trackers as the magnet names them, by tiers
  /// @throws MalformedMessage as [#parse(byte[])]
  public static Metainfo ofInfo(byte[] info, List<List<String>> trackers) throws MalformedMessage {
    return MetainfoReader.readInfo(info, trackers);
  }

  /// This torrent with other trackers.
  ///
  /// @param trackers by tiers, best tier first
  public Metainfo withTrackers(List<List<String>> trackers) {
    var other =
        new About(
            trackers.stream().map(List::copyOf).toList(),
            about.nodes(),
            about.comment(),
            about.createdBy(),
            about.creationDate());
    return new Metainfo(this, other);
  }

  private Metainfo(Metainfo torrent, About about) {
    this.infoHash = torrent.infoHash;
    this.layout = torrent.layout;
    this.info = torrent.info;
    this.hashes = torrent.hashes;
    this.isPrivate = torrent.isPrivate;
    this.about = about;
  }

  /// The name of the swarm that has these bytes as `info` dictionary.
  public static InfoHash infoHashOf(byte[] info) {
    return InfoHash.of(AllowedFast.sha1(info));
  }

  /// The bytes of the `info` dictionary as they stand in the file: a read-only view.
  public ByteBuffer info() {
    return ByteBuffer.wrap(info).asReadOnlyBuffer();
  }

  /// SHA-1 over the bytes of the `info` dictionary as they stand in the file.
  public InfoHash infoHash() {
    return infoHash;
  }

  /// The name of the one file, or of the folder of all files.
  public String name() {
    return layout.name();
  }

  /// How many pieces, at least 1.
  public int pieceCount() {
    return hashes.size() / HASH_SIZE;
  }

  /// Bytes of every piece but the last.
  public int pieceLength() {
    return layout.pieceLength();
  }

  /// Bytes of one piece; the last may be shorter.
  ///
  /// @param piece from 0
  /// @throws IndexOutOfBoundsException if there is no such piece
  public int pieceLength(int piece) {
    Objects.checkIndex(piece, pieceCount());
    long begin = (long) piece * pieceLength();
    return (int) Math.min(pieceLength(), totalLength() - begin);
  }

  /// Bytes of all files together, padding included; at least 1.
  public long totalLength() {
    return layout.totalLength();
  }

  /// A fresh copy of the SHA-1 of a piece.
  ///
  /// @param piece from 0
  /// @throws IndexOutOfBoundsException if there is no such piece
  public byte[] pieceHash(int piece) {
    Objects.checkIndex(piece, pieceCount());
    int begin = hashes.offset() + piece * HASH_SIZE;
    return Arrays.copyOfRange(info, begin, begin + HASH_SIZE);
  }

  /// The files in the order of their bytes, at least one; no two of kind DATA have the same path.
  public List<TorrentFile> files() {
    return layout.files();
  }

  /// The tracker URLs by tiers, best tier first (BEP 12). A torrent with an `announce` alone has
  /// one tier; a trackerless one has none.
  public List<List<String>> trackers() {
    return about.trackers();
  }

  /// Nodes of the DHT that it names, `host:port` or `[IPv6]:port` each (BEP 5): strangers' words.
  public List<String> nodes() {
    return about.nodes();
  }

  /// Whether its peers may come from its trackers only (BEP 27).
  public boolean isPrivate() {
    return isPrivate;
  }

  /// What its author says about it.
  public Optional<String> comment() {
    return about.comment();
  }

  /// The program that made it.
  public Optional<String> createdBy() {
    return about.createdBy();
  }

  /// When it was made, in seconds since 1970.
  public OptionalLong creationDate() {
    return about.creationDate();
  }

  /// Whether it is one file without a folder.
  public boolean isSingleFile() {
    return layout.isSingleFile();
  }

  @Override
  public String toString() {
    return name() + " (" + infoHash + ")";
  }
}
