package peerage.node;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import peerage.node.TestSwarm.Host;
import peerage.peers.InfoHash;
import peerage.peers.PeerId;
import peerage.testkit.Hostile;
import peerage.wire.Block;
import peerage.wire.ExtensionHandshake;
import peerage.wire.Frames;
import peerage.wire.Handshake;
import peerage.wire.Message;
import peerage.wire.MetainfoBuilder;

/// What a stranger can do to a listening port.
@Timeout(120)
class HostilePeerTest {
  private static final int PATIENCE_MS = 30_000;
  private static final byte PIECE = 7;
  private static final byte REJECTED = 16;
  private static final byte EXTENDED = 20;

  @TempDir Path root;

  @Test
  void bytesThatAreNoHandshakeCloseTheConnectionAndNothingElse() throws Exception {
    try (var swarm = new TestSwarm(root, 300_000)) {
      Host seed = swarm.seed();
      byte[] valid = Handshake.ours(swarm.torrent().infoHash(), id()).encode();
      List<byte[]> hostile =
          Hostile.mutations(new Random(1), List.of(valid), 200)
              .filter(bytes -> bytes.length > 0 && bytes[0] != valid[0])
              .toList();

      for (byte[] bytes : hostile) {
        try (var socket = connect(seed)) {
          socket.getOutputStream().write(bytes);
          assertThat(endsWithout(socket, "a byte")).isTrue();
        }
      }

      assertStillServes(swarm, seed);
    }
  }

  @Test
  void aHandshakeAboutATorrentThatWeDoNotHaveIsNotAnswered() throws Exception {
    try (var swarm = new TestSwarm(root, 300_000)) {
      Host seed = swarm.seed();
      try (var socket = connect(seed)) {
        socket.getOutputStream().write(Handshake.ours(InfoHash.of(new byte[20]), id()).encode());

        assertThat(endsWithout(socket, "an answer")).isTrue();
      }
    }
  }

  @Test
  void hostileMessagesAfterAHandshakeNeverStopTheSeed() throws Exception {
    try (var swarm = new TestSwarm(root, 300_000)) {
      Host seed = swarm.seed();
      List<byte[]> samples =
          List.of(
              frame(new Message.Request(new Block(0, 0, Block.SIZE))),
              frame(new Message.Bitfield(new byte[2])),
              frame(new Message.Extended(0, extensionHandshake())),
              frame(new Message.Extended(1, "d5:added6:abcdef7:added.f1:xe".getBytes(US_ASCII))),
              frame(new Message.Have(3)),
              frame(new Message.Cancel(new Block(1, 0, 4))));
      Stream<byte[]> hostile = Hostile.mutations(new Random(2), samples, 300);

      for (byte[] bytes : (Iterable<byte[]>) hostile::iterator) {
        try (var socket = shakeHands(swarm, seed)) {
          OutputStream out = socket.getOutputStream();
          out.write(bytes);
          out.write(bytes);
        } catch (SocketException _) {
          // closed on the first half: as it should be
        }
      }

      assertStillServes(swarm, seed);
    }
  }

  @Test
  void aBlockThatNobodyAskedForIsNeverWritten() throws Exception {
    try (var swarm = new TestSwarm(root, 300_000)) {
      Host leech = swarm.host();
      var joined = new TestSwarm.Awaited<TorrentEvent>(TorrentEvent.Joined.class::isInstance);
      leech.node().download(swarm.torrent(), DownloadOptions.into(leech.directory()), joined);
      joined.await();

      try (var socket = shakeHands(swarm, leech)) {
        ByteBuffer junk = ByteBuffer.allocate(Block.SIZE);
        socket.getOutputStream().write(frame(new Message.Piece(0, 0, junk)));
        assertThat(endsWithout(socket, "staying open")).isTrue();
      }

      assertThat(leech.directory().resolve(TestSwarm.NAME)).doesNotExist();
    }
  }

  @Test
  void aPublicTorrentOffersPexWithOurListeningPort() throws Exception {
    try (var swarm = new TestSwarm(root, 300_000)) {
      Host seed = swarm.seed();

      ExtensionHandshake offered = extensionHandshakeOf(swarm, seed);

      assertThat(offered.extensions()).containsEntry("ut_pex", 1);
      assertThat(offered.listenPort()).hasValue(seed.address().port());
      assertThat(offered.uploadOnly()).contains(true);
    }
  }

  @Test
  void whoDoesNotSpeakTheExtensionProtocolIsSentNoneOfIt() throws Exception {
    try (var swarm = new TestSwarm(root, 300_000)) {
      Host seed = swarm.seed();
      try (var socket = shakeHands(swarm, seed, Handshake.FAST)) {
        assertThat(nextFrame(socket)[0]).isNotEqualTo(EXTENDED);
      }
    }
  }

  @Test
  void extensionsThatWeDidNotOfferAndRepeatedHandshakesDisturbNothing() throws Exception {
    try (var swarm = new TestSwarm(root, 300_000)) {
      Host seed = swarm.seed();
      try (var socket = shakeHands(swarm, seed)) {
        OutputStream out = socket.getOutputStream();
        out.write(frame(new Message.Extended(99, "junk".getBytes(US_ASCII))));
        out.write(frame(new Message.Extended(0, extensionHandshake())));
        out.write(frame(new Message.Extended(0, extensionHandshake())));
        out.write(frame(new Message.Request(new Block(0, 0, Block.SIZE))));

        byte[] answer = nextFrame(socket);
        while (answer[0] != REJECTED && answer[0] != PIECE) {
          answer = nextFrame(socket);
        }
        assertThat(answer).as("the request that came last is answered").isNotEmpty();
      }
    }
  }

  @Test
  void aPrivateTorrentDoesNotOfferPex() throws Exception {
    try (var swarm = new TestSwarm(root, 300_000, MetainfoBuilder::markPrivate)) {
      Host seed = swarm.seed();

      assertThat(extensionHandshakeOf(swarm, seed).extensions()).isEmpty();
    }
  }

  private static ExtensionHandshake extensionHandshakeOf(TestSwarm swarm, Host host)
      throws Exception {
    try (var socket = shakeHands(swarm, host)) {
      byte[] frame = nextFrame(socket);
      assertThat(frame[0]).isEqualTo(EXTENDED);
      assertThat(frame[1]).isEqualTo((byte) 0);
      return ExtensionHandshake.decode(java.util.Arrays.copyOfRange(frame, 2, frame.length));
    }
  }

  /// Keep-alives are read over.
  private static byte[] nextFrame(Socket socket) throws IOException {
    var in = new DataInputStream(socket.getInputStream());
    byte[] frame = {};
    while (frame.length == 0) {
      frame = new byte[in.readInt()];
      in.readFully(frame);
    }
    return frame;
  }

  private static void assertStillServes(TestSwarm swarm, Host seed) throws Exception {
    Host honest = swarm.host();
    Download download =
        honest.node().download(swarm.torrent(), DownloadOptions.into(honest.directory()));
    download.tell(seed.address());
    assertThat(Files.readAllBytes(download.await(TestSwarm.PATIENCE))).isEqualTo(swarm.content());
  }

  private static PeerId id() {
    return PeerId.ours(new Random(System.identityHashCode(new Object())));
  }

  private static byte[] extensionHandshake() {
    return new ExtensionHandshake(
            new java.util.TreeMap<>(Map.of("ut_pex", 1)),
            OptionalInt.of(6881),
            Optional.of("test"),
            OptionalInt.of(50),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false)
        .encode();
  }

  private static byte[] frame(Message message) {
    ByteBuffer bytes = ByteBuffer.allocate(Frames.size(message));
    Frames.write(message, bytes);
    return bytes.array();
  }

  private static Socket connect(Host host) throws IOException {
    var socket = new Socket(Addresses.toInet(host.address().ip()), host.address().port());
    socket.setSoTimeout(PATIENCE_MS);
    return socket;
  }

  private static Socket shakeHands(TestSwarm swarm, Host host) throws IOException {
    return shakeHands(swarm, host, Handshake.EXTENSIONS | Handshake.FAST);
  }

  private static Socket shakeHands(TestSwarm swarm, Host host, long reserved) throws IOException {
    Socket socket = connect(host);
    socket.setSoLinger(true, 0); // no port of ours waits for late packets
    socket
        .getOutputStream()
        .write(new Handshake(reserved, swarm.torrent().infoHash(), id()).encode());
    new DataInputStream(socket.getInputStream()).readFully(new byte[Handshake.SIZE]);
    return socket;
  }

  /// Whether the other side ends the connection; what it still sends before is read over.
  private static boolean endsWithout(Socket socket, String what) throws IOException {
    try {
      while (socket.getInputStream().read() >= 0) {
        // what was on its way
      }
      return true;
    } catch (SocketException _) {
      return true;
    } catch (java.net.SocketTimeoutException e) {
      throw new AssertionError("the connection did not end without " + what, e);
    }
  }
}
