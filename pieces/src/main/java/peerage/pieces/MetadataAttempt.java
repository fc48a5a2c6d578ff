package peerage.pieces;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;
import peerage.peers.Link;
import peerage.wire.MetadataMessage;

/// Metadata of one size in the making: its blocks, and who sent which. Memory is taken for blocks
/// that came, not for what a peer says that there is.
final class MetadataAttempt {
  private final int size;
  private final byte[] @Nullable [] blocks;
  private final @Nullable Link[] senders;
  private int count;

  /// Whoever had a part in the last false whole, with what it sent: known again when the true one
  /// is here.
  private List<Part> suspects = List.of();

  /// From whom alone all blocks are taken, once a whole of several peers was false.
  @Nullable Link solo;

  /// Whether blocks of several peers may be mixed.
  boolean isMixed = true;

  @SuppressWarnings("ArrayRecordComponent") // a digest, never compared as a record
  private record Part(Link sender, int block, byte[] digest) {}

  MetadataAttempt(int size) {
    this.size = size;
    int blockCount = MetadataMessage.blocks(size);
    this.blocks = new byte[blockCount][];
    this.senders = new Link[blockCount];
  }

  int blockCount() {
    return blocks.length;
  }

  /// Blocks that are here.
  int count() {
    return count;
  }

  boolean has(int block) {
    return blocks[block] != null;
  }

  boolean isComplete() {
    return count == blocks.length;
  }

  void put(int block, byte[] bytes, Link sender) {
    blocks[block] = bytes;
    senders[block] = sender;
    count++;
  }

  byte[] whole() {
    byte[] whole = new byte[size];
    int at = 0;
    for (byte[] block : blocks) {
      if (block != null) {
        System.arraycopy(block, 0, whole, at, block.length);
        at += block.length;
      }
    }
    return whole;
  }

  /// Who sent a part of what is here, each once.
  SequencedSet<Link> contributors() {
    var all = new LinkedHashSet<Link>();
    for (Link sender : senders) {
      if (sender != null) {
        all.add(sender);
      }
    }
    return all;
  }

  boolean isSuspect(Link link) {
    return suspects.stream().anyMatch(part -> part.sender().equals(link));
  }

  /// The whole is false, and nobody knows by whom: from now on all of it comes from one peer.
  void suspectAll() {
    var parts = new ArrayList<Part>();
    for (int i = 0; i < blocks.length; i++) {
      byte[] block = blocks[i];
      Link sender = senders[i];
      if (block != null && sender != null) {
        parts.add(new Part(sender, i, digest(block)));
      }
    }
    suspects = List.copyOf(parts);
    isMixed = false;
  }

  /// Who sent a block to the false whole that differs from that of the true one, which is here.
  SequencedSet<Link> liars() {
    var liars = new LinkedHashSet<Link>();
    for (Part part : suspects) {
      byte[] block = blocks[part.block()];
      if (block != null && !Arrays.equals(digest(block), part.digest())) {
        liars.add(part.sender());
      }
    }
    return liars;
  }

  /// Throws away what is here.
  void restart() {
    Arrays.fill(blocks, null);
    Arrays.fill(senders, null);
    count = 0;
    solo = null;
  }

  private static byte[] digest(byte[] block) {
    try {
      return MessageDigest.getInstance("SHA-1").digest(block);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-1", e);
    }
  }
}
