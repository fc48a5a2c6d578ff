package peerage.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Pattern;
import peerage.node.Pxp;
import peerage.node.PxpPeer;

/// A chat room without a server: every member keeps the last lines, and passes on what is new to
/// it. Browsers are members as well, by the page in `examples/chat-page`.
///
/// Build the page once (`cd examples/chat-page && npm ci && npm run bundle`); then, from the root
/// of a built tree:
///
/// ```sh
/// java -cp 'examples/target/classes:cli/target/app/lib/*' peerage.examples.ChatRoom 8090 ada
/// ```
///
/// and open http://localhost:8090/ in one browser or more. PXP is on the two ports above: WebSocket
/// on 8091, TCP on 8092. Another room joins by naming one:
/// `… peerage.examples.ChatRoom 8190 ben tcp://127.0.0.1:8092`.
///
/// Members send each other messages of one line: `HELLO MEMBER NICK` once, then
/// `SAY LINE NICK: TEXT`, where MEMBER and LINE are random ids. Who has heard a line passes it on,
/// so it reaches those as well who are not connected to its author.
public final class ChatRoom {
  private static final Path PAGE = Path.of("examples", "chat-page");
  private static final Pattern HELLO = Pattern.compile("HELLO ([0-9a-f-]{8,40}) (.{1,40})");
  private static final Pattern SAY = Pattern.compile("SAY ([0-9a-f-]{8,40}) (.{1,2000})");

  /// So many lines a newcomer is told, and so many ids are remembered, so that an old line does not
  /// go round for ever.
  private static final int LINES = 200;

  private static final int IDS = 10_000;

  private final String nick;
  private final String me = UUID.randomUUID().toString().replace("-", "");
  private final Map<PxpPeer, BlockingQueue<String>> members = new ConcurrentHashMap<>();
  private final Map<String, PxpPeer> byId = new ConcurrentHashMap<>();
  private final Deque<String> lines = new ArrayDeque<>();
  private final LinkedHashSet<String> seen = new LinkedHashSet<>();

  private ChatRoom(String nick) {
    this.nick = nick;
  }

  /// Arguments: the port of the page, the nick, nodes to enter by. Ends with the standard input.
  public static void main(String[] arguments) throws IOException {
    int port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 8090;
    var room = new ChatRoom(arguments.length > 1 ? arguments[1] : System.getProperty("user.name"));
    HttpServer page = servePage(port);
    try (var net =
        Pxp.network("chat-room")
            .listen("ws://:" + (port + 1) + "/pxp", "tcp://:" + (port + 2))
            .bootstrap(Arrays.stream(arguments).skip(2).toArray(String[]::new))
            .keep(8)
            .onConnect(room::joined)
            .open()) {
      System.out.println("http://localhost:" + port + "/, PXP on " + net.listening());
      room.talk();
    } finally {
      page.stop(0);
    }
  }

  /// Tells a newcomer who we are and what was said, then listens to it.
  private void joined(PxpPeer peer) throws IOException {
    var outbox = new LinkedBlockingQueue<String>(2 * LINES);
    outbox.add("HELLO " + me + " " + nick);
    synchronized (lines) {
      outbox.addAll(lines);
      members.put(peer, outbox);
    }
    Thread sender = Thread.startVirtualThread(() -> send(peer, outbox));
    try {
      for (var said = peer.receive(); said.isPresent(); said = peer.receive()) {
        new String(said.get(), StandardCharsets.UTF_8).lines().forEach(line -> hear(peer, line));
      }
    } finally {
      members.remove(peer);
      sender.interrupt();
      if (byId.values().remove(peer)) {
        System.out.println("* " + peer.ref() + " left");
      }
    }
  }

  private static void send(PxpPeer peer, BlockingQueue<String> outbox) {
    try {
      while (true) {
        peer.send(outbox.take().getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException | InterruptedException _) {
      peer.close();
    }
  }

  private void hear(PxpPeer from, String message) {
    var hello = HELLO.matcher(message);
    if (hello.matches()) {
      // Whom a node introduces we may know already. Of two connections one side closes the newer.
      PxpPeer known = byId.putIfAbsent(hello.group(1), from);
      if (known != null) {
        if (known != from && me.compareTo(hello.group(1)) < 0) {
          from.close();
        }
        return;
      }
      String by = from.introducedBy().map(teller -> ", introduced by " + teller.ref()).orElse("");
      System.out.println(
          "* " + from.ref() + " is " + plain(hello.group(2)) + " (" + from.transport() + by + ")");
    } else if (SAY.matcher(message).matches()) {
      say(message);
    }
  }

  /// Keeps, shows and passes on a line that is new.
  private void say(String message) {
    var parts = SAY.matcher(message);
    if (!parts.matches()) {
      return;
    }
    synchronized (lines) {
      if (!seen.add(parts.group(1))) {
        return;
      }
      if (seen.size() > IDS) {
        seen.removeFirst();
      }
      lines.add(message);
      if (lines.size() > LINES) {
        lines.remove();
      }
      // Who is so far behind reads no more.
      members.forEach(
          (peer, outbox) -> {
            if (!outbox.offer(message)) {
              peer.close();
            }
          });
    }
    System.out.println(plain(parts.group(2)));
  }

  /// Without what could move the cursor.
  private static String plain(String text) {
    return text.replaceAll("\\p{C}", "?");
  }

  private void talk() throws IOException {
    var typed = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = typed.readLine(); line != null; line = typed.readLine()) {
      if (!line.isBlank()) {
        say("SAY " + UUID.randomUUID() + " " + nick + ": " + line);
      }
    }
  }

  private static HttpServer servePage(int port) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
    server.createContext("/", exchange -> answer(exchange, "text/html", "index.html"));
    server.createContext(
        "/bundle.js", exchange -> answer(exchange, "text/javascript", "bundle.js"));
    server.start();
    return server;
  }

  private static void answer(HttpExchange exchange, String type, String file) throws IOException {
    try (exchange) {
      Path path = PAGE.resolve(file);
      boolean isThere = Files.exists(path);
      byte[] body =
          isThere
              ? Files.readAllBytes(path)
              : ("there is no " + path + ": see examples/README.md")
                  .getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().put("Content-Type", List.of(type + "; charset=utf-8"));
      exchange.sendResponseHeaders(isThere ? 200 : 404, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
