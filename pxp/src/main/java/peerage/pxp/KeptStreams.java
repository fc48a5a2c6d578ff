package peerage.pxp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Streams that the other side opened and whose names we do not know yet, with what came on them. A
/// message that makes a name known may come after the first bytes of its stream. Bounded in time
/// and bytes.
final class KeptStreams {
  /// One such stream. Its channel belongs to the other side.
  static final class Kept implements TheirChannels.Target {
    private final String name;
    private final int channel;
    private final Instant until;
    private final List<Mux.Event> events = new ArrayList<>();
    private int cost;
    private boolean ended;

    private Kept(String name, int channel, Instant until) {
      this.name = name;
      this.channel = channel;
      this.until = until;
    }

    String name() {
      return name;
    }

    int channel() {
      return channel;
    }

    boolean ended() {
      return ended;
    }

    /// What came, in order.
    List<Mux.Event> events() {
      return events;
    }
  }

  private final SequencedMap<String, Kept> kept = new LinkedHashMap<>();
  private int cost;

  boolean contains(String name) {
    return kept.containsKey(name);
  }

  /// Keeps what comes on a channel.
  Kept open(String name, int channel, Instant now) {
    Kept stream = new Kept(name, channel, now.plus(PxpLimits.UNKNOWN_NAME_KEPT));
    kept.put(name, stream);
    charge(stream, name.getBytes(UTF_8).length);
    return stream;
  }

  /// Keeps a copy: the input is much larger, and would be kept with a slice of it.
  void add(Kept stream, ByteBuffer bytes, Exchange.Part part) {
    ByteBuffer copy = ByteBuffer.allocate(bytes.remaining()).put(bytes.slice()).flip();
    stream.events.add(new Mux.Event.Data(stream.name, copy, part));
    charge(stream, copy.remaining());
  }

  void end(Kept stream) {
    if (!stream.ended) {
      stream.ended = true;
      stream.events.add(new Mux.Event.Ended(stream.name));
    }
  }

  private void charge(Kept stream, int bytes) {
    stream.cost += bytes + PxpLimits.UNKNOWN_PIECE_COST;
    cost += bytes + PxpLimits.UNKNOWN_PIECE_COST;
  }

  /// Whether more was kept than is allowed.
  boolean overflows() {
    return cost > PxpLimits.UNKNOWN_BYTES_MAX;
  }

  /// Lets one go, with what came.
  @Nullable Kept take(String name) {
    Kept stream = kept.remove(name);
    if (stream != null) {
      cost -= stream.cost;
    }
    return stream;
  }

  /// When the first one is due.
  Optional<Instant> nextDeadline() {
    return kept.isEmpty() ? Optional.empty() : Optional.of(kept.firstEntry().getValue().until);
  }

  /// Lets those go that are due.
  List<Kept> takeDue(Instant now) {
    List<Kept> due = kept.values().stream().filter(stream -> !stream.until.isAfter(now)).toList();
    due.forEach(stream -> take(stream.name));
    return due;
  }
}
