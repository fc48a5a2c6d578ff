package peerage.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What Peerage writes to a TCP connection, byte by byte and in which order, against captures of
/// peer-exchange.
@Timeout(120)
final class PxpWireTest {
  @RegisterExtension final Lab lab = new Lab();

  @Test
  void aConnectingNodeSaysWhatPeerExchangeSaysInTheSameOrder() {
    Host host = lab.host();
    List<String> command = new ArrayList<>(PeerageProcess.java("peerage.interop.PxpRecorder"));
    command.add(host.ip4());
    Running recorder = lab.start(host, "recorder", command);
    recorder.await("its port", () -> !recorder.lines().isEmpty());
    PxpNode node = PxpJava.start(lab).join("net");
    node.say("connect", "to", "tcp://" + host.ip4() + ":" + recorder.lines().getFirst());

    // Before it has heard anything: the magic, and on its first channel the hello.
    String greeting = awaitText(recorder, "[\"net\"]]]\n");
    assertThat(greeting).startsWith("#PXP#\0\3pxp\2");
    String hello = greeting.substring(greeting.indexOf('['));
    assertThat(hello)
        .startsWith("[\"hello\",\"0\",[1,{\"pxp\":true,\"relay\":true,\"webrtc\":true,");
    say(recorder, "#PXP#" + frame(0, "pxp") + frame(2, "[\"hello\",\"0\",[1,null,[\"net\"]]]\n"));

    assertThat(awaitText(recorder, "\"net\"]\n")).endsWith("\2\26[\"connect\",\"1\",\"net\"]\n");
    say(recorder, frame(2, "[\"res\",\"1\",null]\n"));
    node.stream(0).send("one");
    node.stream(0).send("two");

    assertThat(awaitText(recorder, "two")).endsWith("\10\10data:net\12\3one\12\3two");
    node.stream(0).end();
    assertThat(awaitText(recorder, "\14\0")).endsWith("\12\3two\14\0");
  }

  private static String frame(int head, String body) {
    return "" + (char) head + (char) body.length() + body;
  }

  private static String awaitText(Running recorder, String end) {
    recorder.await("that it receives " + end, () -> text(recorder).endsWith(end));
    return text(recorder);
  }

  private static String text(Running recorder) {
    List<String> lines = recorder.lines();
    String hex = String.join("", lines.subList(1, lines.size()));
    return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
  }

  private static void say(Running recorder, String text) {
    recorder.say(HexFormat.of().formatHex(text.getBytes(StandardCharsets.ISO_8859_1)));
  }
}
