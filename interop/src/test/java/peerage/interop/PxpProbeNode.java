package peerage.interop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import peerage.node.Pxp;
import peerage.node.PxpBuilder;
import peerage.node.PxpNetwork;
import peerage.node.PxpPeer;
import peerage.pxp.PeerRef;
import peerage.pxp.Role;

/// One node of [PxpProbe]. It joins its network with the first command that needs it, so that it
/// can be told before where to listen.
final class PxpProbeNode {
  private static final int SHOWN = 4096;

  private final Consumer<Map<String, Object>> out;
  private final PxpBuilder builder;
  private final List<PxpPeer> streams = new ArrayList<>();
  private final Map<PeerRef, Long> numbers = new HashMap<>();
  private final ExecutorService inOrder =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().factory());
  private Optional<PxpNetwork> network = Optional.empty();

  PxpProbeNode(JsonLine join, Consumer<Map<String, Object>> out) {
    this.out = out;
    builder = Pxp.network(join.text("network"));
    builder.onConnect(this::number);
    builder.onEvent(event -> tell("notice", "text", event));
    if (join.values().containsKey("incoming") && !join.flag("incoming")) {
      builder.notIntroducible();
    }
    if (join.values().containsKey("webrtc") && !join.flag("webrtc")) {
      builder.withoutWebRtc();
    }
    if (join.values().containsKey("keep")) {
      builder.keep(Math.toIntExact(join.number("keep")));
      builder.bootstrap(join.text("bootstrap"));
    }
  }

  /// Carries a command out: one after the other, but for those that wait for others.
  void take(JsonLine command) {
    String what = command.text("do");
    if (what.equals("connect") || what.equals("new-peer")) {
      Thread.startVirtualThread(() -> get(what, command));
    } else {
      inOrder.execute(() -> carryOut(what, command));
    }
  }

  private void get(String what, JsonLine command) {
    try {
      PxpNetwork net = network();
      PxpPeer peer = what.equals("connect") ? net.connect(command.text("to")) : net.newPeer();
      tell("done", "what", what, "stream", number(peer));
    } catch (IOException e) {
      tell("failed", "what", what, "why", e.getMessage());
    } catch (InterruptedException | RuntimeException e) {
      tell("mistake", "why", e);
    }
  }

  private void carryOut(String what, JsonLine command) {
    try {
      switch (what) {
        case "listen" -> {
          builder.listen(command.text("at"));
          tell("listening", "uri", network().listening().getLast());
        }
        case "send" -> stream(command).send(message(command));
        case "end" -> stream(command).output().close();
        case "peers" -> tell("peers", "peers", network().peers().stream().map(this::show).toList());
        case "close" -> {
          network().close();
          tell("closed");
        }
        default -> throw new IllegalArgumentException("no such command: " + what);
      }
    } catch (IOException e) {
      tell("failed", "what", what, "why", e.getMessage());
    } catch (RuntimeException e) {
      tell("mistake", "why", e);
    }
  }

  private synchronized PxpNetwork network() throws IOException {
    if (network.isEmpty()) {
      network = Optional.of(builder.open());
    }
    return network.orElseThrow();
  }

  private PxpPeer stream(JsonLine command) {
    synchronized (numbers) {
      return streams.get(Math.toIntExact(command.number("stream")));
    }
  }

  private static byte[] message(JsonLine command) {
    if (command.values().containsKey("text")) {
      return command.text("text").getBytes(StandardCharsets.UTF_8);
    }
    byte[] counted = new byte[Math.toIntExact(command.number("size"))];
    for (int i = 0; i < counted.length; i++) {
      counted[i] = (byte) (i * 31 + (i >> 8));
    }
    return counted;
  }

  private long number(PxpPeer peer) {
    synchronized (numbers) {
      return numbers.computeIfAbsent(peer.ref(), _ -> begin(peer));
    }
  }

  private long begin(PxpPeer peer) {
    streams.add(peer);
    long number = streams.size() - 1L;
    Map<String, Object> shown = new HashMap<>(show(peer));
    shown.put("stream", number);
    tell("stream", shown);
    Thread.startVirtualThread(() -> read(number, peer));
    return number;
  }

  private Map<String, Object> show(PxpPeer peer) {
    return Map.of(
        "transport",
        peer.transport().name().toLowerCase(Locale.ROOT),
        "incoming",
        peer.role() == Role.ACCEPT);
  }

  private void read(long number, PxpPeer peer) {
    try {
      for (Optional<byte[]> next = peer.receive(); next.isPresent(); next = peer.receive()) {
        byte[] data = next.get();
        Map<String, Object> event =
            new HashMap<>(Map.of("stream", number, "size", data.length, "sum", sum(data)));
        if (data.length < SHOWN) {
          event.put("text", new String(data, StandardCharsets.UTF_8));
        }
        tell("data", event);
      }
      tell("end", "stream", number);
    } catch (IOException | RuntimeException e) {
      tell("broken", "stream", number, "why", e);
    }
  }

  /// FNV-1a, 32 bits.
  private static long sum(byte[] data) {
    int hash = 0x811c9dc5;
    for (byte each : data) {
      hash = (hash ^ (each & 0xff)) * 0x01000193;
    }
    return Integer.toUnsignedLong(hash);
  }

  private void tell(String event, Object... pairs) {
    Map<String, Object> line = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      line.put(pairs[i].toString(), pairs[i + 1]);
    }
    tell(event, line);
  }

  private void tell(String event, Map<String, Object> fields) {
    Map<String, Object> line = new HashMap<>(fields);
    line.put("event", event);
    out.accept(line);
  }
}
