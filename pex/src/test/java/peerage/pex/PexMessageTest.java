package peerage.pex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;

final class PexMessageTest {
  private static final PeerAddress A = Contacts.at("8.0.0.1:1");
  private static final PeerAddress B = Contacts.at("8.0.0.2:2");

  @Test
  void noContactIsBothAddedAndDropped() {
    assertThatThrownBy(() -> Contacts.message(List.of(A, B), List.of(B)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("8.0.0.2:2 is both added and dropped");
  }

  @Test
  void itStaysAsItWasWhenItsMakerGoesOn() {
    var added = new LinkedHashMap<PeerAddress, PeerFlags>();
    var dropped = new LinkedHashSet<PeerAddress>();
    var message = new PexMessage(added, dropped);
    added.put(A, PeerFlags.NONE);
    dropped.add(B);

    assertThat(message.isEmpty()).isTrue();
    assertThatThrownBy(() -> message.added().put(A, PeerFlags.NONE))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> message.dropped().add(A))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void aDropAloneIsNoEmptyMessage() {
    assertThat(Contacts.message(List.of(), List.of(A)).isEmpty()).isFalse();
    assertThat(Contacts.message(List.of(A), List.of()).isEmpty()).isFalse();
  }
}
