package peerage.node;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import peerage.announce.AnnounceResponse;
import peerage.peers.PeerAddress;

/// A tracker that names the peers it was told to name, and remembers what it was asked.
final class OnePeerTracker implements AutoCloseable {
  private final HttpServer server;
  private final List<PeerAddress> peers = new CopyOnWriteArrayList<>();
  private final List<String> queries = new CopyOnWriteArrayList<>();

  OnePeerTracker() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/announce",
        exchange -> {
          queries.add(exchange.getRequestURI().getRawQuery());
          byte[] body =
              AnnounceResponse.Answer.of(Duration.ofMinutes(30), List.copyOf(peers)).encode();
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/announce";
  }

  void names(PeerAddress peer) {
    peers.add(peer);
  }

  List<String> queries() {
    return List.copyOf(queries);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
