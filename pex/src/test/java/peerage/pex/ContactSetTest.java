package peerage.pex;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import peerage.peers.Family;
import peerage.peers.PeerAddress;
import peerage.testkit.Seeds;

final class ContactSetTest {
  @Seeds(100)
  void itHoldsWhatASortedSetHolds(long seed) {
    var random = new SplittableRandom(seed);
    var expected = new TreeSet<PeerAddress>();
    var set = new ContactSet();
    for (int i = 0; i < 500; i++) {
      Family family = random.nextInt(3) == 0 ? Family.V6 : Family.V4;
      PeerAddress contact = Contacts.number(random.nextInt(60), family);
      if (random.nextInt(5) < 3) {
        assertThat(set.add(contact)).isEqualTo(expected.add(contact));
      } else {
        assertThat(set.remove(contact)).isEqualTo(expected.remove(contact));
      }
      assertThat(set.contains(contact)).isEqualTo(expected.contains(contact));
    }
    assertThat(set.toList()).containsExactlyElementsOf(expected);
    assertThat(set.size()).isEqualTo(expected.size());
    assertThat(set.size(Family.V4) + set.size(Family.V6)).isEqualTo(expected.size());
  }

  @Test
  void aSetOfWhichAllIsRemovedIsEmpty() {
    var set = new ContactSet();
    set.addAll(Contacts.numbers(0, 20, Family.V4));
    set.removeAll(Contacts.numbers(0, 20, Family.V4));

    assertThat(set.size()).isZero();
    assertThat(set.toList()).isEmpty();
  }
}
