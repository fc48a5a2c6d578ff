package peerage.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import peerage.bencode.MalformedMessage;
import peerage.dht.NodeId;
import peerage.dht.NodeInfo;
import peerage.node.DhtMemory.Content;
import peerage.peers.Family;
import peerage.peers.PeerAddress;
import peerage.testkit.Hostile;
import peerage.testkit.Seeds;

final class DhtMemoryTest {
  private static final NodeId ID = NodeId.parse("ab".repeat(20));
  private static final NodeInfo ONE = node("94.1.2.3:6881");
  private static final NodeInfo SIX = node("[2a01::7]:6881");
  private static final Content CONTENT = new Content(Map.of(Family.V4, ID), List.of(ONE, SIX));

  @TempDir Path state;

  @Test
  void nodesAndOurOwnIdsSurviveARestart() {
    save(CONTENT);
    try (var memory = DhtMemory.of(state)) {
      assertThat(memory.open()).isEqualTo(CONTENT);
      assertThat(memory.wasCorrupt()).isFalse();
    }
  }

  @Test
  void aSecondProcessReadsTheNodesButHasAnIdOfItsOwnAndWritesNothing() {
    save(CONTENT);
    try (var first = DhtMemory.of(state);
        var second = DhtMemory.of(state)) {
      first.open();
      assertThat(second.open()).isEqualTo(new Content(Map.of(), List.of(ONE, SIX)));
      second.save(new Content(Map.of(), List.of(ONE)));
    }
    try (var third = DhtMemory.of(state)) {
      assertThat(third.open()).isEqualTo(CONTENT);
    }
  }

  @Test
  void whoKnowsNobodyDoesNotForgetWhoWasKnown() {
    save(CONTENT);
    save(Content.NOTHING);
    try (var memory = DhtMemory.of(state)) {
      assertThat(memory.open()).isEqualTo(CONTENT);
    }
  }

  @Test
  void aCorruptFileIsNoticedAndIgnored() throws IOException {
    Files.writeString(state.resolve("dht"), "d5:nodes");
    try (var memory = DhtMemory.of(state)) {
      assertThat(memory.open()).isEqualTo(Content.NOTHING);
      assertThat(memory.wasCorrupt()).isTrue();
      memory.save(CONTENT);
    }
    try (var memory = DhtMemory.of(state)) {
      assertThat(memory.open()).isEqualTo(CONTENT);
    }
  }

  @Test
  void aHalfWrittenFileDoesNotStandInTheWay() throws IOException {
    save(CONTENT);
    Files.writeString(state.resolve("dht.new"), "d5:no"); // killed while it wrote
    try (var memory = DhtMemory.of(state)) {
      assertThat(memory.open()).isEqualTo(CONTENT);
    }
  }

  @Test
  void whomWeKnowIsNobodyElsesBusiness() throws IOException {
    save(CONTENT);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve("dht"))))
        .isEqualTo("rw-------");
  }

  @Test
  void noMemoryTouchesNoDisk() {
    try (var memory = DhtMemory.none()) {
      assertThat(memory.open()).isEqualTo(Content.NOTHING);
      memory.save(CONTENT);
    }
    assertThat(state).isEmptyDirectory();
  }

  @Test
  void itIsBounded() throws MalformedMessage {
    List<NodeInfo> many = new ArrayList<>();
    for (int port = 1; port <= 1_000; port++) {
      many.add(node("94.1.2.3:" + port));
      many.add(node("[2a01::7]:" + port));
    }
    byte[] bytes = DhtMemory.encode(new Content(Map.of(), many));
    assertThat(bytes.length).isLessThan(20_000);
    assertThat(DhtMemory.decode(bytes).nodes()).hasSize(2 * DhtMemory.MAX_NODES);
  }

  @Seeds(5)
  void hostileFilesAreReadOrRefused(long seed) {
    List<byte[]> samples = List.of(DhtMemory.encode(CONTENT));
    Hostile.mutations(new SplittableRandom(seed), samples, 1_000)
        .forEach(
            bytes -> {
              try {
                assertThat(DhtMemory.decode(bytes).nodes()).hasSizeLessThan(10);
              } catch (MalformedMessage _) {
                // as it should be
              }
            });
  }

  private void save(Content content) {
    try (var memory = DhtMemory.of(state)) {
      memory.open();
      memory.save(content);
    }
  }

  private static NodeInfo node(String address) {
    return new NodeInfo(ID, PeerAddress.parse(address).orElseThrow());
  }
}
