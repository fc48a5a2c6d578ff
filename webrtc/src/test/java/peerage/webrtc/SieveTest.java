package peerage.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import peerage.node.spi.PxpUpgrade.Exposure;
import peerage.pxp.Signal;
import peerage.testkit.Hostile;

final class SieveTest {
  private static final String HOST =
      "candidate:1 1 udp 2122260223 10.98.0.1 41525 typ host generation 0 ufrag 5kad";
  private static final String REFLEXIVE =
      "candidate:2 1 udp 1686052607 192.0.2.7 41525 typ srflx raddr 10.98.0.1 rport 41525";
  private static final String RELAYED =
      "candidate:3 1 udp 41885439 198.51.100.9 5000 typ relay raddr 192.0.2.7 rport 41525";
  private static final String SDP =
      """
      v=0
      m=application 9 UDP/DTLS/SCTP webrtc-datachannel
      a=mid:0
      a=max-message-size:262144
      """
          .replace("\n", "\r\n");

  @Test
  void whoShowsAllShowsAll() {
    assertThat(List.of(HOST, REFLEXIVE, RELAYED))
        .allSatisfy(each -> assertThat(Sieve.outgoing(each, Exposure.ALL)).contains(each));
  }

  @Test
  void whoHidesTheMachineShowsNeitherItsAddressNorWhatItIsRelatedTo() {
    assertThat(Sieve.outgoing(HOST, Exposure.NO_HOST)).isEmpty();
    assertThat(Sieve.outgoing(REFLEXIVE, Exposure.NO_HOST))
        .contains("candidate:2 1 udp 1686052607 192.0.2.7 41525 typ srflx raddr 0.0.0.0 rport 9");
    assertThat(Sieve.outgoing(RELAYED, Exposure.NO_HOST)).isPresent();
  }

  @Test
  void whoShowsRelaysOnlyShowsNothingElse() {
    assertThat(Sieve.outgoing(HOST, Exposure.RELAY_ONLY)).isEmpty();
    assertThat(Sieve.outgoing(REFLEXIVE, Exposure.RELAY_ONLY)).isEmpty();
    assertThat(Sieve.outgoing(RELAYED, Exposure.RELAY_ONLY))
        .hasValueSatisfying(shown -> assertThat(shown).doesNotContain("192.0.2.7"));
  }

  @Test
  void aTypeThatIsNotKnownIsNotShown() {
    assertThat(Sieve.outgoing(HOST.replace("host", "prflx"), Exposure.NO_HOST)).isEmpty();
    assertThat(Sieve.outgoing("candidate:1 1 udp", Exposure.ALL)).isEmpty();
  }

  @Test
  void addressesInOurDescriptionAreSievedToo() {
    String sdp = SDP + "a=" + HOST + "\r\na=" + RELAYED + "\r\n";
    assertThat(Sieve.outgoingSdp(sdp, Exposure.ALL)).isEqualTo(sdp);
    assertThat(Sieve.outgoingSdp(sdp, Exposure.NO_HOST))
        .doesNotContain("10.98.0.1")
        .contains("198.51.100.9")
        .startsWith(SDP);
  }

  @Test
  void aDescriptionOfOneDataChannelIsTaken() {
    assertThat(Sieve.incomingSdp(SDP)).contains(SDP);
    assertThat(Sieve.incomingSdp(SDP.replace("\r\n", "\n"))).contains(SDP);
  }

  @Test
  void aDescriptionOfAnythingElseIsNot() {
    assertThat(Sieve.incomingSdp("")).isEmpty();
    assertThat(Sieve.incomingSdp("v=0\r\n")).isEmpty();
    assertThat(Sieve.incomingSdp("v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n")).isEmpty();
    assertThat(Sieve.incomingSdp(SDP + "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n")).isEmpty();
    assertThat(Sieve.incomingSdp(SDP + SDP)).isEmpty();
  }

  @Test
  void aNameIsNotLookedUpForAStranger() {
    assertThat(Sieve.isWelcome(candidate(HOST))).isTrue();
    assertThat(Sieve.isWelcome(candidate(HOST.replace("10.98.0.1", "2001:db8::1")))).isTrue();
    assertThat(Sieve.isWelcome(candidate(HOST.replace("10.98.0.1", "0aa1b2c3.local")))).isTrue();
    assertThat(Sieve.isWelcome(candidate(HOST.replace("10.98.0.1", "a.example")))).isFalse();
    assertThat(Sieve.isWelcome(candidate("a=" + HOST))).isFalse();
    assertThat(Sieve.isWelcome(candidate(HOST + "\r\na=candidate"))).isFalse();
    String named = "a=" + HOST.replace("10.98.0.1", "a.example") + "\r\n";
    assertThat(Sieve.incomingSdp(SDP + named)).contains(SDP);
  }

  @Test
  void messagesAreAsLongAsTheOtherSideTakes() {
    assertThat(Sieve.messageMax(SDP)).isEqualTo(Limits.MESSAGE_SENT);
    assertThat(Sieve.messageMax(SDP.replace("262144", "1200"))).isEqualTo(1200);
    assertThat(Sieve.messageMax(SDP.replace("262144", "0"))).isEqualTo(Limits.MESSAGE_SENT);
    assertThat(Sieve.messageMax("v=0\r\n")).isEqualTo(Limits.MESSAGE_SENT);
  }

  @Test
  void nothingHostileIsThrownAt() {
    List<byte[]> samples =
        List.of(SDP.getBytes(StandardCharsets.UTF_8), HOST.getBytes(StandardCharsets.UTF_8));
    Hostile.mutations(new Random(1), samples, 20_000)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .filter(text -> !text.isEmpty() && text.length() < Signal.LENGTH_MAX)
        .forEach(
            text -> {
              Sieve.incomingSdp(text).ifPresent(Sieve::messageMax);
              Sieve.isWelcome(candidate(text));
              for (Exposure exposure : Exposure.values()) {
                Sieve.outgoing(text, exposure);
              }
            });
  }

  private static Signal.IceCandidate candidate(String text) {
    return new Signal.IceCandidate(text, "0", 0);
  }
}
