package peerage.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import peerage.bencode.MalformedMessage;
import peerage.peers.PeerAddress;

/// Finds the PEX messages in a capture. What it keeps is bounded, however long the capture is, so
/// it can also read one that is being made.
final class CaptureReader {
  /// Connections that are followed at once (guess: four busy clients); the one that has been silent
  /// the longest is let go.
  private static final int MAX_CONVERSATIONS = 4_096;

  /// Bytes that are kept in wait for others, over all connections (guess: what nobody notices).
  private static final long MAX_KEPT = 64L * 1024 * 1024;

  /// Directions that the summary speaks of (guess: more than anybody reads).
  private static final int MAX_TOTALS = 10_000;

  /// What was in a capture.
  ///
  /// @param packets all of them
  /// @param connections TCP connections with content, by what they are
  /// @param totals the directions in which PEX messages went
  /// @param udpPackets uTP may be among them
  /// @param fragments pieces of IP packets, not read
  /// @param lostBytes what the capture lacks inside of BitTorrent connections
  /// @param unknown packets by the number of a link type that cannot be read
  /// @param isCutOff whether the capture ends inside a packet
  record Outcome(
      long packets,
      Map<Conversation.Kind, Long> connections,
      List<Sighting.Total> totals,
      long udpPackets,
      long fragments,
      long lostBytes,
      Map<Integer, Long> unknown,
      boolean isCutOff) {}

  private record Ends(PeerAddress low, PeerAddress high) {
    static Ends of(Segment segment) {
      boolean ordered = segment.from().compareTo(segment.to()) < 0;
      return ordered
          ? new Ends(segment.from(), segment.to())
          : new Ends(segment.to(), segment.from());
    }
  }

  private final Consumer<Sighting> found;
  private final IpReader ip = new IpReader();
  private final LinkedHashMap<Ends, Conversation> conversations =
      new LinkedHashMap<>(16, 0.75f, true);
  private final EnumMap<Conversation.Kind, Long> kinds = new EnumMap<>(Conversation.Kind.class);
  private final List<Sighting.Total> totals = new ArrayList<>();
  private final TreeMap<Integer, Long> unknown = new TreeMap<>();
  private long packets;
  private long kept;
  private long lost;

  CaptureReader(Consumer<Sighting> found) {
    this.found = found;
  }

  /// Reads to the end.
  ///
  /// @throws MalformedMessage if the file breaks its format; [#outcome(boolean)] then speaks of
  ///     what came before
  void read(Packets source) throws IOException, MalformedMessage {
    for (Optional<Packet> packet = source.next(); packet.isPresent(); packet = source.next()) {
      packets++;
      if (LinkLayer.isKnown(packet.get().linkType())) {
        ip.read(packet.get()).ifPresent(this::take);
      } else {
        unknown.merge(packet.get().linkType(), 1L, Long::sum);
      }
    }
  }

  private void take(Segment segment) {
    Ends ends = Ends.of(segment);
    Conversation conversation = conversations.get(ends);
    if (conversation != null && conversation.isOver(segment)) {
      conversations.remove(ends);
      kept -= conversation.keptBytes();
      end(conversation);
      conversation = null;
    }
    if (conversation == null) {
      if (segment.isEmpty() && !segment.has(Segment.SYN)) {
        return;
      }
      conversation = new Conversation(segment, found);
      conversations.put(ends, conversation);
    }
    kept -= conversation.keptBytes();
    conversation.take(segment);
    kept += conversation.keptBytes();
    while (conversations.size() > MAX_CONVERSATIONS || kept > MAX_KEPT) {
      letGo();
    }
  }

  private void letGo() {
    Conversation eldest = conversations.pollFirstEntry().getValue();
    kept -= eldest.keptBytes();
    end(eldest);
  }

  private void end(Conversation conversation) {
    conversation.end();
    if (conversation.hasContent()) {
      kinds.merge(conversation.kind(), 1L, Long::sum);
    }
    lost += conversation.lostBytes();
    for (Sighting.Total total : conversation.totals()) {
      if (totals.size() < MAX_TOTALS) {
        totals.add(total);
      }
    }
  }

  /// Ends all connections and says what there was.
  Outcome outcome(boolean isCutOff) {
    while (!conversations.isEmpty()) {
      letGo();
    }
    return new Outcome(
        packets,
        new EnumMap<>(kinds),
        List.copyOf(totals),
        ip.datagrams(),
        ip.fragments(),
        lost,
        new TreeMap<>(unknown),
        isCutOff);
  }
}
