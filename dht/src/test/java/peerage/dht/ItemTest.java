package peerage.dht;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import peerage.bencode.Bencoded;

final class ItemTest {
  private static final Bencoded.Bytes VALUE = Bencoded.Bytes.of("12:Hello World!");
  private static final Bencoded.Bytes KEY =
      hex("77ff84905a91936367c01360803104f92432fcd904a43511876df5cdf3e7e548");
  private static final Bencoded.Bytes FOOBAR = Bencoded.Bytes.of("foobar");

  /// Test 1 of BEP 44.
  static final Item.Mutable PLAIN =
      new Item.Mutable(
          KEY,
          Item.NO_SALT,
          1,
          VALUE,
          hex(
              "305ac8aeb6c9c151fa120f120ea2cfb923564e11552d06a5d856091e5e853cff"
                  + "1260d3f39e4999684aa92eb73ffd136e6f4f3ecbfda0ce53a1608ecd7ae21f01"));

  /// Test 2 of BEP 44.
  static final Item.Mutable SALTED =
      new Item.Mutable(
          KEY,
          FOOBAR,
          1,
          VALUE,
          hex(
              "6834284b6b24c3204eb2fea824d82f88883a3d95e8b4a21b8c0ded553d17d17d"
                  + "df9a8a7104b1258f30bed3787e6cb896fca78c58f8e03b5f18f14951a87d9a08"));

  @Test
  void theVectorsOfBep44HaveTheirPlacesAndTheirSignaturesAreTrue() {
    assertThat(PLAIN.target()).isEqualTo(NodeId.parse("4a533d47ec9c7d95b1ad75f576cffc641853b750"));
    assertThat(PLAIN.isSigned()).isTrue();
    assertThat(SALTED.target()).isEqualTo(NodeId.parse("411eba73b6f087ca51a3795d9c8c938d365e32c1"));
    assertThat(SALTED.isSigned()).isTrue();
    assertThat(new Item.Immutable(VALUE).target())
        .isEqualTo(NodeId.parse("e5f96f6f38320f0f33959cb4d3d656452117aadb"));
  }

  @Test
  void aSignatureIsOfTheSaltTheNumberAndTheValueTogether() {
    assertThat(with(Item.NO_SALT, 1, VALUE).isSigned()).isFalse();
    assertThat(with(FOOBAR, 2, VALUE).isSigned()).isFalse();
    assertThat(with(FOOBAR, 1, Bencoded.Bytes.of("i1e")).isSigned()).isFalse();
    assertThat(with(FOOBAR, 1, VALUE).isSigned()).isTrue();
  }

  private static Item.Mutable with(Bencoded.Bytes salt, long seq, Bencoded.Bytes value) {
    return new Item.Mutable(KEY, salt, seq, value, SALTED.signature());
  }

  @Test
  void whatWeSignIsSigned() throws GeneralSecurityException {
    KeyPair owner = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    Item.Mutable item = Item.sign(owner, FOOBAR, 7, Bencoded.Bytes.of("x"));
    assertThat(item.isSigned()).isTrue();
    assertThat(item.target()).isEqualTo(Item.place(Item.keyOf(owner), FOOBAR));
    assertThat(item.decoded()).isEqualTo(Bencoded.Bytes.of("x"));
  }

  @Test
  void anAnswerIsBelievedOnlyIfItIsOfThePlaceAndTrulySigned() {
    Reply reply = Reply.EMPTY.withItem(SALTED);
    Reply.Value value = reply.value().orElseThrow();
    assertThat(Item.of(value, reply.seq(), SALTED.target(), FOOBAR)).contains(SALTED);
    assertThat(Item.of(value, reply.seq(), PLAIN.target(), FOOBAR)).isEmpty();
    assertThat(Item.of(value, reply.seq(), SALTED.target(), Item.NO_SALT)).isEmpty();
    assertThat(Item.of(value, OptionalLong.of(2), SALTED.target(), FOOBAR)).isEmpty();
    var immutable = new Reply.Value(VALUE, Optional.empty(), Optional.empty());
    NodeId place = new Item.Immutable(VALUE).target();
    assertThat(Item.of(immutable, OptionalLong.empty(), place, Item.NO_SALT))
        .contains(new Item.Immutable(VALUE));
    assertThat(Item.of(immutable, OptionalLong.empty(), PLAIN.target(), Item.NO_SALT)).isEmpty();
  }

  @Test
  void aKeyThatIsNoPointOfTheCurveSignsNothing() {
    var nonsense = hex("ff".repeat(32));
    assertThat(new Item.Mutable(nonsense, FOOBAR, 1, VALUE, SALTED.signature()).isSigned())
        .isFalse();
    assertThat(new Item.Mutable(KEY, FOOBAR, 1, VALUE, hex("ff".repeat(64))).isSigned()).isFalse();
  }

  @Test
  void anItemHasBounds() {
    assertThatIllegalArgumentException().isThrownBy(() -> with(FOOBAR, -1, VALUE));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> with(Bencoded.Bytes.of("s".repeat(65)), 1, VALUE));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Item.of(Bencoded.Bytes.of("v".repeat(997))));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Item.Immutable(Bencoded.Bytes.of("no bencode")));
    assertThat(Item.of(Bencoded.Bytes.of("v".repeat(996))).value().length()).isEqualTo(1_000);
  }

  private static Bencoded.Bytes hex(String digits) {
    return new Bencoded.Bytes(HexFormat.of().parseHex(digits));
  }
}
