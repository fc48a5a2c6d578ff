package peerage.dht;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import peerage.peers.InfoHash;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;

final class PeerStoreTest {
  private static final InfoHash SWARM = swarm(1);

  private final PeerStore store = new PeerStore();
  private final Instant now = Instant.EPOCH;
  private final RandomGenerator random = new SplittableRandom(1);

  @Test
  void anAddressIsInASwarmOnceAndItsPortIsTheLatest() {
    store.announce(SWARM, new PeerAddress(ip(1), 1000), false, now);
    store.announce(SWARM, new PeerAddress(ip(1), 2000), true, now);
    assertThat(sample(10)).containsExactly(new PeerAddress(ip(1), 2000));
    assertThat(store.peers()).isEqualTo(1);
    assertThat(store.scrape(SWARM).orElseThrow().seeds().estimate()).isGreaterThan(0.9);
    assertThat(store.scrape(SWARM).orElseThrow().peers()).isEqualTo(Bloom.EMPTY);
  }

  @Test
  void onOneMachineThePortTellsPeersApart() {
    IpAddress loopback = IpAddress.parse("127.0.0.1").orElseThrow();
    store.announce(SWARM, new PeerAddress(loopback, 1000), false, now);
    store.announce(SWARM, new PeerAddress(loopback, 2000), false, now);
    assertThat(sample(10)).hasSize(2);
  }

  @Test
  void whoDoesNotAnnounceAgainIsForgottenAfterAnHour() {
    store.announce(SWARM, peer(1), false, now);
    store.announce(SWARM, peer(2), false, now);
    store.announce(SWARM, peer(1), false, now.plus(Duration.ofMinutes(30)));
    store.expire(now.plus(Duration.ofMinutes(61)));
    assertThat(sample(10)).containsExactly(peer(1));
    store.expire(now.plus(Duration.ofMinutes(91)));
    assertThat(store.swarms()).isZero();
    assertThat(store.peers()).isZero();
  }

  @Test
  void aSampleIsByChanceAndReachesEverybody() {
    for (int i = 1; i <= 100; i++) {
      store.announce(SWARM, peer(i), false, now);
    }
    var seen = new TreeSet<PeerAddress>();
    for (int i = 0; i < 100; i++) {
      List<PeerAddress> some = sample(10);
      assertThat(some).hasSize(10).doesNotHaveDuplicates();
      seen.addAll(some);
    }
    assertThat(seen).hasSize(100);
  }

  @Test
  void whoWantsNoSeedsGetsThemLast() {
    for (int i = 1; i <= 50; i++) {
      store.announce(SWARM, peer(i), i > 5, now);
    }
    assertThat(store.sample(SWARM, 5, true, random))
        .containsExactlyInAnyOrder(peer(1), peer(2), peer(3), peer(4), peer(5));
    assertThat(store.sample(SWARM, 7, true, random)).hasSize(7);
  }

  @Test
  void aSwarmHasRoomForSixThousand() {
    for (int i = 1; i <= PeerStore.MAX_PEERS_OF_SWARM; i++) {
      assertThat(store.hasRoom(SWARM)).isTrue();
      assertThat(store.announce(SWARM, peer(i), false, now)).isTrue();
    }
    assertThat(store.hasRoom(SWARM)).isFalse();
    assertThat(store.announce(SWARM, peer(999_999), false, now)).isFalse();
    assertThat(store.announce(SWARM, peer(1), true, now)).isTrue(); // known, so for longer
    assertThat(store.peers()).isEqualTo(PeerStore.MAX_PEERS_OF_SWARM);
  }

  @Test
  void oneAddressFillsItsShareOnly() {
    for (int i = 0; i < 2 * PeerStore.MAX_SWARMS_OF_ONE; i++) {
      store.announce(swarm(i), peer(1), false, now);
    }
    assertThat(store.swarms()).isEqualTo(PeerStore.MAX_SWARMS_OF_ONE);
    store.expire(now.plus(Duration.ofHours(2)));
    assertThat(store.announce(swarm(0), peer(1), false, now)).isTrue();
  }

  @Test
  void aFloodOfInventedSwarmsDoesNotWashAwayALargeOne() {
    for (int i = 1; i <= 20; i++) {
      store.announce(SWARM, peer(i), false, now);
    }
    for (int i = 2; i <= PeerStore.MAX_SWARMS + 500; i++) {
      store.announce(swarm(i), peer(100 + i / 100), false, now);
    }
    assertThat(store.swarms()).isEqualTo(PeerStore.MAX_SWARMS);
    assertThat(sample(100)).hasSize(20);
    assertThat(store.peers()).isEqualTo(PeerStore.MAX_SWARMS - 1 + 20);
  }

  @Test
  void swarmsAreSampledByChance() {
    for (int i = 0; i < 200; i++) {
      store.announce(swarm(i), peer(1 + i), false, now);
    }
    List<InfoHash> some = store.sampleSwarms(20, random);
    assertThat(some).hasSize(20).doesNotHaveDuplicates();
    assertThat(store.sampleSwarms(20, random)).isNotEqualTo(some);
    assertThat(store.sampleSwarms(500, random)).hasSize(200);
  }

  private List<PeerAddress> sample(int max) {
    return store.sample(SWARM, max, false, random);
  }

  private static InfoHash swarm(int number) {
    byte[] bytes = new byte[20];
    bytes[0] = (byte) (number >> 16);
    bytes[1] = (byte) (number >> 8);
    bytes[2] = (byte) number;
    return InfoHash.of(bytes);
  }

  private static IpAddress ip(int number) {
    return IpAddress.ofV4(0x50000000 + number);
  }

  private static PeerAddress peer(int number) {
    return new PeerAddress(ip(number), 6881);
  }
}
