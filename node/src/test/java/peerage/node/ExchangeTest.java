package peerage.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import peerage.node.TestSwarm.Awaited;
import peerage.node.TestSwarm.Host;
import peerage.peers.AddressFilter;
import peerage.peers.PeerAddress;
import peerage.peers.Subnet;
import peerage.swarm.SwarmEvent;
import peerage.wire.MetainfoBuilder;

/// Who is told of whom, over real sockets on the loopback network.
final class ExchangeTest {
  @TempDir Path root;

  @Test
  void whoIsToldOfOnePeerMeetsTheOther() throws Exception {
    try (var swarm = new TestSwarm(root, 300_000)) {
      Host one = swarm.seed();
      Host middle = swarm.host();
      Watch middleWatch = watchAndMeet(swarm, middle, one.address());
      Host newcomer = swarm.host();
      watchAndMeet(swarm, newcomer, middle.address(), one.address());

      assertThat(middleWatch.pex().sentContacts()).isPositive();
      assertThat(middleWatch.pex().sentBytes()).isPositive();
      assertThat(middleWatch.pex().offered()).isPositive();
    }
  }

  @Test
  void ofAPrivateTorrentNotAByteOfPeerExchangeLeaves() throws Exception {
    try (var swarm = new TestSwarm(root, 300_000, MetainfoBuilder::markPrivate)) {
      Host seed = swarm.seed();
      for (int i = 0; i < 2; i++) {
        Host leech = swarm.host();
        Download download =
            leech.node().download(swarm.torrent(), DownloadOptions.into(leech.directory()));
        download.tell(seed.address());
        download.await(TestSwarm.PATIENCE);

        assertThat(download.pex()).isEqualTo(PexTraffic.NONE);
      }
    }
  }

  @Test
  void anAddressThatIsNotSharedIsToldToNobodyUntilItIs() throws Exception {
    try (var swarm = new TestSwarm(root, 300_000)) {
      Host one = swarm.seed();
      Host middle = swarm.host();
      middle.node().share(allBut(one.address()));
      Watch watch = watchAndMeet(swarm, middle, one.address());
      var told = new AtomicBoolean();
      watch.onEvent(event -> told.compareAndSet(false, isTellingOf(event, one.address())));
      Host newcomer = swarm.host();
      var sure = new Awaited<TorrentEvent>(event -> isConfirmed(event, newcomer.address()));
      watch.onEvent(sure);
      newcomer.node().watch(swarm.torrent()).tell(middle.address());
      sure.await();
      assertThat(told).as("told while it is not shared").isFalse();

      var tellingAtLast = new Awaited<TorrentEvent>(event -> isTellingOf(event, one.address()));
      watch.onEvent(tellingAtLast);
      middle.node().share(AddressFilter.ALL);
      Host later = swarm.host();
      later.node().watch(swarm.torrent()).tell(middle.address());
      tellingAtLast.await();
    }
  }

  private static boolean isTellingOf(TorrentEvent event, PeerAddress contact) {
    return event instanceof TorrentEvent.OfSwarm(SwarmEvent.Told(var _, var _, var message))
        && message.added().containsKey(contact);
  }

  private static boolean isConfirmed(TorrentEvent event, PeerAddress peer) {
    return event instanceof TorrentEvent.OfSwarm(SwarmEvent.Confirmed(var _, var who, var _))
        && who.equals(peer);
  }

  @Test
  void anAddressWithWhichWeWantNoConnectionIsClosed() throws Exception {
    try (var swarm = new TestSwarm(root, 300_000)) {
      Host one = swarm.seed();
      Host us = swarm.host();
      var left =
          new Awaited<TorrentEvent>(
              event ->
                  event
                          instanceof
                          TorrentEvent.OfSwarm(SwarmEvent.Disconnected(var _, var _, String reason))
                      && reason.equals("its address is filtered"));
      Watch watch = watchAndMeet(swarm, us, one.address());
      watch.onEvent(left);
      us.node().connect(allBut(one.address()));
      left.await();
    }
  }

  @Test
  void aFullPeerTellsWhoeverComesOfOthersBeforeItCloses() throws Exception {
    try (var swarm = new TestSwarm(root, 300_000)) {
      Host one = swarm.seed();
      one.node().limitUp(1); // so that it is not done while we look
      Host full = swarm.host();
      var met = TestSwarm.connectedTo(one.address());
      Download download =
          full.node()
              .download(
                  swarm.torrent(), DownloadOptions.into(full.directory()).withMaxPeers(1), met);
      download.tell(one.address());
      met.await();
      Host newcomer = swarm.host();

      watchAndMeet(swarm, newcomer, full.address(), one.address());
    }
  }

  private static Watch watchAndMeet(TestSwarm swarm, Host host, PeerAddress told) throws Exception {
    return watchAndMeet(swarm, host, told, told);
  }

  /// Watches, is told of one peer, and waits until it is connected to another.
  private static Watch watchAndMeet(
      TestSwarm swarm, Host host, PeerAddress told, PeerAddress expected) throws Exception {
    Awaited<TorrentEvent> met = TestSwarm.connectedTo(expected);
    Watch watch = host.node().watch(swarm.torrent(), met);
    watch.tell(told);
    met.await();
    return watch;
  }

  private static AddressFilter allBut(PeerAddress address) {
    return new AddressFilter(List.of(Subnet.parse(address.ip().toString()).orElseThrow()));
  }
}
