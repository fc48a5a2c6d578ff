package peerage.node;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import peerage.bencode.MalformedMessage;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;
import peerage.peers.PeerId;
import peerage.swarm.Swarm;
import peerage.wire.ExtensionHandshake;
import peerage.wire.Frames;
import peerage.wire.Handshake;
import peerage.wire.Message;
import peerage.wire.MetadataMessage;
import peerage.wire.Metainfo;

/// A peer by hand that gives the metadata of any torrent, true or not, and notes what it is told.
final class MetadataGiver implements AutoCloseable {
  private static final byte EXTENDED = 20;
  private static final int THEIR_METADATA_ID = 7;

  private final ServerSocket server;
  private final Metainfo torrent;
  private final byte[] info;
  private final BlockingQueue<ExtensionHandshake> handshakes = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
  private final AtomicInteger pexMessages = new AtomicInteger();

  /// @param change makes of the true metadata what it gives
  MetadataGiver(String ip, Metainfo torrent, UnaryOperator<byte[]> change) throws IOException {
    this.server = new ServerSocket(0, 10, InetAddress.getByName(ip));
    this.torrent = torrent;
    byte[] bytes = new byte[torrent.info().remaining()];
    torrent.info().get(bytes);
    this.info = change.apply(bytes);
    Thread.ofVirtual().start(this::accept);
  }

  PeerAddress address() {
    return new PeerAddress(
        IpAddress.of(server.getInetAddress().getAddress()), server.getLocalPort());
  }

  /// The next extension handshake that it is sent.
  ExtensionHandshake handshake() throws InterruptedException {
    ExtensionHandshake next = handshakes.poll(30, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no extension handshake came");
    }
    return next;
  }

  /// Waits until a connection is ended by the other side.
  void awaitEnd() throws InterruptedException {
    if (ends.poll(30, TimeUnit.SECONDS) == null) {
      throw new AssertionError("the connection did not end");
    }
  }

  int pexMessages() {
    return pexMessages.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException _) {
      // closed
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var in = new DataInputStream(socket.getInputStream());
      in.readFully(new byte[Handshake.SIZE]);
      PeerId id = PeerId.ours(new Random(server.getLocalPort()));
      long reserved = Handshake.EXTENSIONS | Handshake.FAST;
      socket.getOutputStream().write(new Handshake(reserved, torrent.infoHash(), id).encode());
      send(socket, new Message.Extended(0, ours().encode()));
      while (true) {
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        if (frame.length > 1 && frame[0] == EXTENDED) {
          take(socket, frame[1], Arrays.copyOfRange(frame, 2, frame.length));
        }
      }
    } catch (IOException | MalformedMessage e) {
      ends.add(e.toString());
    }
  }

  private ExtensionHandshake ours() {
    return new ExtensionHandshake(
            new TreeMap<>(Map.of("ut_pex", Swarm.PEX_ID, MetadataMessage.NAME, THEIR_METADATA_ID)),
            OptionalInt.empty(),
            Optional.of("giver"),
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false)
        .withMetadata(info.length);
  }

  private void take(Socket socket, int id, byte[] payload) throws IOException, MalformedMessage {
    if (id == ExtensionHandshake.ID) {
      handshakes.add(ExtensionHandshake.decode(payload));
    } else if (id == Swarm.PEX_ID) {
      pexMessages.incrementAndGet();
    } else if (id == THEIR_METADATA_ID
        && MetadataMessage.decode(payload).orElseThrow()
            instanceof MetadataMessage.Request(int block)) {
      int from = block * MetadataMessage.BLOCK_SIZE;
      byte[] bytes =
          Arrays.copyOfRange(info, from, from + MetadataMessage.blockLength(info.length, block));
      send(
          socket,
          new Message.Extended(
              Swarm.METADATA_ID, new MetadataMessage.Data(block, info.length, bytes).encode()));
    }
  }

  private static void send(Socket socket, Message message) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Frames.size(message));
    Frames.write(message, bytes);
    socket.getOutputStream().write(bytes.array());
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
