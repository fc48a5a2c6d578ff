package peerage.dht;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import peerage.bencode.Bencoded;
import peerage.peers.Family;
import peerage.peers.InfoHash;

/// What one node asks another.
public sealed interface Question {
  /// The name on the wire, `q`.
  String method();

  /// Of which families nodes are wanted (`want`, BEP 32); empty if that was not said, which means
  /// the family that the query came by. For questions that are not answered by nodes: empty.
  default Set<Family> want() {
    return Set.of();
  }

  /// To what place the nodes in the answer are to be near, if they are asked for.
  default Optional<NodeId> place() {
    return Optional.empty();
  }

  /// Is anybody there? (BEP 5)
  record Ping() implements Question {
    @Override
    public String method() {
      return "ping";
    }
  }

  /// Which nodes are near a place? (BEP 5)
  ///
  /// @param target the place
  /// @param want see [Question#want()]
  record FindNode(NodeId target, Set<Family> want) implements Question {
    /// Copies the set.
    public FindNode {
      want = copy(want);
    }

    @Override
    public String method() {
      return "find_node";
    }

    @Override
    public Optional<NodeId> place() {
      return Optional.of(target);
    }
  }

  /// Which peers are in a swarm, and which nodes are near it? (BEP 5)
  ///
  /// @param infoHash the swarm
  /// @param want see [Question#want()]
  /// @param noSeed rather peers that are no seeds (BEP 33)
  /// @param scrape with the filters that count the swarm (BEP 33)
  record GetPeers(InfoHash infoHash, Set<Family> want, boolean noSeed, boolean scrape)
      implements Question {
    /// Copies the set.
    public GetPeers {
      want = copy(want);
    }

    @Override
    public String method() {
      return "get_peers";
    }

    @Override
    public Optional<NodeId> place() {
      return Optional.of(NodeId.of(infoHash));
    }
  }

  /// Please note that I am in a swarm. (BEP 5)
  ///
  /// @param infoHash the swarm
  /// @param port where the sender listens; 0 if that is implied and was not said besides
  /// @param token what the asked node gave in answer to `get_peers`
  /// @param impliedPort the port is that from which the query came
  /// @param seed the sender has all of it (BEP 33)
  /// @param name of the torrent, which some clients tell (`n`)
  record AnnouncePeer(
      InfoHash infoHash,
      int port,
      Bencoded.Bytes token,
      boolean impliedPort,
      boolean seed,
      Optional<String> name)
      implements Question {
    /// @throws IllegalArgumentException if there is no port
    public AnnouncePeer {
      if (port < 0 || port > 0xFFFF || (port == 0 && !impliedPort)) {
        throw new IllegalArgumentException("a port is 1 to 65535, not " + port);
      }
    }

    @Override
    public String method() {
      return "announce_peer";
    }
  }

  /// Which item is kept at a place, and which nodes are near it? (BEP 44)
  ///
  /// @param target the place
  /// @param seq of a mutable item: only if it is newer than this
  /// @param want see [Question#want()]
  record Get(NodeId target, OptionalLong seq, Set<Family> want) implements Question {
    /// Copies the set.
    public Get {
      want = copy(want);
    }

    @Override
    public String method() {
      return "get";
    }

    @Override
    public Optional<NodeId> place() {
      return Optional.of(target);
    }
  }

  /// Please keep this item. (BEP 44)
  ///
  /// @param item the item; its signature is not verified yet
  /// @param cas of a mutable item: only if the one that is kept has this sequence number
  /// @param token what the asked node gave in answer to `get`
  record Put(Item item, OptionalLong cas, Bencoded.Bytes token) implements Question {
    @Override
    public String method() {
      return "put";
    }
  }

  /// Which swarms do you know of, and which nodes are near a place? (BEP 51)
  ///
  /// @param target the place
  /// @param want see [Question#want()]
  record SampleInfohashes(NodeId target, Set<Family> want) implements Question {
    /// Copies the set.
    public SampleInfohashes {
      want = copy(want);
    }

    @Override
    public String method() {
      return "sample_infohashes";
    }

    @Override
    public Optional<NodeId> place() {
      return Optional.of(target);
    }
  }

  private static Set<Family> copy(Set<Family> families) {
    return families.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(families));
  }
}
