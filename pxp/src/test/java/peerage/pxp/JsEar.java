package peerage.pxp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One direction of one connection as a JavaScript node (peer-exchange 2.2.0) would hear it. It
/// fails where that would die, close the connection, or lose a stream for good because it has not
/// registered the stream's name yet. Written without a line of the code under test.
final class JsEar {
  private static final Pattern MESSAGE =
      Pattern.compile(
          "\\[\"(hello|getpeers|relay|incoming|upgrade|connect|res)\",\"([0-9a-z]+)\",(.*)]");
  private static final Pattern ID = Pattern.compile("\\[\"([^\"]+)\"]");
  private static final Pattern CANDIDATE =
      Pattern.compile("\\{\"id\":\"[0-9a-f]{8}\",\"network\":\"somenet\",\"connectInfo\":\\{.*");
  private static final String MAGIC = "#PXP#";

  private final String name;
  private JsEar back;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final StringBuilder lines = new StringBuilder();
  private final TreeMap<Long, String> channels = new TreeMap<>();
  private final TreeSet<Long> ended = new TreeSet<>();
  private final TreeSet<String> known = new TreeSet<>();
  private final TreeSet<String> ids = new TreeSet<>();
  private final TreeMap<String, String> requests = new TreeMap<>();
  private final TreeMap<String, @Nullable JsEar> inner = new TreeMap<>();
  private boolean magic;
  private boolean plain;
  private boolean hello;
  int frames;

  JsEar(String name) {
    this.name = name;
    this.back = new JsEar(name + " back", this);
    known.add("pxp");
  }

  private JsEar(String name, JsEar back) {
    this.name = name;
    this.back = back;
    known.add("pxp");
  }

  /// The ear at the other end.
  JsEar other() {
    return back;
  }

  void hear(byte[] more) {
    bytes.writeBytes(more);
    if (!magic && bytes.size() >= MAGIC.length()) {
      byte[] all = bytes.toByteArray();
      magic = true;
      plain = !new String(all, 0, MAGIC.length(), UTF_8).equals(MAGIC);
      keep(Arrays.copyOfRange(all, MAGIC.length(), all.length));
    }
    while (magic && !plain && frame()) {
      frames++;
    }
  }

  private void keep(byte[] rest) {
    bytes.reset();
    bytes.writeBytes(rest);
  }

  private boolean frame() {
    byte[] all = bytes.toByteArray();
    long[] head = varint(all, 0);
    long[] length = head.length == 0 ? head : varint(all, (int) head[1]);
    if (length.length == 0 || all.length < length[1] + length[0]) {
      return false;
    }
    byte[] body = Arrays.copyOfRange(all, (int) length[1], (int) (length[1] + length[0]));
    keep(Arrays.copyOfRange(all, (int) (length[1] + length[0]), all.length));
    take(head[0] >>> 3, (int) (head[0] & 7), body);
    return true;
  }

  private static long[] varint(byte[] all, int from) {
    long value = 0;
    for (int i = from; i < all.length; i++) {
      value |= (long) (all[i] & 0x7f) << (7 * (i - from));
      if (all[i] >= 0) {
        return new long[] {value, i + 1L};
      }
    }
    return new long[0];
  }

  private void take(long channel, int type, byte[] body) {
    switch (type) {
      case 0 -> {
        String stream = new String(body, UTF_8);
        assertThat(isKnown(stream)).as("%s: %s is registered when it opens", name, stream).isTrue();
        channels.put(channel, stream);
        ended.remove(channel);
      }
      case 2 -> {
        assertThat(channels).as(name).containsKey(channel);
        assertThat(ended).as("%s: nothing after the end", name).doesNotContain(channel);
        data(channels.getOrDefault(channel, ""), body);
      }
      case 4 -> ended.add(channel);
      case 3 -> {}
      default -> throw new AssertionError(name + ": a frame of type " + type);
    }
  }

  private boolean isKnown(String stream) {
    return known.contains(stream);
  }

  private void data(String stream, byte[] body) {
    if (stream.equals("pxp")) {
      lines.append(new String(body, UTF_8));
      for (int end = lines.indexOf("\n"); end >= 0; end = lines.indexOf("\n")) {
        String line = lines.substring(0, end);
        lines.delete(0, end + 1);
        message(line);
      }
    } else if (stream.startsWith("relay:")) {
      JsEar ear = inner.get(stream);
      if (ear == null) {
        JsEar fresh = new JsEar(name + " " + stream);
        inner.put(stream, fresh);
        back.inner.put(stream, fresh.back);
        ear = fresh;
      }
      ear.hear(body);
    }
  }

  private void message(String line) {
    Matcher parts = MESSAGE.matcher(line);
    assertThat(parts.matches()).as("%s: %s", name, line).isTrue();
    String nonce = parts.group(2);
    String args = parts.group(3);
    if (!parts.group(1).equals("hello")) {
      assertThat(hello).as("%s: hello comes before %s", name, line).isTrue();
    }
    switch (parts.group(1)) {
      case "hello" -> hello = true;
      case "connect" -> {
        known.add("data:" + args.replace("\"", ""));
        back.known.add("data:" + args.replace("\"", ""));
        requests.put(nonce, line);
      }
      case "relay", "incoming" -> {
        Matcher id = ID.matcher(args);
        assertThat(id.matches()).as(line).isTrue();
        String called = parts.group(1) + id.group(1);
        assertThat(ids.add(called)).as("%s: an id twice kills: %s", name, line).isTrue();
        known.add("relay:" + id.group(1));
        requests.put(nonce, line);
      }
      case "getpeers" -> requests.put(nonce, line);
      case "upgrade" ->
          assertThat(args)
              .matches("\\{\"transport\":\"webrtc\",\"signal\":\\{\"(type|candidate)\":.*}}");
      default -> answer(nonce, args, line);
    }
  }

  private void answer(String nonce, String args, String line) {
    String request = back.requests.remove(nonce);
    assertThat(request).as("%s: somebody has asked for %s", name, line).isNotNull();
    Matcher parts = MESSAGE.matcher(String.valueOf(request));
    assertThat(parts.matches()).isTrue();
    if (parts.group(1).equals("getpeers")) {
      candidates(args);
    } else if (parts.group(1).equals("relay") || parts.group(1).equals("incoming")) {
      if (args.equals("null")) {
        known.add("relay:" + parts.group(3).replaceAll("[\\[\\]\"]", ""));
      }
    }
  }

  private static void candidates(String args) {
    assertThat(args).startsWith("[");
    if (args.startsWith("[null,[{")) {
      assertThat(args).matches("\\[null,\\[\\{.*}]]");
      for (String one : args.substring("[null,[".length()).split("(?=\\{\"id\":)", -1)) {
        assertThat(one).matches(CANDIDATE);
      }
    }
  }
}
