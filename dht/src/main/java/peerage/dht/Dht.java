package peerage.dht;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import peerage.bencode.Bencoded;
import peerage.peers.Family;
import peerage.peers.InfoHash;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;

/// Takes part in the distributed hash table (BEP 5). A machine: no clock, no socket; owned by one
/// loop, not thread-safe.
public final class Dht {
  /// What happened.
  public sealed interface Input {
    /// One of our UDP sockets is there. Each has a node of its own: an id, a table, tokens
    /// (BEP 45); several may be of one family.
    ///
    /// @param socket our number for it
    /// @param formerId what the node of this family called itself when it ran last, if known
    record Opened(int socket, Family family, Optional<NodeId> formerId) implements Input {}

    /// A datagram came that begins like KRPC, with a `d`. The array is handed over.
    @SuppressWarnings("ArrayRecordComponent") // handed over, not copied, and never compared
    record Received(int socket, PeerAddress from, byte[] datagram) implements Input {}

    /// Nodes that were good when we ran last: they are asked, and believed when they answer.
    record Restored(List<NodeInfo> nodes) implements Input {}

    /// Addresses at which there may be nodes: of `port` messages, magnets, connected peers.
    record Suggested(List<PeerAddress> addresses) implements Input {}

    /// Where newcomers may ask, resolved. Asked while a table is thin, never kept in one.
    record Routers(List<PeerAddress> addresses) implements Input {}

    /// Begin a task. Its number must not be in use.
    ///
    /// @param task the driver's number for it, 0 or more
    record Start(int task, Task wanted) implements Input {}

    /// Forget a task. There is no [Output.Done] for it.
    record Cancel(int task) implements Input {}

    /// Time has passed.
    record Tick() implements Input {}
  }

  /// What somebody wants of the DHT.
  public sealed interface Task {
    /// Find the peers of a swarm, and announce us there.
    record FindPeers(InfoHash infoHash, Announcement announcement) implements Task {}

    /// Estimate how many seeds and downloaders a swarm has (BEP 33).
    record Scrape(InfoHash infoHash) implements Task {}

    /// Get an item (BEP 44).
    ///
    /// @param salt what was appended to the key of a mutable one; else empty
    record Get(NodeId target, Bencoded.Bytes salt) implements Task {}

    /// Put an item where it belongs (BEP 44), to the nodes closest to its place.
    ///
    /// @param cas for a mutable item: only where the one of this number is kept
    record Put(Item item, OptionalLong cas) implements Task {}

    /// Find the nodes closest to a place.
    record FindNode(NodeId target) implements Task {}

    /// Ask the nodes near a place for samples of the info hashes they keep (BEP 51).
    record Sample(NodeId target) implements Task {}
  }

  /// Whether, and as what, to announce us to the nodes closest to the info hash.
  public sealed interface Announcement {
    /// Only look.
    record None() implements Announcement {}

    /// We listen.
    ///
    /// @param port our TCP port, 1 to 65535
    /// @param implied whether our UDP port is to be taken instead (`implied_port`): for who is
    ///     behind a NAT and uses one number for both
    /// @param seed whether we have everything (BEP 33)
    record Listening(int port, boolean implied, boolean seed) implements Announcement {}
  }

  /// What to do, or what was learned.
  public sealed interface Output {
    /// Send this.
    @SuppressWarnings("ArrayRecordComponent") // handed over, not copied, and never compared
    record Send(int socket, PeerAddress to, byte[] datagram) implements Output {}

    /// A node told us of peers, as we ask for them. The same ones may come from several nodes.
    record PeersFound(int task, PeerAddress node, List<PeerAddress> peers) implements Output {}

    /// The nodes closest to the target of a [Task.FindNode], nearest first.
    record NodesFound(int task, List<NodeInfo> nodes) implements Output {}

    /// An item was found, verified. A mutable one may be followed by a newer one. For a
    /// [Task.Put]: somebody has put a newer one.
    record ItemFound(int task, Item item) implements Output {}

    /// A node told us of info hashes it keeps.
    ///
    record Sampled(int task, NodeInfo node, Reply.Samples samples) implements Output {}

    /// What the nodes' filters come to, merged, each an estimate.
    record Scraped(int task, double seeds, double downloaders) implements Output {}

    /// A task has ended.
    record Done(int task, LookupReport report) implements Output {}

    /// A table is thin: resolve the routers and give them, [Input.Routers].
    record WantRouters() implements Output {}

    /// Our address of its family as the others see it.
    record OwnIp(IpAddress ip) implements Output {}
  }

  /// Tasks at a time (guess): more than anybody has torrents that look for peers at once.
  public static final int TASKS = 10_000;

  private final Commons commons;
  private final Answerer answerer;
  private final Map<Integer, TaskRun> tasks = new LinkedHashMap<>();
  private Instant now = Instant.MIN;

  /// @param options how to take part
  /// @param random for ids, order and pauses
  /// @param secrets for tokens and transactions: not to be guessed
  public Dht(DhtOptions options, RandomGenerator random, RandomGenerator secrets) {
    this.commons = new Commons(options, random, secrets);
    this.answerer = new Answerer(commons);
  }

  /// Takes one input.
  ///
  /// @param now monotonic
  public List<Output> handle(Input input, Instant now) {
    this.now = now;
    switch (input) {
      case Input.Opened(int socket, Family family, Optional<NodeId> formerId) ->
          commons.open(socket, family, formerId, now);
      case Input.Received(int socket, PeerAddress from, byte[] datagram) ->
          commons.node(socket).ifPresent(node -> onReceived(node, from, datagram, now));
      case Input.Restored(List<NodeInfo> nodes) ->
          commons.eachNode(node -> node.restored(nodes, now));
      case Input.Suggested(List<PeerAddress> addresses) ->
          commons.eachNode(node -> node.suggested(addresses, now));
      case Input.Routers(List<PeerAddress> addresses) -> {
        commons.routers().resolved(addresses, now);
        commons.eachNode(node -> node.routersKnown(now));
      }
      case Input.Start(int task, Task wanted) -> onStart(task, wanted, now);
      case Input.Cancel(int task) ->
          Optional.ofNullable(tasks.remove(task)).ifPresent(TaskRun::cancel);
      case Input.Tick() -> {}
    }
    commons.tick(now);
    tasks.values().removeIf(TaskRun::isDone);
    return commons.outbox().drain();
  }

  private void onReceived(OwnNode node, PeerAddress from, byte[] datagram, Instant now) {
    switch (KrpcReader.read(datagram)) {
      case KrpcReader.Outcome.Understood(Krpc.Query query) ->
          answerer.queried(node, from, query, now);
      case KrpcReader.Outcome.Understood(Krpc.Answer answer) -> node.answered(from, answer, now);
      case KrpcReader.Outcome.Understood(Krpc.Failure failure) -> node.refused(from, failure, now);
      case KrpcReader.Outcome.Refused(Krpc.Failure failure) ->
          answerer.refused(node, from, failure, now);
      case KrpcReader.Outcome.Noise(String why) -> commons.outbox().count("noise: " + why);
    }
  }

  /// One socket of each family looks: "implementations should avoid querying the same targets from
  /// multiple sockets at once" (BEP 45).
  private void onStart(int task, Task wanted, Instant now) {
    if (tasks.containsKey(task) || tasks.size() >= TASKS) {
      throw new IllegalArgumentException("task " + task + " is under way, or there are too many");
    }
    var run = new TaskRun(task, wanted, commons.outbox(), now);
    tasks.put(task, run);
    run.begin(commons.oneOfEachFamily(now), now);
  }

  /// When to say [Input.Tick]; empty before the first socket.
  public Optional<Instant> nextDeadline() {
    return commons.nextDeadline();
  }

  /// How it does.
  public DhtStatus status() {
    return new DhtStatus(
        commons.nodes().map(node -> node.status(now)).toList(),
        tasks.size(),
        commons.allPeers().mapToInt(PeerStore::swarms).sum(),
        commons.allPeers().mapToInt(PeerStore::peers).sum(),
        commons.items().size(),
        commons.outbox().counters());
  }

  /// Nodes worth remembering over a restart, good ones first, at most 300 of each family.
  public List<NodeInfo> nodesToSave() {
    return commons.nodesToSave(now);
  }
}
