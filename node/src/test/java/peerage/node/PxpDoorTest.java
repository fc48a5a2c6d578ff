package peerage.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import peerage.peers.IpAddress;

/// Who may come in while nobody knows who it is.
class PxpDoorTest {
  private static final IpAddress SOURCE = IpAddress.parse("192.0.2.1").orElseThrow();
  private static final IpAddress OTHER = IpAddress.parse("192.0.2.2").orElseThrow();

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-21T12:00:00Z"));

  private PxpDoor door(PxpDoor.Limits limits) {
    return new PxpDoor(limits, now::get);
  }

  private static int admitted(PxpDoor door, IpAddress source, int tries) {
    int count = 0;
    for (int i = 0; i < tries; i++) {
      count += door.admits(source) ? 1 : 0;
    }
    return count;
  }

  @Test
  void oneSourceHasSoManyPlacesForThoseThatSayNothing() {
    PxpDoor door = door(new PxpDoor.Limits(3, 100, 100, 100));

    assertThat(admitted(door, SOURCE, 10)).isEqualTo(3);
    assertThat(admitted(door, OTHER, 10)).isEqualTo(3);
    door.settled(SOURCE);
    assertThat(admitted(door, SOURCE, 10)).isEqualTo(1);
  }

  @Test
  void allSourcesTogetherHaveSoManyPlaces() {
    PxpDoor door = door(new PxpDoor.Limits(3, 4, 100, 100));

    assertThat(admitted(door, SOURCE, 10) + admitted(door, OTHER, 10)).isEqualTo(4);
  }

  @Test
  void whoComesTooOftenWaits() {
    PxpDoor door = door(new PxpDoor.Limits(100, 100, 2, 5));

    assertThat(admitted(door, SOURCE, 10)).isEqualTo(5);
    now.set(now.get().plus(Duration.ofSeconds(1)));
    assertThat(admitted(door, SOURCE, 10)).isEqualTo(2);
    now.set(now.get().plus(Duration.ofDays(1)));
    assertThat(admitted(door, SOURCE, 10)).isEqualTo(5);
  }

  @Test
  void aHouseholdsIpv6NetworkIsOneSource() {
    PxpDoor door = door(new PxpDoor.Limits(1, 100, 100, 100));

    assertThat(door.admits(IpAddress.parse("2001:db8::1").orElseThrow())).isTrue();
    assertThat(door.admits(IpAddress.parse("2001:db8::2").orElseThrow())).isFalse();
    assertThat(door.admits(IpAddress.parse("2001:db8:0:1::1").orElseThrow())).isTrue();
  }

  @Test
  void manySourcesCostLittle() {
    PxpDoor door = door(new PxpDoor.Limits(1, 10, 100, 1));
    for (int i = 0; i < 100_000; i++) {
      IpAddress source = IpAddress.ofV4(i);
      if (door.admits(source)) {
        door.settled(source);
      }
    }

    assertThat(door.sources()).isLessThanOrEqualTo(4_097);
  }
}
