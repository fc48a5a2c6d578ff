package peerage.node;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import peerage.announce.AnnounceRequest;
import peerage.announce.AnnounceResponse;
import peerage.announce.ScrapeRequest;
import peerage.announce.ScrapeResponse;
import peerage.bencode.MalformedMessage;
import peerage.node.Trackers.Reply;
import peerage.peers.Family;
import peerage.peers.InfoHash;
import peerage.peers.IpAddress;

/// Asks HTTP trackers, over the JDK's client. Blocking; called on virtual threads.
final class TrackerClient implements AutoCloseable {
  /// How we introduce ourselves to web servers.
  static final String USER_AGENT = "Peerage/0.1.0";

  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(8);

  static {
    // Without this the JDK refuses a Host header, which BEP 7 needs: one announce a family goes to
    // a numeric address. Works as long as nobody used the JDK's client before; else one family is
    // asked.
    if (System.getProperty("jdk.httpclient.allowRestrictedHeaders") == null) {
      System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
    }
  }

  private final @Nullable IpAddress local;
  private @Nullable HttpClient client;

  /// @param local the source address of announces; null for the system's choice
  TrackerClient(@Nullable IpAddress local) {
    this.local = local;
  }

  /// See [Trackers#announce(String, AnnounceRequest, Duration, Consumer)].
  void announce(String url, AnnounceRequest request, Duration limit, Consumer<Reply> each)
      throws TrackerFailure {
    URI uri = parse(url, request);
    Trackers.askAll(targets(uri), target -> ask(uri, target, limit), each);
  }

  /// See [Trackers#scrape(String, List, Duration)].
  ScrapeResponse scrape(String url, List<InfoHash> hashes, Duration limit) throws TrackerFailure {
    String where =
        ScrapeRequest.url(url)
            .orElseThrow(() -> new TrackerFailure(url + " cannot be scraped, by its address"));
    String joint = where.indexOf('?') < 0 ? "?" : "&";
    URI uri = uri(where + joint + new ScrapeRequest(hashes).query());
    var failure = new TrackerFailure(uri.getHost() + " has no address");
    for (Target target : targets(uri)) {
      try {
        return exchange(uri, target, limit, ScrapeResponse::decode);
      } catch (TrackerFailure e) {
        failure = e;
      }
    }
    throw failure;
  }

  private static URI uri(String url) throws TrackerFailure {
    try {
      URI uri = URI.create(url);
      if (uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException _) {
      // as below
    }
    throw new TrackerFailure("the tracker's address " + url + " is none");
  }

  private static URI parse(String url, AnnounceRequest request) throws TrackerFailure {
    try {
      URI uri = request.uri(url);
      if (uri.getHost() == null) {
        throw new TrackerFailure("the tracker's address " + url + " names no host");
      }
      return uri;
    } catch (IllegalArgumentException _) {
      throw new TrackerFailure("the tracker's address " + url + " is none");
    }
  }

  /// Where to send a request: to the host by name, or to one numeric address of it.
  ///
  /// @param address empty to leave the choice to the client
  private record Target(Optional<InetAddress> address) {}

  private List<Target> targets(URI uri) throws TrackerFailure {
    Map<Family, InetAddress> byFamily = Trackers.addresses(uri);
    if (local != null) {
      byFamily.keySet().removeIf(family -> family != local.family());
    }
    boolean byName = byFamily.size() == 1 || !"http".equalsIgnoreCase(uri.getScheme());
    var targets = new ArrayList<Target>();
    if (byName) {
      targets.add(new Target(byFamily.values().stream().findFirst()));
    } else {
      byFamily.values().forEach(address -> targets.add(new Target(Optional.of(address))));
    }
    if (byFamily.isEmpty()) {
      throw new TrackerFailure(uri.getHost() + " has no address of a family that we have");
    }
    return targets;
  }

  private Reply ask(URI uri, Target target, Duration limit) throws TrackerFailure {
    return new Reply(
        exchange(uri, target, limit, AnnounceResponse::decode),
        target.address().map(Addresses::toIp));
  }

  /// Reads an answer.
  private interface Reading<T> {
    T read(byte[] body) throws MalformedMessage;
  }

  private <T> T exchange(URI uri, Target target, Duration limit, Reading<T> reading)
      throws TrackerFailure {
    try {
      var response = client().send(request(uri, target, limit), BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        byte[] bytes = body.readNBytes(AnnounceResponse.MAX_BYTES + 1);
        return decode(uri, response.statusCode(), bytes, reading);
      }
    } catch (HttpTimeoutException _) {
      throw new TrackerFailure(uri.getHost() + " gave no answer in time");
    } catch (ConnectException _) {
      throw new TrackerFailure("nobody answers at " + uri.getAuthority());
    } catch (IOException e) {
      throw new TrackerFailure(uri.getHost() + " failed: " + e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new TrackerFailure("interrupted");
    }
  }

  private static <T> T decode(URI uri, int status, byte[] body, Reading<T> reading)
      throws TrackerFailure {
    try {
      return reading.read(body);
    } catch (MalformedMessage e) {
      throw new TrackerFailure(
          status == 200
              ? uri.getHost() + ": " + e.getMessage()
              : uri.getHost() + " answered with HTTP status " + status);
    }
  }

  private static HttpRequest request(URI uri, Target target, Duration limit) {
    var builder = HttpRequest.newBuilder().timeout(limit).header("User-Agent", USER_AGENT);
    boolean numeric = "http".equalsIgnoreCase(uri.getScheme()) && target.address().isPresent();
    if (!numeric || isNumeric(uri.getHost())) {
      return builder.uri(uri).build();
    }
    try {
      return builder
          .uri(withHost(uri, target.address().get()))
          .header("Host", uri.getRawAuthority())
          .build();
    } catch (IllegalArgumentException _) { // the JDK's client was started without our property
      return builder.uri(uri).build();
    }
  }

  private static boolean isNumeric(String host) {
    return host.startsWith("[") || IpAddress.parse(host).isPresent();
  }

  private static URI withHost(URI uri, InetAddress address) {
    IpAddress ip = Addresses.toIp(address);
    String host = ip.family() == Family.V6 ? "[" + ip + "]" : ip.toString();
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    return URI.create(
        uri.getScheme() + "://" + host + port + uri.getRawPath() + "?" + uri.getRawQuery());
  }

  private synchronized HttpClient client() {
    if (client == null) {
      var builder =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(CONNECT_LIMIT)
              .followRedirects(HttpClient.Redirect.NORMAL);
      if (local != null) {
        builder.localAddress(Addresses.toInet(local));
      }
      client = builder.build();
    }
    return client;
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.shutdownNow();
    }
  }
}
