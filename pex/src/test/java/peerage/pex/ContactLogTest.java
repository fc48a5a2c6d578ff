package peerage.pex;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;

final class ContactLogTest {
  private static final PeerAddress A = Contacts.at("8.0.0.1:1");
  private static final PeerFlags SEED = PeerFlags.NONE.with(PeerFlags.UPLOAD_ONLY);

  private final ContactLog live = new ContactLog();

  @Test
  void theVersionMovesWhenAContactComesOrGoes() {
    long empty = live.end();
    assertThat(live.put(A, PeerFlags.NONE)).isTrue();
    long one = live.end();
    assertThat(live.remove(A, Departure.OTHER)).isTrue();

    assertThat(one).isNotEqualTo(empty);
    assertThat(live.end()).isNotEqualTo(one);
    assertThat(live.size()).isZero();
  }

  @Test
  void newFlagsOfAContactAreNoNews() {
    live.put(A, PeerFlags.NONE);
    long before = live.end();

    assertThat(live.put(A, SEED)).isFalse();
    assertThat(live.end()).isEqualTo(before);
    assertThat(live.flags(A)).contains(SEED);
  }

  @Test
  void whoIsNotThereCannotLeave() {
    long before = live.end();

    assertThat(live.remove(A, Departure.OTHER)).isFalse();
    assertThat(live.end()).isEqualTo(before);
    assertThat(live.contains(A)).isFalse();
    assertThat(live.flags(A)).isEmpty();
  }
}
