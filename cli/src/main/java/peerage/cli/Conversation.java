package peerage.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import peerage.bencode.MalformedMessage;
import peerage.peers.InfoHash;
import peerage.peers.PeerAddress;
import peerage.pex.PexAudit;
import peerage.pex.PexFinding;
import peerage.pex.PexRule;
import peerage.pex.UtPex;
import peerage.wire.ExtensionHandshake;
import peerage.wire.Handshake;

/// One captured TCP connection: both directions, what each side offered, and the PEX messages.
final class Conversation {
  /// A message that was sent before the news came that `ut_pex` is off is nobody's fault (guess: a
  /// slow line's round trip).
  private static final Duration IN_FLIGHT = Duration.ofSeconds(2);

  /// The first message of an encrypted connection is a key of so many bytes, and padding (MSE/PE).
  private static final int KEY_SIZE = 96;

  private static final int TLS_HANDSHAKE = 0x16;

  /// What a connection turned out to be.
  enum Kind {
    /// BitTorrent in plaintext.
    BITTORRENT,
    /// Its first bytes look like noise: perhaps BitTorrent, encrypted.
    ENCRYPTED,
    /// It began before the capture, and nothing was recognised in it.
    BEGAN_BEFORE,
    /// Something else.
    OTHER
  }

  private final Side one;
  private final Side two;
  private final Consumer<Sighting> found;
  private @Nullable InfoHash torrent;
  private boolean isBitTorrent;

  /// @param first its first segment
  /// @param found is told of each PEX message
  Conversation(Segment first, Consumer<Sighting> found) {
    this.found = found;
    this.one = new Side(first.from());
    this.two = new Side(first.to());
  }

  void take(Segment segment) {
    side(segment.from()).take(segment);
  }

  private Side side(PeerAddress address) {
    return address.equals(one.address) ? one : two;
  }

  /// Whether this segment begins another connection between the same ports.
  boolean isOver(Segment segment) {
    return segment.has(Segment.SYN) && side(segment.from()).isOtherConnection(segment);
  }

  /// Nothing more comes: what was held back is read as it is.
  void end() {
    one.stream.end();
    two.stream.end();
  }

  /// Bytes that are kept in wait for others.
  int keptBytes() {
    return one.keptBytes() + two.keptBytes();
  }

  /// Bytes that the capture lacks inside of messages.
  long lostBytes() {
    return one.lostBytes() + two.lostBytes();
  }

  /// Whether anything was said at all: a refused dial says nothing.
  boolean hasContent() {
    return one.reader != null || two.reader != null;
  }

  Kind kind() {
    if (isBitTorrent) {
      return Kind.BITTORRENT;
    }
    if (!one.beganHere && !two.beganHere) {
      return Kind.BEGAN_BEFORE;
    }
    Side dialler = one.dialled ? one : two;
    return looksEncrypted(dialler.beginning()) ? Kind.ENCRYPTED : Kind.OTHER;
  }

  /// Whether bytes are noise: no TLS, and no text.
  private static boolean looksEncrypted(byte[] bytes) {
    if (bytes.length < KEY_SIZE || (bytes[0] == TLS_HANDSHAKE && bytes[1] == 3)) {
      return false;
    }
    int printable = 0;
    for (int i = 0; i < KEY_SIZE; i++) {
      printable += bytes[i] >= ' ' && bytes[i] < 127 ? 1 : 0;
    }
    return printable < KEY_SIZE * 6 / 10; // noise has 37 % of them, text nearly all
  }

  /// The directions in which PEX messages went.
  List<Sighting.Total> totals() {
    return List.of(one, two).stream().flatMap(side -> side.total().stream()).toList();
  }

  /// One side, and what it says.
  private final class Side implements WireReader.Taker {
    private final PeerAddress address;
    private final TcpStream stream;
    private @Nullable WireReader reader;
    private @Nullable PexAudit audit;
    private Optional<String> client = Optional.empty();
    private OptionalInt pexNumber = OptionalInt.empty();
    private OptionalInt numberBefore = OptionalInt.empty();
    private Instant changed = Instant.MIN;
    private boolean beganHere;
    private boolean dialled;
    private boolean sawHandshake;
    private int firstSequence;

    Side(PeerAddress address) {
      this.address = address;
      this.stream =
          new TcpStream(
              new TcpStream.Taker() {
                @Override
                public void bytes(java.nio.ByteBuffer bytes, Instant at) {
                  reader().bytes(bytes, at);
                }

                @Override
                public void gap(long count) {
                  reader().gap(count);
                }
              });
    }

    private Side other() {
      return this == one ? two : one;
    }

    private WireReader reader() {
      WireReader known = reader;
      if (known == null) {
        known = new WireReader(this, beganHere);
        reader = known;
      }
      return known;
    }

    void take(Segment segment) {
      if (segment.has(Segment.SYN)) {
        beganHere = true;
        dialled = !segment.has(Segment.ACK);
        firstSequence = segment.sequence();
      }
      stream.take(segment);
      if (segment.has(Segment.RST)) {
        end();
      }
    }

    boolean isOtherConnection(Segment segment) {
      return reader != null && !(beganHere && firstSequence == segment.sequence());
    }

    int keptBytes() {
      return stream.heldBytes() + (reader == null ? 0 : reader.pendingBytes());
    }

    long lostBytes() {
      return reader == null || !isBitTorrent ? 0 : reader.lostBytes();
    }

    byte[] beginning() {
      return reader == null ? new byte[0] : reader.beginning();
    }

    @Override
    public void shookHands(Handshake handshake) {
      isBitTorrent = true;
      sawHandshake = true;
      torrent = handshake.infoHash();
    }

    @Override
    public void extended(int number, byte[] payload, Instant at) {
      isBitTorrent = true;
      if (number == ExtensionHandshake.ID) {
        offered(payload, at);
      } else {
        other().given(number, payload, at);
      }
    }

    private void offered(byte[] payload, Instant at) {
      ExtensionHandshake handshake;
      try {
        handshake = ExtensionHandshake.decode(payload);
      } catch (MalformedMessage _) {
        return; // it offers nothing that could be understood
      }
      client = handshake.client().or(() -> client);
      Integer number = handshake.extensions().get(UtPex.NAME);
      if (number != null && number != pexNumber.orElse(-1)) {
        numberBefore = pexNumber;
        pexNumber = OptionalInt.of(number);
        changed = at;
      }
      PexAudit theirs = other().audit();
      if (number != null && number == 0) {
        theirs.switchedOff();
      }
      if (other().dialled) {
        theirs.receiverListensAt(address);
      } else if (handshake.listenPort().isPresent()) {
        theirs.receiverListensAt(new PeerAddress(address.ip(), handshake.listenPort().getAsInt()));
      }
    }

    /// What this side sends.
    private PexAudit audit() {
      PexAudit known = audit;
      if (known == null) {
        known = sawHandshake ? new PexAudit() : PexAudit.fromTheMiddle();
        audit = known;
      }
      return known;
    }

    /// A message to this side, under a number that this side should have chosen.
    private void given(int number, byte[] payload, Instant at) {
      boolean isOffered = number == pexNumber.orElse(-1);
      boolean wasOffered =
          number == numberBefore.orElse(-1) && at.isBefore(changed.plus(IN_FLIGHT));
      if (!isOffered && !wasOffered && !WireReader.looksLikePex(payload)) {
        return;
      }
      boolean isWrong = pexNumber.isPresent() && !isOffered && !wasOffered;
      List<PexFinding> known = isWrong ? List.of(notOffered(number)) : List.of();
      PexAudit.Verdict verdict = other().audit().hear(payload, at, known);
      found.accept(
          new Sighting(Optional.of(at), Optional.of(other().route()), payload.length, verdict));
    }

    private PexFinding notOffered(int number) {
      int offered = pexNumber.orElse(0);
      return new PexFinding(
          PexRule.NOT_OFFERED,
          number + (offered == 0 ? ", though ut_pex is switched off" : " instead of " + offered));
    }

    private Sighting.Route route() {
      return new Sighting.Route(
          address, other().address, client, other().client, Optional.ofNullable(torrent));
    }

    Optional<Sighting.Total> total() {
      PexAudit known = audit;
      return known == null || known.summary().messages() == 0
          ? Optional.empty()
          : Optional.of(new Sighting.Total(route(), known.summary()));
    }
  }
}
