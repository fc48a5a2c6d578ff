package peerage.pxp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import peerage.bencode.MalformedMessage;

final class ConnectInfoTest {
  private static final String TOKEN = "0123456789abcdef".repeat(2);
  private static final String KEY = "ab".repeat(32);
  private static final String SIGNATURE = "cd".repeat(64);
  private static final String FINGERPRINT = "sha-256 " + "AB:".repeat(31) + "AB";

  @Test
  void thatOfAJavaScriptNodeSaysThatItCanBeUpgradedTo() throws MalformedMessage {
    ConnectInfo info = read("{\"pxp\":true,\"relay\":true,\"webrtc\":true}");
    assertThat(info.pxp() && info.relay() && info.webrtc()).isTrue();
    assertThat(info.token()).isEmpty();
    assertThat(info.listening()).isEmpty();
    assertThat(info.proof()).isEmpty();
  }

  @Test
  void whatWeDoNotUnderstandSurvivesAsItCame() throws MalformedMessage {
    String text = "{\"new\": {\"x\":[1.0, \"\\u00e9\"]} ,\"pxp\":false,\"constructor\":null}";
    ConnectInfo info = read(text);
    assertThat(info.text().text()).isEqualTo(text);
    assertThat(info.pxp() || info.relay() || info.webrtc()).isFalse();
  }

  @Test
  void oursBeginsLikeThatOfAJavaScriptNodeAndIsReadAsItWasMeant() {
    ConnectInfo.Proof proof = new ConnectInfo.Proof(new IdentityKey(KEY), FINGERPRINT, SIGNATURE);
    List<Endpoint> listening = endpoints("tcp://192.0.2.7:8000", "wss://example.org/pxp");
    ConnectInfo ours = ConnectInfo.ours(true, true, TOKEN, listening, Optional.of(proof));
    assertThat(ours.text().text())
        .startsWith("{\"pxp\":true,\"relay\":true,\"webrtc\":true,\"node\":\"" + TOKEN + "\",");
    assertThat(ours.token()).contains(TOKEN);
    assertThat(ours.listening()).isEqualTo(listening);
    assertThat(ours.proof()).contains(proof);
    ConnectInfo least = ConnectInfo.ours(false, false, TOKEN, List.of(), Optional.empty());
    assertThat(least.text().text())
        .isEqualTo("{\"pxp\":false,\"relay\":true,\"webrtc\":false,\"node\":\"" + TOKEN + "\"}");
  }

  @Test
  void oursWithAllThatMayBeInItCanBePassedOn() {
    Endpoint longest = endpoints("wss://example.org/" + "x".repeat(238)).getFirst();
    ConnectInfo.Proof proof = new ConnectInfo.Proof(new IdentityKey(KEY), FINGERPRINT, SIGNATURE);
    ConnectInfo ours =
        ConnectInfo.ours(true, true, TOKEN, Collections.nCopies(9, longest), Optional.of(proof));
    assertThat(ours.listening()).hasSize(8);
    assertThat(ours.text().text().length()).isLessThan(PxpLimits.CONNECT_INFO_MAX);
  }

  @Test
  void fieldsThatMakeNoSenseCountAsAbsent() throws MalformedMessage {
    ConnectInfo info =
        read(
            "{\"pxp\":1,\"node\":\"XYZ\",\"listen\":[7,\"nowhere\",\"tcp://192.0.2.7\","
                + "\"tcp://[::1\",\"ws://192.0.2.7/\"],\"key\":\""
                + KEY
                + "\",\"dtls\":\"sha-256 zz\",\"sig\":\""
                + SIGNATURE
                + "\"}");
    assertThat(info.pxp()).isFalse();
    assertThat(info.token()).isEmpty();
    assertThat(info.listening()).isEqualTo(endpoints("ws://192.0.2.7/"));
    assertThat(info.proof()).isEmpty();
  }

  @Test
  void fewOfEndlessEndpointsAreTaken() throws MalformedMessage {
    String many = String.join(",", Collections.nCopies(100, "\"tcp://192.0.2.7:1\""));
    assertThat(read("{\"listen\":[" + many + "]}").listening()).hasSize(8);
  }

  @Test
  void onlyAnObjectOfSensibleLengthIsOne() {
    for (String text : List.of("null", "[]", "true", "{\"a\":\"" + "x".repeat(5_000) + "\"}")) {
      assertThatExceptionOfType(MalformedMessage.class).isThrownBy(() -> read(text));
    }
  }

  private static List<Endpoint> endpoints(String... uris) {
    return List.of(uris).stream().map(uri -> Endpoint.parse(uri).orElseThrow()).toList();
  }

  private static ConnectInfo read(String text) throws MalformedMessage {
    return ConnectInfo.read(JsonText.parse(text));
  }
}
