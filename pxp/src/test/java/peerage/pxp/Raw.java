package peerage.pxp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import peerage.peers.Link;

/// A node written out by hand: it says what a test tells it to, byte by byte, and writes down what
/// it hears, one line for each frame: `OPEN 0 pxp`, `DATA pxp […]`, `END relay:…`.
final class Raw {
  static final String INFO = "{\"pxp\":true,\"relay\":true,\"webrtc\":true}";

  final Link link;
  @Nullable String closed;
  private final Lab lab;
  private final ByteArrayOutputStream in = new ByteArrayOutputStream();
  private final TreeMap<Integer, String> theirs = new TreeMap<>();
  private final TreeMap<String, Integer> ours = new TreeMap<>();
  private final List<String> heard = new ArrayList<>();
  private boolean magic;

  Raw(Lab lab, Link link) {
    this.lab = lab;
    this.link = link;
  }

  /// Magic, the control stream, and the hello of a JavaScript node.
  Raw greet() {
    return greet(INFO);
  }

  Raw greet(String connectInfo) {
    bytes("#PXP#".getBytes(UTF_8));
    return line("[\"hello\",\"0\",[1," + connectInfo + ",[\"somenet\"]]]");
  }

  /// Bytes as they are.
  Raw bytes(byte[] bytes) {
    lab.receive(link, bytes);
    return this;
  }

  /// One message.
  Raw line(String message) {
    return data("pxp", (message + "\n").getBytes(UTF_8));
  }

  /// One frame of a stream, which is opened if need be.
  Raw data(String stream, byte[] body) {
    return open(stream).frame(channel(stream), 2, body);
  }

  Raw data(String stream, String body) {
    return data(stream, body.getBytes(UTF_8));
  }

  Raw open(String stream) {
    if (!ours.containsKey(stream)) {
      ours.put(stream, ours.size());
      frame(channel(stream), 0, stream.getBytes(UTF_8));
    }
    return this;
  }

  Raw end(String stream) {
    return open(stream).frame(channel(stream), 4, new byte[0]);
  }

  Raw destroy(String stream) {
    return open(stream).frame(channel(stream), 6, new byte[0]);
  }

  private int channel(String stream) {
    return ours.getOrDefault(stream, 0);
  }

  Raw frame(int channel, int type, byte[] body) {
    return bytes(frameBytes(channel, type, body));
  }

  static byte[] frameBytes(int channel, int type, byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    varint(out, (channel << 3) | type);
    varint(out, body.length);
    out.writeBytes(body);
    return out.toByteArray();
  }

  private static void varint(ByteArrayOutputStream out, int value) {
    int rest = value;
    while (rest > 0x7f) {
      out.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }

  void hear(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    in.writeBytes(copy);
    byte[] all = in.toByteArray();
    int at = 0;
    if (!magic && all.length >= 5) {
      heard.add(new String(all, 0, 5, UTF_8));
      magic = true;
      at = 5;
    }
    while (magic) {
      int[] head = number(all, at);
      int[] length = head.length == 0 ? head : number(all, head[1]);
      if (length.length == 0 || all.length < length[1] + length[0]) {
        break;
      }
      at = length[1] + length[0];
      note(head[0] >>> 3, head[0] & 7, new String(all, length[1], length[0], UTF_8));
    }
    in.reset();
    in.writeBytes(Arrays.copyOfRange(all, at, all.length));
  }

  private static int[] number(byte[] all, int from) {
    int value = 0;
    for (int i = from; i < all.length; i++) {
      value |= (all[i] & 0x7f) << (7 * (i - from));
      if (all[i] >= 0) {
        return new int[] {value, i + 1};
      }
    }
    return new int[0];
  }

  private void note(int channel, int type, String body) {
    switch (type) {
      case 0 -> {
        theirs.put(channel, body);
        heard.add("OPEN " + channel + " " + body);
      }
      case 2 -> heard.add("DATA " + theirs.get(channel) + " " + body.stripTrailing());
      case 3 -> heard.add("ENDED " + channel);
      case 4 -> heard.add("END " + theirs.get(channel));
      default -> heard.add("TYPE " + type + " " + channel);
    }
  }

  /// What it has heard since this was asked last.
  List<String> heard() {
    List<String> all = List.copyOf(heard);
    heard.clear();
    return all;
  }

  /// The last message that contains this, or empty text; what was heard is forgotten.
  String heardMessage(String part) {
    return heard().stream()
        .filter(line -> line.startsWith("DATA pxp ") && line.contains(part))
        .map(line -> line.substring("DATA pxp ".length()))
        .reduce("", (_, last) -> last);
  }
}
