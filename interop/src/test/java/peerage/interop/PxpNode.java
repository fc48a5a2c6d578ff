package peerage.interop;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// A node of PXP in some process.
///
/// @param name the process tells its nodes apart by it
record PxpNode(PxpProcess process, String name) {
  void say(String what, Object... pairs) {
    Map<String, Object> command = new HashMap<>(Map.of("do", what, "as", name));
    for (int i = 0; i < pairs.length; i++) {
      if (pairs[i] instanceof Map<?, ?> more) {
        more.forEach((key, value) -> command.put(key.toString(), value));
      } else {
        command.put(pairs[i].toString(), pairs[++i]);
      }
    }
    process.say(command);
  }

  /// Listens on a port that is free.
  ///
  /// @param scheme `tcp` or `ws`
  /// @return what others connect to
  String listen(String scheme) {
    say("listen", "at", scheme + "://" + process.host().ip4() + ":0");
    return await("listening", _ -> true).text("uri");
  }

  /// Connects, and waits for the stream.
  PxpStream connect(String uri) {
    return ask("connect", "to", uri);
  }

  /// Asks for a new peer, which must come.
  PxpStream newPeer() {
    return ask("new-peer");
  }

  /// Asks for a new peer, which must not come.
  ///
  /// @return why not
  String newPeerInVain() {
    JsonLine answer = tryNewPeer();
    if (answer.text("event").equals("done")) {
      throw new AssertionError(this + " got a new peer");
    }
    return answer.text("why");
  }

  /// Asks for a new peer until one comes: peer-exchange asks one peer at random, who may know
  /// nobody.
  void awaitNewPeer() {
    Await.until(this + ": a new peer", () -> tryNewPeer().text("event").equals("done"));
  }

  private JsonLine tryNewPeer() {
    long before = answers("new-peer");
    say("new-peer");
    return answer("new-peer", before);
  }

  private PxpStream ask(String what, Object... pairs) {
    long before = answers(what);
    say(what, pairs);
    JsonLine answer = answer(what, before);
    if (!answer.text("event").equals("done")) {
      throw new AssertionError(this + ": no " + what + ": " + answer.text("why"));
    }
    return new PxpStream(this, answer.number("stream"));
  }

  private long answers(String what) {
    return events().stream().filter(event -> answers(event, what)).count();
  }

  private JsonLine answer(String what, long after) {
    return process
        .running()
        .await(
            this + ": " + what,
            () -> events().stream().filter(e -> answers(e, what)).skip(after).findFirst());
  }

  private static boolean answers(JsonLine event, String what) {
    return (event.text("event").equals("done") || event.text("event").equals("failed"))
        && event.text("what").equals(what);
  }

  /// Waits for its stream of that number, whoever asked for it.
  PxpStream stream(long number) {
    await("stream", event -> event.number("stream") == number);
    return new PxpStream(this, number);
  }

  /// Waits until it has at least so many peers.
  void awaitPeers(int least) {
    Await.until(this + ": " + least + " peers", () -> peers().size() >= least);
  }

  /// Waits until its peers are just these.
  void awaitPeers(List<String> transports) {
    Await.until(this + ": peers over " + transports, () -> peers().equals(transports));
  }

  /// By what each of its peers is reached that it has now.
  List<String> peers() {
    long before = count("peers");
    say("peers");
    JsonLine answer =
        process
            .running()
            .await(this + ": its peers", () -> events("peers").stream().skip(before).findFirst());
    return answer.objects("peers").stream().map(peer -> peer.text("transport")).sorted().toList();
  }

  /// Leaves the network.
  void close() {
    say("close");
    await("closed", _ -> true);
  }

  private long count(String event) {
    return events(event).size();
  }

  /// What happened to it so far, of one kind.
  List<JsonLine> events(String event) {
    return events().stream().filter(e -> e.text("event").equals(event)).toList();
  }

  private List<JsonLine> events() {
    String mine = Json.write(Map.of("as", name)).replace("}", "").replace("{", "");
    return process.told().stream().filter(l -> l.contains(mine)).map(JsonLine::parse).toList();
  }

  /// Waits for something to happen to it.
  JsonLine await(String event, Predicate<JsonLine> which) {
    return process
        .running()
        .await(this + ": " + event, () -> events(event).stream().filter(which).findFirst());
  }

  @Override
  public String toString() {
    return name;
  }
}
