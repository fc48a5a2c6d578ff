package peerage.pxp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import peerage.bencode.MalformedMessage;

final class SignalCodecTest {
  @Test
  void aDescriptionIsWrittenAsJavaScriptNodesDo() throws MalformedMessage {
    Signal offer = new Signal.Description(Signal.Kind.OFFER, "v=0\r\ns=\"-\"\r\n");
    String args =
        "{\"transport\":\"webrtc\",\"signal\":{\"type\":\"offer\","
            + "\"sdp\":\"v=0\\r\\ns=\\\"-\\\"\\r\\n\"}}";
    assertThat(written(offer)).isEqualTo("[\"upgrade\",\"1\"," + args + "]\n");
    assertThat(read(args)).contains(offer);
  }

  @Test
  void aCandidateIsWrittenAsJavaScriptNodesDo() throws MalformedMessage {
    Signal candidate = new Signal.IceCandidate("candidate:1 1 udp 2 ::1 4 typ host", "0", 0);
    String args =
        "{\"transport\":\"webrtc\",\"signal\":{\"candidate\":{"
            + "\"candidate\":\"candidate:1 1 udp 2 ::1 4 typ host\","
            + "\"sdpMLineIndex\":0,\"sdpMid\":\"0\"}}}";
    assertThat(written(candidate)).isEqualTo("[\"upgrade\",\"1\"," + args + "]\n");
    assertThat(read(args)).contains(candidate);
  }

  @Test
  void aCandidateNeedNotSayToWhichPartItBelongs() throws MalformedMessage {
    Signal first = new Signal.IceCandidate("candidate:1", "0", 0);
    for (String rest :
        List.of(
            "",
            ",\"sdpMid\":null,\"sdpMLineIndex\":null",
            ",\"sdpMid\":7",
            ",\"sdpMLineIndex\":-1",
            ",\"sdpMLineIndex\":1e99")) {
      assertThat(signal("{\"candidate\":{\"candidate\":\"candidate:1\"" + rest + "}}"))
          .contains(first);
    }
  }

  @Test
  void whatIsForAnotherTransportOrOfAnotherKindIsNotForUs() throws MalformedMessage {
    for (String signal :
        List.of(
            "{}",
            "{\"renegotiate\":true}",
            "{\"type\":\"offer\"}",
            "{\"type\":\"offer\",\"sdp\":\"\"}",
            "{\"type\":\"offer\",\"sdp\":7}",
            "{\"type\":\"pranswer\",\"sdp\":\"v=0\"}",
            "{\"sdp\":\"v=0\"}",
            "{\"candidate\":null}",
            "{\"candidate\":{}}",
            "{\"candidate\":{\"candidate\":\"\"}}",
            "7")) {
      assertThat(signal(signal)).isEmpty();
    }
    assertThat(read("{\"transport\":\"tcp\",\"signal\":{\"type\":\"offer\",\"sdp\":\"v=0\"}}"))
        .isEmpty();
    assertThat(read("{}")).isEmpty();
  }

  @Test
  void aSignalHasALongestLength() {
    String text = "x".repeat(Signal.LENGTH_MAX + 1);
    for (String signal :
        List.of(
            "{\"type\":\"offer\",\"sdp\":\"" + text + "\"}",
            "{\"candidate\":{\"candidate\":\"" + text + "\"}}",
            "{\"candidate\":{\"candidate\":\"c\",\"sdpMid\":\"" + text + "\"}}")) {
      assertThatExceptionOfType(MalformedMessage.class).isThrownBy(() -> signal(signal));
    }
  }

  private static Optional<Signal> signal(String signal) throws MalformedMessage {
    return read("{\"transport\":\"webrtc\",\"signal\":" + signal + "}");
  }

  private static Optional<Signal> read(String args) throws MalformedMessage {
    return ((PxpMessage.Upgrade) PxpCodec.decode("[\"upgrade\",\"1\"," + args + "]")).signal();
  }

  private static String written(Signal signal) {
    return new String(PxpCodec.upgrade(JsonText.ofString("1"), signal), UTF_8);
  }
}
