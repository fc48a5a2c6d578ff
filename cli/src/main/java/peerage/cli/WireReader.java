package peerage.cli;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import peerage.bencode.MalformedMessage;
import peerage.wire.ExtensionHandshake;
import peerage.wire.Handshake;

/// Reads what one peer says on a plaintext BitTorrent connection: its handshake and its extension
/// messages. Everything else is passed over without being kept.
///
/// After bytes that the capture lacks, or in a connection that began before it, the next extension
/// message is looked for by what it looks like; what follows is read as usual.
final class WireReader implements TcpStream.Taker {
  /// The longest extension message that is read, in bytes: libtorrent's bound for `ut_pex`.
  static final int MAX_EXTENDED = 500 * 1024;

  /// The longest frame that is believed: the bitfield of 16 million pieces (guess).
  private static final int MAX_FRAME = 2 * 1024 * 1024;

  private static final int LENGTH_SIZE = 4;
  private static final int EXTENDED = 20;

  /// Length, id, number, and the longest beginning of a payload that is looked for.
  private static final int LOOK_SIZE = LENGTH_SIZE + 2 + 10;

  private static final List<byte[]> PEX_BEGINNINGS =
      List.of(
          latin("d5:added"),
          latin("d7:added."),
          latin("d6:added6"),
          latin("d8:added6"),
          latin("d7:droppe"),
          latin("d8:droppe"));

  private static final byte[] PREFIX =
      Arrays.copyOf(
          Handshake.ours(
                  peerage.peers.InfoHash.of(new byte[20]), peerage.peers.PeerId.of(new byte[20]))
              .encode(),
          Handshake.PREFIX_SIZE);

  /// Takes what is read.
  interface Taker {
    void shookHands(Handshake handshake);

    void extended(int number, byte[] payload, Instant at);
  }

  /// How far it is.
  private enum State {
    /// Before the handshake.
    BEFORE,
    /// Between messages.
    INSIDE,
    /// Between messages, but where is not known.
    LOST,
    /// No BitTorrent in plaintext.
    FOREIGN
  }

  private final Taker taker;
  private State state;
  private ByteBuffer pending = ByteBuffer.allocate(0);
  private byte[] beginning = new byte[0];
  private long toSkip;
  private long lostBytes;

  /// @param fromStart whether the connection's first byte is in the capture
  WireReader(Taker taker, boolean fromStart) {
    this.taker = taker;
    this.state = fromStart ? State.BEFORE : State.LOST;
  }

  /// Bytes that are kept until the rest of their message comes.
  int pendingBytes() {
    return pending.remaining();
  }

  /// Bytes that the capture lacks inside of messages.
  long lostBytes() {
    return lostBytes;
  }

  boolean isForeign() {
    return state == State.FOREIGN;
  }

  /// The first bytes of what is no BitTorrent in plaintext.
  byte[] beginning() {
    return beginning;
  }

  @Override
  public void gap(long count) {
    if (toSkip >= count) {
      toSkip -= count; // inside of what is passed over anyhow
    } else if (state != State.FOREIGN) {
      lostBytes += count;
      state = state == State.BEFORE ? State.FOREIGN : State.LOST;
      toSkip = 0;
      pending = ByteBuffer.allocate(0);
    }
  }

  @Override
  public void bytes(ByteBuffer bytes, Instant at) {
    int skipped = (int) Math.min(toSkip, bytes.remaining());
    toSkip -= skipped;
    bytes.position(bytes.position() + skipped);
    if (!bytes.hasRemaining() || state == State.FOREIGN) {
      return;
    }
    append(bytes);
    boolean more = true;
    while (more) {
      more =
          switch (state) {
            case BEFORE -> readHandshake();
            case INSIDE -> readFrame(at);
            case LOST -> find();
            case FOREIGN -> false;
          };
    }
  }

  private void append(ByteBuffer bytes) {
    if (pending.hasRemaining()) {
      pending =
          ByteBuffer.allocate(pending.remaining() + bytes.remaining())
              .put(pending)
              .put(bytes)
              .flip();
    } else {
      pending = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
    }
  }

  private boolean readHandshake() {
    int known = Math.min(PREFIX.length, pending.remaining());
    byte[] start = peek(0, known);
    if (!Arrays.equals(start, Arrays.copyOf(PREFIX, known))) {
      beginning = peek(0, pending.remaining());
      state = State.FOREIGN;
      pending = ByteBuffer.allocate(0);
      return false;
    }
    if (pending.remaining() < Handshake.SIZE) {
      return false;
    }
    try {
      taker.shookHands(Handshake.decode(pending));
      state = State.INSIDE;
    } catch (MalformedMessage _) { // not with that prefix
      state = State.FOREIGN;
    }
    return true;
  }

  private boolean readFrame(Instant at) {
    if (pending.remaining() < LENGTH_SIZE) {
      return false;
    }
    int length = pending.getInt(pending.position());
    if (length < 0 || length > MAX_FRAME) {
      state = State.LOST;
      return true;
    }
    if (length == 0) {
      pending.position(pending.position() + LENGTH_SIZE);
      return true;
    }
    if (pending.remaining() < LENGTH_SIZE + 1) {
      return false;
    }
    boolean isExtended = pending.get(pending.position() + LENGTH_SIZE) == EXTENDED;
    boolean isWanted = isExtended && length >= 2 && length <= MAX_EXTENDED;
    return isWanted ? readExtended(length, at) : pass(length);
  }

  private boolean readExtended(int length, Instant at) {
    if (pending.remaining() < LENGTH_SIZE + length) {
      return false;
    }
    pending.position(pending.position() + LENGTH_SIZE + 1);
    int number = Byte.toUnsignedInt(pending.get());
    byte[] payload = new byte[length - 2];
    pending.get(payload);
    taker.extended(number, payload, at);
    return true;
  }

  private boolean pass(int length) {
    int size = LENGTH_SIZE + length;
    int here = Math.min(pending.remaining(), size);
    pending.position(pending.position() + here);
    toSkip = (long) size - here;
    return toSkip == 0;
  }

  /// Looks for the next extension message; what is shorter than its beginning is kept.
  private boolean find() {
    while (pending.remaining() >= LOOK_SIZE) {
      if (looksRight()) {
        state = State.INSIDE;
        return true;
      }
      pending.get();
    }
    return false;
  }

  private boolean looksRight() {
    int at = pending.position();
    if (pending.get(at + LENGTH_SIZE) != EXTENDED) {
      return false;
    }
    int length = pending.getInt(at);
    if (length < 4 || length > MAX_EXTENDED) {
      return false;
    }
    byte[] payload = peek(LENGTH_SIZE + 2, 10);
    boolean isHandshake =
        pending.get(at + LENGTH_SIZE + 1) == ExtensionHandshake.ID
            && payload[0] == 'd'
            && payload[1] >= '1'
            && payload[1] <= '9';
    return isHandshake || looksLikePex(payload);
  }

  /// Whether a payload begins with one of BEP 11's keys.
  static boolean looksLikePex(byte[] payload) {
    return PEX_BEGINNINGS.stream()
        .anyMatch(
            start ->
                payload.length >= start.length
                    && Arrays.equals(start, Arrays.copyOf(payload, start.length)));
  }

  private byte[] peek(int offset, int count) {
    byte[] bytes = new byte[count];
    pending.get(pending.position() + offset, bytes);
    return bytes;
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
