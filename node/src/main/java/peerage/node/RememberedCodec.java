package peerage.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.zip.CRC32C;
import peerage.peers.Family;
import peerage.peers.InfoHash;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.peers.PexDialect;

/// The file of a [PeerMemory]: a magic number with a version, then one frame a torrent. A frame is
/// the length of its body and the CRC-32C of its body, four bytes each, then the body. All numbers
/// are big-endian.
///
/// The file may be truncated, damaged or written by an enemy: what cannot be understood is left
/// out, and nothing is thrown.
final class RememberedCodec {
  /// "PGPEERS" and the version.
  private static final long MAGIC = 0x5047_5045_4552_5301L;

  /// The longest body of a frame, in bytes: a full torrent whose trackers have long addresses.
  private static final int MAX_BODY = 1024 * 1024;

  private static final byte TRACKER = 'T';
  private static final byte PEX = 'X';
  private static final byte INCOMING = 'I';
  private static final byte GIVEN = 'G';
  private static final byte DHT = 'D';
  private static final byte LAN = 'L';
  private static final byte MAGNET = 'U';

  /// The longest address of a tracker that is kept, in bytes; see `Metainfo.MAX_URL_BYTES`.
  private static final int MAX_TEXT = 2_048;

  private static final int INFO_HASH_SIZE = 20;

  private RememberedCodec() {}

  static ByteBuffer encode(Map<InfoHash, ? extends List<Remembered>> torrents) {
    List<ByteBuffer> frames = new ArrayList<>();
    torrents.forEach((infoHash, peers) -> frames.add(frame(infoHash, peers)));
    int size = Long.BYTES + frames.stream().mapToInt(ByteBuffer::remaining).sum();
    ByteBuffer file = ByteBuffer.allocate(size).putLong(MAGIC);
    frames.forEach(file::put);
    return file.flip();
  }

  private static ByteBuffer frame(InfoHash infoHash, List<Remembered> peers) {
    ByteBuffer body = ByteBuffer.allocate(MAX_BODY).put(infoHash.bytes());
    for (Remembered peer : peers) {
      ByteBuffer entry = entry(peer);
      if (entry.remaining() > body.remaining()) {
        break;
      }
      body.put(entry);
    }
    body.flip();
    return ByteBuffer.allocate(2 * Integer.BYTES + body.remaining())
        .putInt(body.remaining())
        .putInt(checksum(body))
        .put(body)
        .flip();
  }

  private static int checksum(ByteBuffer body) {
    var crc = new CRC32C();
    crc.update(body.duplicate());
    return (int) crc.getValue();
  }

  private static ByteBuffer entry(Remembered peer) {
    int origins = Remembered.MAX_ORIGINS * (MAX_TEXT + 8);
    ByteBuffer entry = ByteBuffer.allocate(64 + origins);
    putAddress(entry, peer.address());
    entry.putLong(peer.lastSuccess().toEpochMilli()).put((byte) peer.origins().size());
    peer.origins().forEach(origin -> putOrigin(entry, origin));
    return entry.flip();
  }

  private static void putAddress(ByteBuffer target, PeerAddress address) {
    target.put((byte) address.family().ipSize());
    address.writeCompact(target);
  }

  private static void putOrigin(ByteBuffer target, Origin origin) {
    switch (origin) {
      case Origin.Tracker(String url) -> putText(target.put(TRACKER), url);
      case Origin.Pex(PeerAddress teller, PexDialect dialect) -> {
        putText(target.put(PEX), dialect.toString());
        putAddress(target, teller);
      }
      case Origin.Incoming _ -> target.put(INCOMING);
      case Origin.Given _ -> target.put(GIVEN);
      case Origin.Dht(PeerAddress node) -> putAddress(target.put(DHT), node);
      case Origin.Lan _ -> target.put(LAN);
      case Origin.Magnet _ -> target.put(MAGNET);
      case Origin.Memory memory -> putOrigin(target, memory.first());
    }
  }

  private static void putText(ByteBuffer target, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    int length = Math.min(bytes.length, MAX_TEXT);
    target.putShort((short) length).put(bytes, 0, length);
  }

  /// Reads what can be understood.
  static SequencedMap<InfoHash, List<Remembered>> decode(ByteBuffer file) {
    var torrents = new LinkedHashMap<InfoHash, List<Remembered>>();
    if (file.remaining() < Long.BYTES || file.getLong() != MAGIC) {
      return torrents;
    }
    while (file.remaining() >= 2 * Integer.BYTES && torrents.size() < PeerMemory.MAX_TORRENTS) {
      int length = file.getInt();
      int checksum = file.getInt();
      if (length < INFO_HASH_SIZE || length > Math.min(MAX_BODY, file.remaining())) {
        break; // cut off, or no frame: where the next one begins is not known
      }
      ByteBuffer body = file.slice(file.position(), length);
      file.position(file.position() + length);
      if (checksum(body) == checksum) {
        byte[] hash = new byte[INFO_HASH_SIZE];
        body.get(hash);
        torrents.put(InfoHash.of(hash), readPeers(body));
      }
    }
    return torrents;
  }

  private static List<Remembered> readPeers(ByteBuffer body) {
    List<Remembered> peers = new ArrayList<>();
    try {
      while (body.hasRemaining() && peers.size() < PeerMemory.MAX_PEERS) {
        readPeer(body).ifPresent(peers::add);
      }
    } catch (BufferUnderflowException | IllegalArgumentException _) {
      // What follows cannot be understood; what came before is good.
    }
    return peers;
  }

  private static Optional<Remembered> readPeer(ByteBuffer body) {
    Optional<PeerAddress> address = readAddress(body);
    long millis = body.getLong();
    int count = body.get();
    List<Origin> origins = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      readOrigin(body).ifPresent(origins::add);
    }
    return origins.isEmpty()
        ? Optional.empty()
        : address.map(where -> new Remembered(where, Instant.ofEpochMilli(millis), origins));
  }

  private static Optional<PeerAddress> readAddress(ByteBuffer body) {
    int size = body.get();
    for (Family family : Family.values()) {
      if (family.ipSize() == size) {
        return PeerAddress.readCompact(body, family);
      }
    }
    throw new IllegalArgumentException("an address of " + size + " bytes");
  }

  private static Optional<Origin> readOrigin(ByteBuffer body) {
    byte letter = body.get();
    return switch (letter) {
      case TRACKER -> Optional.of(new Origin.Tracker(readText(body)));
      case PEX -> {
        PexDialect dialect = dialect(readText(body));
        yield readAddress(body).map(teller -> new Origin.Pex(teller, dialect));
      }
      case INCOMING -> Optional.of(new Origin.Incoming());
      case GIVEN -> Optional.of(new Origin.Given());
      case DHT -> readAddress(body).map(Origin.Dht::new);
      case LAN -> Optional.of(new Origin.Lan());
      case MAGNET -> Optional.of(new Origin.Magnet());
      default -> throw new IllegalArgumentException("no origin " + letter);
    };
  }

  private static PexDialect dialect(String name) {
    return Arrays.stream(PexDialect.values())
        .filter(dialect -> dialect.toString().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no dialect " + name));
  }

  private static String readText(ByteBuffer body) {
    int length = Short.toUnsignedInt(body.getShort());
    if (length > MAX_TEXT) {
      throw new IllegalArgumentException("a text of " + length + " bytes");
    }
    byte[] text = new byte[length];
    body.get(text);
    String read = new String(text, UTF_8);
    if (read.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("a text that would move the cursor");
    }
    return read;
  }
}
