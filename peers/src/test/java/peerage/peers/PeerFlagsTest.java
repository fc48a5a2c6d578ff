package peerage.peers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PeerFlagsTest {
  @Test
  void theReservedBitsAreIgnored() {
    assertThat(new PeerFlags(0xFF).bits()).isEqualTo(0x1F);
    assertThat(new PeerFlags(0xE0)).isEqualTo(PeerFlags.NONE);
    assertThat(new PeerFlags((byte) 0x80)).isEqualTo(PeerFlags.NONE);
  }

  @Test
  void theBitsAreThoseOfBep11() {
    assertThat(PeerFlags.PREFERS_ENCRYPTION).isEqualTo(1);
    assertThat(PeerFlags.UPLOAD_ONLY).isEqualTo(2);
    assertThat(PeerFlags.UTP).isEqualTo(4);
    assertThat(PeerFlags.HOLEPUNCH).isEqualTo(8);
    assertThat(PeerFlags.REACHABLE).isEqualTo(16);
  }

  @Test
  void aFlagIsAddedToTheOthers() {
    PeerFlags flags =
        PeerFlags.NONE.with(PeerFlags.UTP).with(PeerFlags.REACHABLE).with(PeerFlags.UTP);
    assertThat(flags).isEqualTo(new PeerFlags(0x14));
    assertThat(flags.has(PeerFlags.UTP)).isTrue();
    assertThat(flags.has(PeerFlags.UPLOAD_ONLY)).isFalse();
  }
}
