package peerage.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import peerage.announce.AnnounceEvent;
import peerage.announce.AnnounceRequest;
import peerage.announce.AnnounceResponse;
import peerage.bencode.MalformedMessage;
import peerage.peers.InfoHash;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;

/// A tracker for the demo and for tests: as little as eight peers on one machine need, with no
/// protection against strangers. It listens on 127.0.0.1 only.
final class DemoTracker implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofMinutes(30);
  private static final int MAX_SWARMS = 16;
  private static final int MAX_PEERS = 1000;

  private final Map<InfoHash, Set<PeerAddress>> swarms = new LinkedHashMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  /// Starts on any free port.
  DemoTracker() throws IOException {
    byte[] loopback = {127, 0, 0, 1};
    server = HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(loopback), 0), 0);
    server.setExecutor(threads);
    server.createContext("/announce", this::answer);
    server.start();
  }

  /// The announce URL.
  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/announce";
  }

  /// Where it listens.
  InetSocketAddress address() {
    return server.getAddress();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String query = exchange.getRequestURI().getRawQuery();
      byte[] body = announce(query, exchange.getRemoteAddress().getAddress()).encode();
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private AnnounceResponse announce(String query, InetAddress from) {
    try {
      AnnounceRequest request = AnnounceRequest.parse(query == null ? "" : query);
      var address = new PeerAddress(IpAddress.of(from.getAddress()), request.port());
      return AnnounceResponse.Answer.of(INTERVAL, others(request, address));
    } catch (MalformedMessage e) {
      return new AnnounceResponse.Failure(
          String.valueOf(e.getMessage()), new AnnounceResponse.Retry.Unsaid());
    }
  }

  private synchronized List<PeerAddress> others(AnnounceRequest request, PeerAddress asking) {
    Set<PeerAddress> swarm = swarms.computeIfAbsent(request.infoHash(), _ -> new TreeSet<>());
    if (request.event().filter(AnnounceEvent.STOPPED::equals).isPresent()) {
      swarm.remove(asking);
      return List.of();
    }
    if (swarms.size() <= MAX_SWARMS && swarm.size() < MAX_PEERS) {
      swarm.add(asking);
    }
    return swarm.stream().filter(peer -> !peer.equals(asking)).limit(request.numWant()).toList();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
