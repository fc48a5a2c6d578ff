package peerage.pxp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import peerage.testkit.Seeds;

/// From an open stream to a peer: PXP's beginning of a connection.
final class ConnectTest {
  @Seeds(20)
  void twoNodesBecomePeersAndTheirApplicationsTalk(long seed) {
    World world = new World(seed);
    Node a = world.node("a");
    Node b = world.node("b");
    world.connect(a, b);
    world.until("both have joined", _ -> a.has(b) && b.has(a));
    assertThat(a.info(a.peer()).role()).isEqualTo(Role.CONNECT);
    assertThat(b.info(b.peer()).role()).isEqualTo(Role.ACCEPT);
    a.write(a.peer(), "hi from connector");
    a.write(a.peer(), "and more");
    b.write(b.peer(), "hi from acceptor");
    world.run(Duration.ofSeconds(1));
    assertThat(b.heard(b.peer())).isEqualTo("hi from connector|and more|");
    assertThat(a.heard(a.peer())).isEqualTo("hi from acceptor|");
  }

  @Seeds(20)
  void aNewPeerIsFoundThroughARelayWhichBothKeep(long seed) {
    World world = new World(seed);
    Node a = world.node("a");
    Node r = world.node("r");
    Node b = world.node("b");
    world.connect(a, r);
    world.connect(b, r);
    world.until("r has both", _ -> r.peers.size() == 2 && a.has(r) && b.has(r));
    a.handle(new Exchange.Input.Wanted(7));
    world.until("a has found b", _ -> a.found.containsKey(7));
    world.run(Duration.ofSeconds(3));
    PeerInfo info = a.info(a.found(7));
    assertThat(info.token()).contains(b.exchange.token());
    assertThat(info.introducedBy()).isEqualTo(a.peer(r));
    assertThat(info.route().transport()).isEqualTo(Transport.WEBRTC);
    assertThat(b.info(b.ref(a)).introducedBy()).isEqualTo(b.peer(r));
    assertThat(r.peers).as("both links to the relay live on").hasSize(2);
    a.write(a.found(7), "directly");
    world.run(Duration.ofSeconds(1));
    assertThat(b.heard(b.ref(a))).isEqualTo("directly|");
    assertThat(r.exchange.sizes()).isEqualTo(new Exchange.Sizes(2, 2, 2, 0, 0, 0, 0));
    assertThat(a.exchange.sizes()).isEqualTo(new Exchange.Sizes(2, 2, 2, 0, 0, 0, 0));
    assertThat(b.exchange.sizes()).isEqualTo(new Exchange.Sizes(2, 2, 2, 0, 0, 0, 0));
  }

  @Test
  void withNobodyToAskNoPeerIsFound() {
    World world = new World(1);
    Node a = world.node("a");
    a.handle(new Exchange.Input.Wanted(1));
    assertThat(a.notFound).containsEntry(1, Exchange.SeekFailure.NOBODY_TO_ASK);
    assertThat(Optional.of(a.exchange.sizes().searches())).contains(0);
  }
}
