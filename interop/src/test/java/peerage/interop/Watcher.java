package peerage.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import peerage.bencode.MalformedMessage;
import peerage.peers.PeerId;
import peerage.wire.Handshake;
import peerage.wire.Metainfo;

/// A peer of one torrent that is worth having but slow, and tells what it sees: whom it meets, and
/// whom they name to it. It never does anything on its own but listen.
final class Watcher implements AutoCloseable {
  private final InetAddress at;
  private final Metainfo torrent;
  private final Path content;
  private final boolean pex;
  private final PeerId id;
  private final ServerSocket server;
  private final List<WatcherLink> links = new CopyOnWriteArrayList<>();

  private Watcher(InetAddress at, Metainfo torrent, Path content, boolean pex) throws IOException {
    this.at = at;
    this.torrent = torrent;
    this.content = content;
    this.pex = pex;
    this.id = PeerId.ours(new Random(at.hashCode()));
    this.server = new ServerSocket(Host.PORT, 0, at);
  }

  /// Begins to listen.
  ///
  /// @param file the torrent
  /// @param content its one file, complete
  /// @param pex whether it offers `ut_pex`
  static Watcher open(InetAddress at, Path file, Path content, boolean pex)
      throws IOException, MalformedMessage {
    var watcher = new Watcher(at, Metainfo.parse(Files.readAllBytes(file)), content, pex);
    Thread.ofVirtual().start(watcher::listen);
    return watcher;
  }

  private void listen() {
    try {
      while (true) {
        add(server.accept(), "incoming");
      }
    } catch (IOException _) {
      // it has left
    }
  }

  private void add(Socket socket, String direction) throws IOException {
    var link = new WatcherLink(this, socket, direction);
    links.add(link);
    link.start();
  }

  /// Connects to a client.
  void dial(InetAddress client) throws IOException {
    var socket = new Socket();
    socket.bind(new InetSocketAddress(at, 0));
    socket.connect(new InetSocketAddress(client, Host.PORT));
    add(socket, "outgoing");
  }

  /// Names a contact to the client at an IP address.
  void tell(String client, String contact) {
    links.stream().filter(link -> link.remote().equals(client)).forEach(link -> link.tell(contact));
  }

  /// Closes all connections, and listens no more.
  void leave() {
    close();
  }

  @Override
  public void close() {
    try {
      server.close();
      for (WatcherLink link : links) {
        link.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String ip() {
    return at.getHostAddress();
  }

  boolean hasPex() {
    return pex;
  }

  Metainfo torrent() {
    return torrent;
  }

  Path content() {
    return content;
  }

  Handshake handshake() {
    return new Handshake(Handshake.EXTENSIONS, torrent.infoHash(), id);
  }
}
