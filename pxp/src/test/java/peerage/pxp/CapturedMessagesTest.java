package peerage.pxp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import peerage.bencode.MalformedMessage;

/// What real nodes said to each other, inside of relays too.
final class CapturedMessagesTest {
  @ParameterizedTest
  @MethodSource("captures")
  void whatARealNodeSaidIsUnderstoodAndWrittenByteForByte(Capture capture) throws MalformedMessage {
    List<String> lines = lines(capture.buffer());
    assertThat(lines).isNotEmpty();
    for (String line : lines) {
      assertThat(new String(written(PxpCodec.decode(line), line), UTF_8)).isEqualTo(line + "\n");
    }
  }

  static List<Capture> captures() {
    return Capture.all();
  }

  /// All lines of the stream `pxp`, then those of the connections inside of relays.
  static List<String> lines(ByteBuffer frames) throws MalformedMessage {
    MuxSide side = new MuxSide();
    side.receives(frames);
    List<Mux.Event> opened = List.copyOf(side.events);
    for (Mux.Event event : opened) {
      if (event instanceof Mux.Event.Opened(String name)) {
        side.registers(name);
      }
    }
    List<String> lines = new ArrayList<>();
    Lines pxp = new Lines();
    ByteBuffer relayed = ByteBuffer.allocate(PxpLimits.RELAY_BYTES_MAX);
    for (Mux.Event event : side.events) {
      if (event instanceof Mux.Event.Data(String name, ByteBuffer bytes, _)) {
        if (name.equals("pxp")) {
          lines.addAll(pxp.feed(bytes));
        } else if (name.startsWith("relay:")) {
          relayed.put(bytes);
        }
      }
    }
    if (relayed.flip().hasRemaining()) {
      relayed.position(Capture.MAGIC_LENGTH);
      lines.addAll(lines(relayed));
    }
    return lines;
  }

  private static byte[] written(PxpMessage message, String line) throws MalformedMessage {
    return switch (message) {
      case PxpMessage.Hello(int version, Optional<ConnectInfo> info, List<String> networks) -> {
        assertThat(version).isEqualTo(PxpCodec.VERSION);
        yield PxpCodec.hello(new Nonces().next(), info, networks);
      }
      case PxpMessage.Connect(JsonText nonce, String network) -> PxpCodec.connect(nonce, network);
      case PxpMessage.GetPeers(JsonText nonce, String network) -> PxpCodec.getPeers(nonce, network);
      case PxpMessage.Relay(JsonText nonce, String candidate) -> PxpCodec.relay(nonce, candidate);
      case PxpMessage.Incoming(JsonText nonce, String relay) -> PxpCodec.incoming(nonce, relay);
      case PxpMessage.Upgrade(JsonText nonce, Optional<Signal> signal) ->
          PxpCodec.upgrade(nonce, signal.orElseThrow());
      case PxpMessage.Answer(JsonText nonce, JsonText args) -> answer(nonce, args);
      case PxpMessage.Unknown _ -> throw new AssertionError("not understood: " + line);
    };
  }

  private static byte[] answer(JsonText nonce, JsonText args) throws MalformedMessage {
    assertThat(PxpCodec.errorOf(args)).isEmpty();
    return args.equals(JsonText.NULL)
        ? PxpCodec.yes(nonce)
        : PxpCodec.candidates(nonce, PxpCodec.candidatesOf(args));
  }
}
