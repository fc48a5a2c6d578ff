package peerage.pxp;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import peerage.testkit.Seeds;

/// Keys, and who sits in the middle.
final class IdentityTest {
  private static final String A_PRINT = print("AA");
  private static final String B_PRINT = print("BB");
  private static final String M_PRINT = print("CC");

  private static String print(String octet) {
    return "sha-256 " + (octet + ":").repeat(31) + octet;
  }

  private static Identity identity(String fingerprint) {
    try {
      return new Identity(KeyPairGenerator.getInstance("Ed25519").generateKeyPair(), fingerprint);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static Three bothShowKeys(long seed) {
    return new Three(
        seed, usual -> usual.showing(identity(A_PRINT)), usual -> usual.showing(identity(B_PRINT)));
  }

  @Seeds(5)
  void anUpgradeProvesBothKeys(long seed) {
    Three three = bothShowKeys(seed);
    three.a.handle(new Exchange.Input.Wanted(1));
    three.world.until("found", _ -> three.a.found.containsKey(1) && three.b.has(three.a));
    assertThat(three.a.info(three.a.found(1)).identity()).isPresent();
    assertThat(three.b.info(three.b.ref(three.a)).identity()).isPresent();
  }

  @Test
  void overTcpAKeyIsNotProved() {
    Three three = bothShowKeys(1);
    assertThat(three.r.info(three.r.ref(three.a)).identity()).isEmpty();
  }

  @Seeds(5)
  void aRelayThatSwapsTheTargetsFingerprintIsFoundOut(long seed) {
    Three three = bothShowKeys(seed);
    swap(three, B_PRINT);
    assertThat(three.a.notFound).containsKey(1);
    assertThat(three.a.has(three.b)).isFalse();
    assertThat(three.b.has(three.a)).isFalse();
  }

  @Seeds(5)
  void aRelayThatSwapsTheAskersFingerprintIsFoundOut(long seed) {
    Three three = bothShowKeys(seed);
    swap(three, A_PRINT);
    assertThat(three.a.has(three.b)).isFalse();
    assertThat(three.b.has(three.a)).isFalse();
  }

  /// The relay changes the description while it passes through.
  private static void swap(Three three, String from) {
    three.world.onRelay(three.r, from, M_PRINT);
    three.a.handle(new Exchange.Input.Wanted(1));
    three.world.run(Duration.ofMinutes(1));
    assertThat(three.world.trace)
        .as("what was changed does not even reach WebRTC")
        .noneMatch(line -> line.contains("PassSignal") && line.contains(M_PRINT));
  }

  @Test
  void whoShowsAKeyThatItDoesNotHoldIsClosed() throws GeneralSecurityException {
    KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    ConnectInfo.Proof proof =
        Proofs.sign(new Identity(keys, A_PRINT), World.NETWORK, "ab".repeat(16));
    for (String token : List.of("ab".repeat(16), "cd".repeat(16))) {
      Lab lab = new Lab();
      Raw raw = lab.open(Role.ACCEPT);
      ConnectInfo info = ConnectInfo.ours(true, true, token, List.of(), Optional.of(proof));
      raw.greet(info.text().text());
      if (token.startsWith("ab")) {
        assertThat(raw.closed).isNull();
      } else {
        assertThat(raw.closed).contains("does not hold the key");
      }
    }
  }

  @Test
  void aSignatureHoldsForOneNetworkOneTokenAndOneFingerprint() {
    Identity own = identity(A_PRINT);
    ConnectInfo.Proof proof = Proofs.sign(own, World.NETWORK, "t");
    assertThat(Proofs.holds(proof, World.NETWORK, "t")).isTrue();
    assertThat(Proofs.holds(proof, World.NETWORK, "u")).isFalse();
    assertThat(Proofs.holds(proof, new NetworkId("other"), "t")).isFalse();
    ConnectInfo.Proof moved = new ConnectInfo.Proof(proof.key(), B_PRINT, proof.signature());
    assertThat(Proofs.holds(moved, World.NETWORK, "t")).isFalse();
    ConnectInfo.Proof noHex = new ConnectInfo.Proof(proof.key(), A_PRINT, "zz");
    assertThat(Proofs.holds(noHex, World.NETWORK, "t")).isFalse();
  }

  @Test
  void aDescriptionWithTwoFingerprintsHasNone() {
    assertThat(Proofs.fingerprint("v=0\r\na=fingerprint:sha-256 AA:BB\r\n"))
        .contains("sha-256 aa:bb");
    assertThat(Proofs.fingerprint("a=fingerprint:sha-256 AA\na=fingerprint:sha-256 BB\n"))
        .isEmpty();
    assertThat(Proofs.fingerprint("a=fingerprint:sha-256 AA\nA=Fingerprint:sha-256\tBB\n"))
        .isEmpty();
    assertThat(Proofs.fingerprint("a=fingerprint:sha-256 AA\u2028a=fingerprint:sha-256 BB\n"))
        .isEmpty();
    assertThat(Proofs.fingerprint("v=0\n")).isEmpty();
  }
}
