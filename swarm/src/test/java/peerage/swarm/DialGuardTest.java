package peerage.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static peerage.swarm.Rig.at;
import static peerage.swarm.Rig.number;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import peerage.peers.PeerAddress;

/// How often hearsay makes the whole process dial one host.
final class DialGuardTest {
  private final DialGuard guard = new DialGuard();
  private Instant now = Instant.EPOCH;

  @Test
  void aHostIsDialledOnceInTenMinutesWhateverThePort() {
    assertThat(mayDial("9.9.9.9:6881")).isTrue();
    int dials = 0;
    for (int second = 1; second <= 3_600; second++) {
      now = now.plusSeconds(1);
      dials += mayDial("9.9.9.9:" + (1_024 + second)) ? 1 : 0;
    }
    assertThat(dials).isEqualTo(6);
  }

  @Test
  void whoIsHeldBackIsToldWhenToAskAgain() {
    mayDial("9.9.9.9:6881");
    now = now.plusSeconds(61);

    Instant until = guard.heldBackUntil(at("9.9.9.9:1"), now).orElseThrow();
    assertThat(until).isEqualTo(Instant.EPOCH.plus(DialGuard.WINDOW));
    now = until.minusNanos(1);
    assertThat(mayDial("9.9.9.9:1")).isFalse();
    now = until;
    assertThat(mayDial("9.9.9.9:1")).isTrue();
  }

  @Test
  void aPeerThatAnsweredMayBeDialledForOtherTorrentsAtOnceButItsOtherPortsMayNot() {
    mayDial("9.9.9.9:6881");
    guard.answered(at("9.9.9.9:6881"), now);

    assertThat(mayDial("9.9.9.9:6881")).isTrue();
    assertThat(mayDial("9.9.9.9:80")).isFalse();
  }

  @Test
  void onTheLoopbackNetworkEachEndpointCounts() {
    assertThat(mayDial("127.0.0.1:1")).isTrue();
    assertThat(mayDial("127.0.0.1:2")).isTrue();
    assertThat(mayDial("127.0.0.1:1")).isFalse();
  }

  @Test
  void whenItsMemoryIsFullTheNextHostsWaitForTheOldestToBeForgotten() {
    for (int i = 0; i < DialGuard.MAX_HOSTS; i++) {
      assertThat(guard.heldBackUntil(host(i), now)).isEmpty();
      now = now.plusMillis(1);
    }
    assertThat(guard.heldBackUntil(host(DialGuard.MAX_HOSTS), now))
        .contains(Instant.EPOCH.plus(DialGuard.WINDOW));
    now = Instant.EPOCH.plus(DialGuard.WINDOW);
    assertThat(guard.heldBackUntil(host(DialGuard.MAX_HOSTS), now)).isEmpty();
    now = now.plus(Duration.ofHours(1));
    assertThat(guard.heldBackUntil(number(0), now)).isEmpty();
  }

  private static PeerAddress host(int i) {
    return at("11." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255) + ":6881");
  }

  private boolean mayDial(String address) {
    return guard.heldBackUntil(at(address), now).isEmpty();
  }
}
