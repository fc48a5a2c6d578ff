package peerage.dht;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import peerage.dht.Dht.Announcement;
import peerage.dht.Dht.Input;
import peerage.dht.Dht.Output;
import peerage.dht.Dht.Task;
import peerage.dht.World.Member;
import peerage.peers.InfoHash;
import peerage.peers.PeerAddress;

/// What the machine does in a network of its own kind.
final class DhtTest {
  private static final InfoHash SWARM = InfoHash.parse("0123456789abcdef0123456789abcdef01234567");
  private static final Announcement NONE = new Announcement.None();

  @Test
  void whoAnnouncesItselfIsFoundByWhoLooksForThatSwarm() {
    World world = World.of(50, 1);
    Member seed = world.member(7);
    Member seeker = world.member(33);
    world.tell(
        seed,
        new Input.Start(
            1, new Task.FindPeers(SWARM, new Announcement.Listening(7000, false, true))));
    world.run(Duration.ofSeconds(10));
    world.tell(seeker, new Input.Start(1, new Task.FindPeers(SWARM, NONE)));
    world.run(Duration.ofSeconds(10));
    assertThat(seed.report(1).stored()).isEqualTo(RoutingTable.K);
    assertThat(seeker.said(Output.PeersFound.class).getFirst().peers())
        .containsExactly(new PeerAddress(seed.address().ip(), 7000));
  }

  @Test
  void aLookupFindsTheNodesThatAreNearestInTruth() {
    World world = World.of(100, 2);
    int exact = 0;
    for (int i = 0; i < 20; i++) {
      NodeId target = world.randomId();
      Member seeker = world.member(3 * i);
      world.tell(seeker, new Input.Start(i, new Task.FindNode(target)));
      world.run(Duration.ofSeconds(5));
      List<NodeId> found =
          seeker.said(Output.NodesFound.class).getLast().nodes().stream()
              .map(NodeInfo::id)
              .toList();
      List<NodeId> truth =
          world.nearest(target, RoutingTable.K + 1).stream()
              .filter(id -> !id.equals(seeker.id()))
              .limit(RoutingTable.K)
              .toList();
      exact += found.equals(truth) ? 1 : 0;
    }
    assertThat(exact).isGreaterThanOrEqualTo(19);
  }
}
