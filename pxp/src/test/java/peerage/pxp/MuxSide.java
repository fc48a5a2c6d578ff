package peerage.pxp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// One end of a connection under test, with its events as text.
final class MuxSide {
  static final Instant START = Instant.EPOCH;

  final Mux mux = new Mux();
  final List<Mux.Event> events = new ArrayList<>();
  private final List<ByteBuffer> out = new ArrayList<>();
  Instant now = START;

  MuxSide knowing(String... names) {
    for (String name : names) {
      mux.register(name, events);
    }
    return this;
  }

  /// Takes frames, given as hex; blanks mean nothing.
  MuxSide receives(String hex) {
    return receives(ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", ""))));
  }

  MuxSide receives(ByteBuffer bytes) {
    mux.receive(bytes, events, now);
    return this;
  }

  MuxSide registers(String name) {
    mux.register(name, events);
    return this;
  }

  MuxSide writes(String name, String text) {
    mux.write(name, ByteBuffer.wrap(text.getBytes(UTF_8)), out);
    return this;
  }

  MuxSide ends(String name) {
    mux.end(name, out);
    return this;
  }

  /// All that was written since the last call.
  byte[] takeWritten() {
    byte[] bytes = bytes(out);
    out.clear();
    return bytes;
  }

  String takeWrittenHex() {
    return HexFormat.of().formatHex(takeWritten());
  }

  List<ByteBuffer> takeBuffers() {
    List<ByteBuffer> taken = List.copyOf(out);
    out.clear();
    return taken;
  }

  String takeRepliesHex() {
    return HexFormat.of().formatHex(bytes(mux.takeReplies()));
  }

  private static byte[] bytes(List<ByteBuffer> buffers) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (ByteBuffer buffer : buffers) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      all.writeBytes(bytes);
    }
    return all.toByteArray();
  }

  /// The events since the last call: `opened x`, `x: bytes` with `…` where more of the same write
  /// follows, `ended x`, `broken: why`.
  List<String> takeEvents() {
    List<String> taken = events.stream().map(MuxSide::described).toList();
    events.clear();
    return taken;
  }

  private static String described(Mux.Event event) {
    return switch (event) {
      case Mux.Event.Opened(String name) -> "opened " + name;
      case Mux.Event.Data(String name, ByteBuffer bytes, Exchange.Part part) ->
          name
              + ": "
              + ISO_8859_1.decode(bytes.duplicate())
              + (part == Exchange.Part.MORE ? "…" : "");
      case Mux.Event.Ended(String name) -> "ended " + name;
      case Mux.Event.Broken(String rule) -> "broken: " + rule;
    };
  }
}
