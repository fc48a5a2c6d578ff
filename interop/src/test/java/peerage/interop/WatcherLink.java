package peerage.interop;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import peerage.bencode.MalformedMessage;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;
import peerage.pex.PexMessage;
import peerage.pex.UtPex;
import peerage.wire.Block;
import peerage.wire.ExtensionHandshake;
import peerage.wire.Frames;
import peerage.wire.Handshake;
import peerage.wire.Message;

/// One connection of a [Watcher].
final class WatcherLink {
  private static final int PEX_ID = 1;

  /// As many requests as a client may send at once; what is more is forgotten.
  private static final int REQUESTS = 250;

  /// A block each so often: 4 KiB/s, so that nobody gets done while a test looks.
  private static final long SECONDS_A_BLOCK = 4;

  private final Watcher watcher;
  private final Socket socket;
  private final String direction;
  private final String remote;
  private final BlockingQueue<Block> requests = new LinkedBlockingQueue<>(REQUESTS);
  private volatile int theirPexId;

  /// @param direction `outgoing` or `incoming`
  WatcherLink(Watcher watcher, Socket socket, String direction) {
    this.watcher = watcher;
    this.socket = socket;
    this.direction = direction;
    this.remote = socket.getInetAddress().getHostAddress();
  }

  void start() {
    Thread.ofVirtual().start(this::run);
  }

  /// The other's IP address.
  String remote() {
    return remote;
  }

  void close() throws IOException {
    socket.close();
  }

  private void run() {
    try (socket) {
      socket.setTcpNoDelay(true);
      var in = new DataInputStream(socket.getInputStream());
      Handshake theirs = handshake(in);
      send(new Message.Extended(ExtensionHandshake.ID, extensions().encode()));
      send(new Message.Bitfield(allButTheLast()));
      send(new Message.Unchoke());
      send(new Message.Interested());
      Thread.ofVirtual().start(this::serve);
      while (true) {
        read(in, theirs);
      }
    } catch (IOException | UncheckedIOException | MalformedMessage _) {
      // closed by either, or an encrypted handshake, which is not understood
    }
    WatcherReport.closed(watcher.ip(), remote);
  }

  /// Who is dialled waits: the other may begin with an encrypted handshake, find the connection
  /// closed, and come again with a plain one.
  private Handshake handshake(DataInputStream in) throws IOException, MalformedMessage {
    boolean dialled = direction.equals("outgoing");
    if (dialled) {
      write(watcher.handshake().encode());
    }
    Handshake theirs = Handshake.decode(ByteBuffer.wrap(in.readNBytes(Handshake.SIZE)));
    if (!dialled) {
      write(watcher.handshake().encode());
    }
    return theirs;
  }

  private ExtensionHandshake extensions() {
    var remoteAddress = PeerAddress.parse(remote + ":" + Host.PORT).orElseThrow();
    return ExtensionHandshake.ours(
        watcher.hasPex() ? Map.of(UtPex.NAME, PEX_ID) : Map.of(),
        OptionalInt.of(Host.PORT),
        REQUESTS,
        remoteAddress,
        Optional.empty());
  }

  /// Who has all is a seed, and not everybody names seeds to everybody.
  private byte[] allButTheLast() {
    int pieces = watcher.torrent().pieceCount();
    byte[] bits = new byte[(pieces + 7) / 8];
    Arrays.fill(bits, (byte) 0xFF);
    int last = (pieces - 1) % 8;
    bits[bits.length - 1] = (byte) (0xFF00 >> last);
    return bits;
  }

  private void read(DataInputStream in, Handshake theirs) throws IOException, MalformedMessage {
    int pieces = watcher.torrent().pieceCount();
    byte[] head = in.readNBytes(Frames.LENGTH_SIZE);
    int size =
        Frames.frameSize(ByteBuffer.wrap(head), Frames.maxLength(pieces))
            .orElseThrow(() -> new UncheckedIOException(new IOException("closed")));
    byte[] frame = Arrays.copyOf(head, size);
    in.readFully(frame, head.length, size - head.length);
    Optional<Message> message = Frames.read(ByteBuffer.wrap(frame), Frames.maxLength(pieces));
    if (message.orElseThrow() instanceof Message.Request(Block block)) {
      boolean _ = requests.offer(block);
    } else if (message.orElseThrow() instanceof Message.Extended(int id, byte[] payload)) {
      hear(id, payload, theirs);
    }
  }

  private void hear(int id, byte[] payload, Handshake theirs) throws MalformedMessage {
    if (id == ExtensionHandshake.ID) {
      ExtensionHandshake said = ExtensionHandshake.decode(payload);
      theirPexId = said.extensions().getOrDefault(UtPex.NAME, 0);
      WatcherReport.met(
          watcher.ip(), remote, direction, said.client().orElse(theirs.peerId().client()));
    } else if (id == PEX_ID) {
      WatcherReport.pex(watcher.ip(), remote, UtPex.decode(payload).message());
    }
  }

  /// Names a contact, if the other wants to hear of any.
  void tell(String contact) {
    var added = new LinkedHashMap<PeerAddress, PeerFlags>();
    added.put(PeerAddress.parse(contact).orElseThrow(), PeerFlags.NONE);
    var message = new PexMessage(added, new LinkedHashSet<>());
    if (theirPexId != 0) {
      send(new Message.Extended(theirPexId, UtPex.encode(message)));
    }
  }

  /// Answers requests one by one until the connection is closed.
  private void serve() {
    try (var file = FileChannel.open(watcher.content())) {
      while (!socket.isClosed()) {
        Block block = requests.poll(20, TimeUnit.SECONDS);
        send(block == null ? new Message.KeepAlive() : piece(file, block));
        Await.pause(TimeUnit.SECONDS.toNanos(SECONDS_A_BLOCK));
      }
    } catch (IOException | UncheckedIOException _) {
      // closed
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private Message piece(FileChannel file, Block block) throws IOException {
    ByteBuffer data = ByteBuffer.allocate(Math.min(block.length(), Block.MAX_SIZE));
    long position = (long) block.piece() * watcher.torrent().pieceLength() + block.begin();
    file.read(data, position);
    return new Message.Piece(block.piece(), block.begin(), data.flip());
  }

  private void send(Message message) {
    ByteBuffer bytes = ByteBuffer.allocate(Frames.size(message));
    Frames.write(message, bytes);
    try {
      write(bytes.array());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }
}
