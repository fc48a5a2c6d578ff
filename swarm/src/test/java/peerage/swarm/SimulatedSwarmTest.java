package peerage.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.swarm.SimulatedSwarm.Node;
import peerage.testkit.Seeds;

/// Whole swarms on the same machines, without a tracker: peers know of each other by PEX alone.
final class SimulatedSwarmTest {
  private static final int PEERS = 12;

  @Seeds(5)
  void aNewcomerThatKnowsOnePeerIsConnectedToAllOfThemWithinASecond(long seed) {
    var world = meshed(seed);
    Node newcomer = world.join();
    Instant start = world.now;
    newcomer.hears(new Origin.Given(), world.nodes.getFirst().address);
    world.run(Duration.ofSeconds(1));

    assertThat(newcomer.swarm.peers()).as("joined at " + start).hasSize(PEERS);
    assertThat(newcomer.dialled).doesNotHaveDuplicates();
  }

  @Seeds(5)
  void whoAllKnowOnePeerAllKnowEachOther(long seed) {
    var world = new SimulatedSwarm(seed);
    Node first = world.join();
    for (int i = 1; i < PEERS; i++) {
      world.join().hears(new Origin.Given(), first.address);
    }
    world.run(Duration.ofSeconds(2));

    assertFullMesh(world);
  }

  @Seeds(5)
  void aChainBecomesAFullMesh(long seed) {
    var world = new SimulatedSwarm(seed);
    PeerAddress previous = world.join().address;
    for (int i = 1; i < PEERS; i++) {
      Node node = world.join();
      node.hears(new Origin.Given(), previous);
      previous = node.address;
    }
    world.run(Duration.ofMinutes(5));

    assertFullMesh(world);
  }

  @Seeds(5)
  void whoDiesIsForgottenByNewcomersAfterAMessageRound(long seed) {
    var world = meshed(seed);
    Node dead = world.nodes.get(3);
    dead.dies();
    world.run(Duration.ofMinutes(2));
    Node newcomer = world.join();
    newcomer.hears(new Origin.Given(), world.nodes.getFirst().address);
    world.run(Duration.ofSeconds(1));

    assertThat(newcomer.swarm.peers()).hasSize(PEERS - 1);
    assertThat(newcomer.dialled).doesNotContain(dead.address);
    assertThat(world.nodes).noneMatch(node -> node.swarm.contacts().contains(dead.address));
  }

  @Seeds(5)
  void aSwarmAtRestSaysNothingAndDialsNobody(long seed) {
    var world = meshed(seed);
    world.run(Duration.ofMinutes(10));
    int before = world.trace.size();
    world.run(Duration.ofHours(2));

    assertThat(world.trace.subList(before, world.trace.size())).isEmpty();
  }

  @Seeds(3)
  void theSameSeedGivesTheSameTrace(long seed) {
    var one = meshed(seed);
    var other = meshed(seed);

    assertThat(one.trace).isEqualTo(other.trace).hasSizeGreaterThan(300);
    assertThat(meshed(seed + 1).trace).isNotEqualTo(one.trace);
  }

  private static SimulatedSwarm meshed(long seed) {
    var world = new SimulatedSwarm(seed);
    Node first = world.join();
    for (int i = 1; i < PEERS; i++) {
      world.join().hears(new Origin.Given(), first.address);
      world.run(Duration.ofMillis(100));
    }
    world.run(Duration.ofMinutes(3));
    assertFullMesh(world);
    return world;
  }

  private static void assertFullMesh(SimulatedSwarm world) {
    assertThat(world.nodes).allMatch(node -> node.swarm.peers().size() == PEERS - 1);
    assertThat(world.connectedPairs()).isEqualTo(PEERS * (PEERS - 1) / 2);
    assertThat(world.nodes).allMatch(node -> node.swarm.dialling() == 0);
  }
}
