package peerage.dht;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import peerage.bencode.Bencoded;
import peerage.peers.IpAddress;

final class ItemStoreTest {
  private static final IpAddress WRITER = IpAddress.ofV4(0x50000001);
  private static final OptionalLong NO_CAS = OptionalLong.empty();

  private final ItemStore store = new ItemStore();
  private final Instant now = Instant.EPOCH;
  private final KeyPair owner = newOwner();

  @Test
  void anImmutableItemIsKeptAtItsPlace() {
    Item item = Item.of(Bencoded.Bytes.of("Hello World!"));
    assertThat(put(item)).isEmpty();
    assertThat(store.get(item.target())).contains(item);
  }

  @Test
  void aNewerValueReplacesAnOlderOneAndNeverTheOtherWayRound() {
    assertThat(put(signed(2, "two"))).isEmpty();
    assertThat(put(signed(1, "one"))).contains(KrpcError.SEQ_TOO_LOW);
    assertThat(put(signed(2, "another two"))).contains(KrpcError.SEQ_TOO_LOW);
    assertThat(put(signed(2, "two"))).isEmpty();
    assertThat(put(signed(3, "three"))).isEmpty();
    assertThat(store.get(place()).map(Item::decoded)).contains(Bencoded.Bytes.of("three"));
    assertThat(store.size()).isEqualTo(1);
  }

  @Test
  void whoComparesAndSwapsIsToldThatSomebodyElseWrote() {
    Item second = signed(2, "two");
    assertThat(store.put(signed(1, "one"), OptionalLong.of(9), WRITER, now)).isEmpty();
    assertThat(store.put(second, OptionalLong.of(9), WRITER, now)).contains(KrpcError.CAS_MISMATCH);
    assertThat(store.put(second, OptionalLong.of(1), WRITER, now)).isEmpty();
  }

  @Test
  void whatIsNotSignedIsNotKept() {
    Item.Mutable one = signed(1, "one");
    var forged = new Item.Mutable(one.key(), one.salt(), 5, one.value(), one.signature());
    assertThat(put(forged)).contains(KrpcError.BAD_SIGNATURE);
    assertThat(store.get(place())).isEmpty();
    put(one);
    assertThat(put(forged)).contains(KrpcError.BAD_SIGNATURE);
    assertThat(store.get(place())).contains(one);
  }

  @Test
  void whatNobodyPutsAgainIsForgottenAfterTwoHours() {
    Item kept = Item.of(new Bencoded.Int(1));
    Item forgotten = Item.of(new Bencoded.Int(2));
    put(kept);
    put(forgotten);
    store.put(kept, NO_CAS, WRITER, now.plus(Duration.ofHours(1)));
    store.expire(now.plus(Duration.ofMinutes(121)));
    assertThat(store.get(kept.target())).contains(kept);
    assertThat(store.get(forgotten.target())).isEmpty();
  }

  @Test
  void oneWriterFillsItsShareOnly() {
    for (int i = 0; i < ItemStore.MAX_ITEMS_OF_ONE; i++) {
      assertThat(put(Item.of(new Bencoded.Int(i)))).isEmpty();
    }
    assertThat(put(Item.of(new Bencoded.Int(-1)))).contains(KrpcError.GENERIC);
    assertThat(put(Item.of(new Bencoded.Int(0)))).isEmpty(); // kept already
  }

  @Test
  void whenItIsFullTheGreediestWriterLosesItsOldest() {
    for (int i = 0; i < 50; i++) {
      put(Item.of(new Bencoded.Int(i)));
    }
    for (int i = 50; i < ItemStore.MAX_ITEMS; i++) {
      writtenBy(i / 40, i);
    }
    writtenBy(9_999, 1_000_000);
    assertThat(store.size()).isEqualTo(ItemStore.MAX_ITEMS);
    assertThat(store.get(Item.of(new Bencoded.Int(0)).target())).isEmpty();
    assertThat(store.get(Item.of(new Bencoded.Int(1)).target())).isPresent();
    assertThat(store.get(Item.of(new Bencoded.Int(1_000_000)).target())).isPresent();
  }

  private void writtenBy(int writer, int value) {
    IpAddress ip = IpAddress.ofV4(0x51000000 + writer);
    assertThat(store.put(Item.of(new Bencoded.Int(value)), NO_CAS, ip, now)).isEmpty();
  }

  private Optional<KrpcError> put(Item item) {
    return store.put(item, NO_CAS, WRITER, now);
  }

  private NodeId place() {
    return Item.place(Item.keyOf(owner), Item.NO_SALT);
  }

  private Item.Mutable signed(long seq, String text) {
    return Item.sign(owner, Item.NO_SALT, seq, Bencoded.Bytes.of(text));
  }

  private static KeyPair newOwner() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
