package peerage.pxp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;
import peerage.bencode.MalformedMessage;
import peerage.pxp.KeptStreams.Kept;

/// One multiplexed byte stream (npm `multiplex` 6.7.0), both directions, after the magic. Knows
/// nothing of PXP's messages.
///
/// A stream has a name and two halves. Each side opens its own half under that name and writes only
/// there. Not thread-safe.
final class Mux {
  /// What came.
  sealed interface Event {
    /// The other side opened its half of a stream, whether we know the name or not. Said once, and
    /// not for a name that was forgotten.
    record Opened(String name) implements Event {}

    /// Bytes on a stream that is registered.
    ///
    /// @param bytes at least one; a slice of what was given to [Mux#receive]
    /// @param part whether they end one write of the other side
    record Data(String name, ByteBuffer bytes, Exchange.Part part) implements Event {}

    /// The other side will write no more on a stream that is registered: it ended its half, or
    /// destroyed either half. Said once.
    record Ended(String name) implements Event {}

    /// The other side broke the framing. Nothing follows; the connection is of no more use.
    ///
    /// @param rule what it did, as a clause to show
    record Broken(String rule) implements Event {}
  }

  private final FrameReader frames = new FrameReader();
  private final ByteBuffer openedName = ByteBuffer.allocate(PxpLimits.NAME_BYTES_MAX);
  private final SequencedMap<String, MuxStream> streams = new LinkedHashMap<>();
  private final KeptStreams kept = new KeptStreams();
  private final TheirChannels theirs = new TheirChannels();
  private final OwnChannels own = new OwnChannels();
  private final SequencedSet<String> forgotten = new LinkedHashSet<>();
  private List<ByteBuffer> replies = new ArrayList<>();
  private boolean broken;

  /// Takes what came. Afterwards, ask [#takeReplies()].
  ///
  /// @param bytes all of it is taken. Events hold slices: nobody may change it afterwards
  /// @param events is added to
  void receive(ByteBuffer bytes, List<Event> events, Instant now) {
    try {
      while (!broken && frames.next(bytes)) {
        onPiece(events, now);
      }
    } catch (MalformedMessage e) {
      broken = true;
      events.add(new Event.Broken(String.valueOf(e.getMessage())));
    }
  }

  private void onPiece(List<Event> events, Instant now) throws MalformedMessage {
    int channel = frames.channel();
    switch (frames.type()) {
      case FrameReader.DATA -> onData(channel, events);
      case FrameReader.OPEN -> onName(channel, events, now);
      case FrameReader.END_BACK -> onLast(() -> own.answered(channel));
      case FrameReader.END -> onLast(() -> onEnd(channel, events));
      case FrameReader.DESTROY_BACK -> onLast(() -> onDestroyBack(channel, events));
      case FrameReader.DESTROY -> onLast(() -> endTheirs(channel, events));
      default -> {} // nobody writes back on a channel of the other side; type 7 means nothing
    }
  }

  /// Ends have a body, too, in which JavaScript nodes may say why.
  private void onLast(Runnable action) {
    if (frames.last()) {
      action.run();
    }
  }

  private void onData(int channel, List<Event> events) throws MalformedMessage {
    if (!frames.piece().hasRemaining()) {
      return; // JavaScript makes no event of an empty frame either
    }
    Exchange.Part part = frames.last() ? Exchange.Part.LAST : Exchange.Part.MORE;
    TheirChannels.@Nullable Target target = theirs.get(channel); // null: never opened, or dropped
    if (target instanceof MuxStream stream) {
      events.add(new Event.Data(stream.name, frames.piece(), part));
    } else if (target instanceof Kept stream) {
      kept.add(stream, frames.piece(), part);
      checkKept();
    }
  }

  private void checkKept() throws MalformedMessage {
    if (kept.overflows()) {
      throw new MalformedMessage("too much on streams that nobody asked for");
    }
  }

  private void onName(int channel, List<Event> events, Instant now) throws MalformedMessage {
    openedName.put(frames.piece());
    if (!frames.last()) {
      return;
    }
    String name = UTF_8.decode(openedName.flip()).toString();
    openedName.clear();
    onOpen(channel, name.isEmpty() ? Integer.toString(channel) : name, events, now);
  }

  private void onOpen(int channel, String name, List<Event> events, Instant now)
      throws MalformedMessage {
    endTheirs(channel, events); // a number that is opened again means another channel
    theirs.checkRoom();
    MuxStream stream = streams.get(name);
    if (stream != null && stream.opened(channel)) {
      theirs.lead(channel, stream);
    } else if (forgotten.remove(name) || kept.contains(name)) {
      theirs.drop(channel);
      return;
    } else {
      theirs.lead(channel, kept.open(name, channel, now));
      checkKept();
    }
    events.add(new Event.Opened(name));
  }

  private void onEnd(int channel, List<Event> events) {
    if (endTheirs(channel, events)) {
      replies.add(FrameWriter.head(FrameReader.END_BACK, channel, 0));
    }
  }

  /// Says whether there was such a channel.
  private boolean endTheirs(int channel, List<Event> events) {
    if (theirs.undrop(channel)) {
      return true;
    }
    TheirChannels.@Nullable Target target = theirs.remove(channel);
    if (target instanceof MuxStream stream) {
      events.add(new Event.Ended(stream.name));
      stream.theirsEnded();
      letGoIfOver(stream);
    } else if (target instanceof Kept stream) {
      kept.end(stream);
    }
    return target != null;
  }

  /// The other side does not want what we write: the stream is over, in both directions.
  private void onDestroyBack(int channel, List<Event> events) {
    own.answered(channel);
    for (MuxStream stream : streams.values()) {
      if (stream.writesTo(channel)) {
        own.destroyed(channel);
        stream.oursEnded();
        if (stream.theirsIsOpen()) {
          endTheirs(stream.theirChannel(), events);
          theirs.drop(stream.theirChannel());
        } else if (!stream.theirsHasEnded()) {
          events.add(new Event.Ended(stream.name));
          stream.theirsEnded();
          forgetName(stream.name);
        }
        letGoIfOver(stream);
        return;
      }
    }
  }

  private void letGoIfOver(MuxStream stream) {
    if (stream.isOver()) {
      streams.remove(stream.name);
    }
  }

  /// Both sides know the name from now on: what was kept for it comes out. Harmless if it is
  /// registered.
  void register(String name, List<Event> events) {
    if (name.getBytes(UTF_8).length > PxpLimits.NAME_BYTES_MAX) {
      throw new IllegalArgumentException("a stream's name of more than 256 bytes: " + name);
    }
    forgotten.remove(name);
    if (streams.containsKey(name)) {
      return;
    }
    MuxStream stream = new MuxStream(name);
    streams.put(name, stream);
    Kept earlier = kept.take(name);
    if (earlier != null) {
      stream.opened(earlier.channel());
      events.addAll(earlier.events());
      if (earlier.ended()) {
        stream.theirsEnded();
      } else {
        theirs.lead(earlier.channel(), stream);
      }
    }
  }

  /// Whether a stream of that name is registered, and not over in both directions.
  boolean knows(String name) {
    return streams.containsKey(name);
  }

  /// Has no more to do with a stream: our half ends (the frame comes with [#takeReplies()]) and
  /// what still comes for it is dropped. The name may be registered anew.
  void forget(String name) {
    MuxStream stream = streams.remove(name);
    if (stream == null) {
      return;
    }
    if (stream.oursIsOpen()) {
      replies.add(FrameWriter.head(FrameReader.END, stream.ourChannel(), 0));
      own.ended(stream.ourChannel());
    }
    if (stream.theirsIsOpen()) {
      theirs.remove(stream.theirChannel());
      theirs.drop(stream.theirChannel());
    } else if (!stream.theirsHasEnded()) {
      forgetName(name);
    }
  }

  private void forgetName(String name) {
    forgotten.add(name);
    if (forgotten.size() > PxpLimits.FORGOTTEN_NAMES_MAX) {
      forgotten.removeFirst();
    }
  }

  /// Writes one frame, and opens our half if need be. Nothing is written when there are no bytes,
  /// our half has ended, the other side destroyed it, or the name is not registered.
  ///
  /// @param bytes at most [PxpLimits#FRAME_BYTES_MAX]; taken as they are, not copied
  /// @param out is added to: one head, and the bytes
  void write(String name, ByteBuffer bytes, List<ByteBuffer> out) {
    int length = bytes.remaining();
    if (length > PxpLimits.FRAME_BYTES_MAX) {
      throw new IllegalArgumentException("a write of " + length + " bytes does not fit a frame");
    }
    MuxStream stream = streams.get(name);
    if (stream == null || length == 0 || stream.oursHasEnded()) {
      return;
    }
    out.add(head(stream, FrameReader.DATA, length));
    out.add(bytes.slice());
  }

  /// Ends our half of a registered stream, once; opens it before if need be.
  void end(String name, List<ByteBuffer> out) {
    MuxStream stream = streams.get(name);
    if (stream == null || stream.oursHasEnded()) {
      return;
    }
    out.add(head(stream, FrameReader.END, 0));
    own.ended(stream.ourChannel());
    stream.oursEnded();
    letGoIfOver(stream);
  }

  private ByteBuffer head(MuxStream stream, int type, int length) {
    if (stream.oursIsOpen()) {
      return FrameWriter.head(type, stream.ourChannel(), length);
    }
    int channel = own.take();
    stream.openOurs(channel);
    return FrameWriter.opening(channel, stream.name, type, length);
  }

  /// What has to be sent because of what was received or forgotten, once.
  List<ByteBuffer> takeReplies() {
    List<ByteBuffer> taken = replies;
    replies = new ArrayList<>();
    return taken;
  }

  /// When [#tick] has something to drop.
  Optional<Instant> nextDeadline() {
    return kept.nextDeadline();
  }

  /// Drops what was kept too long for names that nobody registered.
  void tick(Instant now) {
    for (Kept stream : kept.takeDue(now)) {
      if (!stream.ended()) {
        theirs.remove(stream.channel());
        theirs.drop(stream.channel());
      }
    }
  }
}
