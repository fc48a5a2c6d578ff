package peerage.node;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import peerage.bencode.BencodeLimits;
import peerage.bencode.BencodeReader;
import peerage.bencode.Bencoded;
import peerage.bencode.MalformedMessage;
import peerage.dht.NodeId;
import peerage.dht.NodeInfo;
import peerage.peers.Family;

/// The DHT's nodes that were good when we ran last, so that it can be entered again in a second and
/// without asking anybody's router; and what our own nodes called themselves, so that others find
/// in us what they knew. One small file in the state directory, replaced as a whole: a crash at any
/// moment leaves the old one or the new.
///
/// Of several processes with one state directory the first one has the file; the others read the
/// nodes, but neither take its ids nor write.
///
/// It is a convenience: what cannot be read or written is as if nothing was remembered. Owned by
/// the DHT's loop; only writing may happen on another thread.
final class DhtMemory implements AutoCloseable {
  /// Nodes that are kept of each family: what the DHT gives us to save.
  static final int MAX_NODES = 300;

  private static final System.Logger LOG = System.getLogger("peerage.node");
  private static final long MAX_FILE = 64 * 1024; // full it has 20 KB
  private static final String NAME = "dht";

  private final @Nullable Path folder;
  private @Nullable FileChannel guard;
  private boolean ours;
  private boolean corrupt;

  private DhtMemory(@Nullable Path folder) {
    this.folder = folder;
  }

  static DhtMemory of(Path stateDir) {
    return new DhtMemory(stateDir.toAbsolutePath());
  }

  /// A memory that keeps nothing.
  static DhtMemory none() {
    return new DhtMemory(null);
  }

  /// What is remembered.
  ///
  /// @param ids what our node of a family called itself
  /// @param nodes the best first
  record Content(Map<Family, NodeId> ids, List<NodeInfo> nodes) {
    static final Content NOTHING = new Content(Map.of(), List.of());
  }

  /// Reads what is there, and takes the file for us if nobody else has it.
  Content open() {
    if (folder == null) {
      return Content.NOTHING;
    }
    take(folder);
    Content content = read(folder.resolve(NAME));
    return ours ? content : new Content(Map.of(), content.nodes());
  }

  /// Whether there was a file that could not be understood.
  boolean wasCorrupt() {
    return corrupt;
  }

  private void take(Path state) {
    try {
      Files.createDirectories(state);
      guard = FileChannel.open(state.resolve("dht.lock"), CREATE, WRITE);
      ours = guard.tryLock() != null;
    } catch (OverlappingFileLockException _) {
      ours = false; // another node of this process
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the DHT's nodes are not remembered", e);
    }
  }

  private Content read(Path file) {
    try {
      if (Files.size(file) > MAX_FILE) {
        throw new MalformedMessage("too long");
      }
      return decode(Files.readAllBytes(file));
    } catch (NoSuchFileException _) {
      return Content.NOTHING;
    } catch (MalformedMessage _) {
      corrupt = true;
      return Content.NOTHING;
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the DHT's nodes cannot be read", e);
      return Content.NOTHING;
    }
  }

  /// Replaces what is remembered; may wait for the disk.
  synchronized void save(Content content) {
    if (folder == null || !ours || content.nodes().isEmpty()) {
      return; // who knows nobody now may need the old ones next time
    }
    try {
      PrivateFile.replace(folder.resolve(NAME), ByteBuffer.wrap(encode(content)));
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the DHT's nodes are not remembered", e);
    }
  }

  static byte[] encode(Content content) {
    var dict = Bencoded.Dict.builder();
    for (Family family : Family.values()) {
      List<NodeInfo> nodes =
          content.nodes().stream().filter(n -> n.family() == family).limit(MAX_NODES).toList();
      dict.put("nodes " + family, compact(nodes, family));
      if (content.ids().containsKey(family)) {
        dict.put("id " + family, content.ids().get(family).bytes());
      }
    }
    return dict.build().encode();
  }

  private static byte[] compact(Collection<NodeInfo> nodes, Family family) {
    ByteBuffer bytes = ByteBuffer.allocate(nodes.size() * NodeInfo.compactSize(family));
    nodes.forEach(node -> node.writeCompact(bytes));
    return bytes.array();
  }

  /// @throws MalformedMessage if we did not write this
  static Content decode(byte[] bytes) throws MalformedMessage {
    Bencoded.Dict dict =
        BencodeReader.strict(BencodeLimits.DEFAULT).readDict(ByteBuffer.wrap(bytes));
    var ids = new EnumMap<Family, NodeId>(Family.class);
    var nodes = new ArrayList<NodeInfo>();
    for (Family family : Family.values()) {
      Bencoded.Bytes list =
          dict.bytes("nodes " + family)
              .filter(nodesOf -> nodesOf.length() % NodeInfo.compactSize(family) == 0)
              .orElseThrow(() -> new MalformedMessage("no list of nodes"));
      NodeInfo.readCompactList(list.buffer(), family).stream().limit(MAX_NODES).forEach(nodes::add);
      dict.bytes("id " + family)
          .filter(id -> id.length() == NodeId.SIZE)
          .ifPresent(id -> ids.put(family, NodeId.of(id.toArray())));
    }
    return new Content(ids, nodes);
  }

  /// Lets another process have the file.
  @Override
  public synchronized void close() {
    ours = false;
    try {
      if (guard != null) {
        guard.close();
      }
    } catch (IOException _) {
      // closed is closed
    }
  }
}
