package peerage.node;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import peerage.bencode.MalformedMessage;
import peerage.peers.InfoHash;
import peerage.wire.Magnet;
import peerage.wire.Metainfo;

/// The metadata that magnets brought, kept in the state directory so that the same magnet starts at
/// once the next time: one file for each, a `.torrent` without trackers. What is read is verified,
/// so a file that somebody changed counts as missing.
final class MetadataStore {
  private static final System.Logger LOG = System.getLogger("peerage.node");

  /// How many are kept; the oldest go. A guess: more than anybody has in a client.
  private static final int MAX_FILES = 2_000;

  private static final String SUFFIX = ".torrent";

  private final Path folder;

  MetadataStore(Path state) {
    this.folder = state.resolve("metadata");
  }

  /// The torrent of a magnet, with the magnet's trackers.
  Optional<Metainfo> find(Magnet magnet) {
    Path file = file(magnet.infoHash());
    try {
      if (Files.size(file) > TorrentSource.MAX_SIZE) {
        return Optional.empty();
      }
      Metainfo kept = Metainfo.parse(Files.readAllBytes(file));
      return kept.infoHash().equals(magnet.infoHash())
          ? Optional.of(kept.withTrackers(magnet.trackers()))
          : Optional.empty();
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException | MalformedMessage e) {
      LOG.log(Level.DEBUG, "kept metadata cannot be read", e);
      return Optional.empty();
    }
  }

  /// Keeps the metadata: all of it or nothing, whenever the machine stops. That it cannot be kept
  /// costs a later run a few seconds, and is no reason to fail.
  void keep(Metainfo torrent) {
    try {
      Files.createDirectories(folder);
      PrivateFile.replace(file(torrent.infoHash()), asTorrent(torrent.info()));
      prune();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "metadata is not kept", e);
    }
  }

  private Path file(InfoHash infoHash) {
    return folder.resolve(infoHash.hex() + SUFFIX);
  }

  private static ByteBuffer asTorrent(ByteBuffer info) {
    ByteBuffer head = ascii("d4:info");
    ByteBuffer tail = ascii("e");
    return ByteBuffer.allocate(head.remaining() + info.remaining() + tail.remaining())
        .put(head)
        .put(info)
        .put(tail)
        .flip();
  }

  private static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  private void prune() throws IOException {
    List<Path> kept;
    try (Stream<Path> files = Files.list(folder)) {
      kept = files.toList();
    }
    if (kept.size() > MAX_FILES) {
      List<Path> oldest =
          kept.stream()
              .sorted(Comparator.comparing(MetadataStore::writtenAt))
              .limit(kept.size() - MAX_FILES)
              .toList();
      for (Path file : oldest) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static FileTime writtenAt(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException _) {
      return FileTime.fromMillis(0); // another process has deleted it
    }
  }
}
