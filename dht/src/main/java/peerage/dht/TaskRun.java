package peerage.dht;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import peerage.bencode.Bencoded;
import peerage.dht.Dht.Announcement;
import peerage.dht.Dht.Output;
import peerage.dht.Dht.Task;
import peerage.peers.Family;
import peerage.peers.InfoHash;
import peerage.peers.PeerAddress;

/// A task under way: a search of each address family, and what they found together.
final class TaskRun implements Errand {
  /// Findings that are told apart for the report (guess).
  static final int FINDINGS = 10_000;

  private final int number;
  private final Task task;
  private final Outbox outbox;
  private final Instant started;
  private final List<Search> searches = new ArrayList<>();
  private final Set<Object> findings = new LinkedHashSet<>();
  private final Set<PeerAddress> holders = new LinkedHashSet<>();
  private Bloom seeds = Bloom.EMPTY;
  private Bloom downloaders = Bloom.EMPTY;
  private long newest = -1;
  private boolean isBegun;
  private boolean isDone;

  TaskRun(int number, Task task, Outbox outbox, Instant now) {
    this.number = number;
    this.task = task;
    this.outbox = outbox;
    this.started = now;
    if (task instanceof Task.Put(Item.Mutable item, var _)) {
      newest = item.seq();
    }
  }

  void begin(List<OwnNode> nodes, Instant now) {
    for (OwnNode node : nodes) {
      searches.add(node.lookFor(target(), this, now));
    }
    isBegun = true;
    endIfAllDid(now);
  }

  void cancel() {
    isDone = true;
    searches.forEach(Search::cancel);
  }

  boolean isDone() {
    return isDone;
  }

  private NodeId target() {
    return switch (task) {
      case Task.FindPeers(InfoHash infoHash, var _) -> NodeId.of(infoHash);
      case Task.Scrape(InfoHash infoHash) -> NodeId.of(infoHash);
      case Task.Get(NodeId target, var _) -> target;
      case Task.Put(Item item, var _) -> item.target();
      case Task.FindNode(NodeId target) -> target;
      case Task.Sample(NodeId target) -> target;
    };
  }

  @Override
  public Question question(Set<Family> want) {
    return switch (task) {
      case Task.FindPeers(InfoHash infoHash, Announcement announcement) ->
          new Question.GetPeers(infoHash, want, isSeed(announcement), false);
      case Task.Scrape(InfoHash infoHash) -> new Question.GetPeers(infoHash, want, false, true);
      case Task.Get(NodeId target, var _) -> new Question.Get(target, OptionalLong.empty(), want);
      case Task.Put(Item item, var _) ->
          new Question.Get(item.target(), OptionalLong.empty(), want);
      case Task.FindNode(NodeId target) -> new Question.FindNode(target, want);
      case Task.Sample(NodeId target) -> new Question.SampleInfohashes(target, want);
    };
  }

  private static boolean isSeed(Announcement announcement) {
    return announcement instanceof Announcement.Listening listening && listening.seed();
  }

  @Override
  public boolean heard(NodeInfo node, Reply reply) {
    switch (task) {
      case Task.FindPeers _ -> heardPeers(node, reply.peers());
      case Task.Scrape _ -> reply.blooms().ifPresent(this::heardBlooms);
      case Task.Get(NodeId target, Bencoded.Bytes salt) -> heardItem(node, reply, target, salt);
      case Task.Put(Item item, var _) -> heardItem(node, reply, item.target(), saltOf(item));
      case Task.FindNode _ -> {}
      case Task.Sample _ -> reply.samples().ifPresent(samples -> heardSamples(node, samples));
    }
    return task instanceof Task.Get && newest == Long.MAX_VALUE;
  }

  private static Bencoded.Bytes saltOf(Item item) {
    return item instanceof Item.Mutable mutable ? mutable.salt() : Item.NO_SALT;
  }

  private void heardPeers(NodeInfo node, List<PeerAddress> peers) {
    if (!peers.isEmpty()) {
      outbox.add(new Output.PeersFound(number, node.address(), peers));
      peers.forEach(this::found);
    }
  }

  private void heardSamples(NodeInfo node, Reply.Samples samples) {
    outbox.add(new Output.Sampled(number, node, samples));
    samples.infoHashes().forEach(this::found);
  }

  private void heardBlooms(Reply.Blooms blooms) {
    seeds = seeds.union(blooms.seeds());
    downloaders = downloaders.union(blooms.peers());
  }

  /// One immutable item is as good as all; of mutable ones there may be a newer one further on.
  private void heardItem(NodeInfo node, Reply reply, NodeId target, Bencoded.Bytes salt) {
    if (reply.seq().isPresent() && holders.size() < FINDINGS) {
      holders.add(node.address());
    }
    boolean isNews = reply.seq().orElse(Long.MAX_VALUE) > newest;
    Optional<Item> item =
        reply.value().filter(_ -> isNews).flatMap(v -> Item.of(v, reply.seq(), target, salt));
    boolean isOurs = task instanceof Task.Put(Item ours, var _) && item.equals(Optional.of(ours));
    if (item.isPresent() && !isOurs) {
      newest = item.get() instanceof Item.Mutable mutable ? mutable.seq() : Long.MAX_VALUE;
      outbox.add(new Output.ItemFound(number, item.get()));
      found(item.get().target());
    }
  }

  private void found(Object finding) {
    if (findings.size() < FINDINGS) {
      findings.add(finding);
    }
  }

  @Override
  public Optional<Question> storing(PeerAddress at, Bencoded.Bytes token) {
    return switch (task) {
      case Task.FindPeers(
              InfoHash infoHash,
              Announcement.Listening(int port, boolean implied, boolean seed)) ->
          Optional.of(
              new Question.AnnouncePeer(infoHash, port, token, implied, seed, Optional.empty()));
      case Task.Put(Item item, OptionalLong cas) ->
          // "a node that did not return any data for the get, the cas field SHOULD NOT be included"
          Optional.of(
              new Question.Put(item, holders.contains(at) ? cas : OptionalLong.empty(), token));
      case Task.FindPeers _, Task.Scrape _, Task.Get _, Task.FindNode _, Task.Sample _ ->
          Optional.empty();
    };
  }

  @Override
  public void ended(Instant now) {
    if (isBegun) {
      endIfAllDid(now);
    }
  }

  private void endIfAllDid(Instant now) {
    if (isDone || !searches.stream().allMatch(Search::isEnded)) {
      return;
    }
    isDone = true;
    switch (task) {
      case Task.Scrape _ ->
          outbox.add(new Output.Scraped(number, seeds.estimate(), downloaders.estimate()));
      case Task.FindNode(NodeId target) ->
          outbox.add(new Output.NodesFound(number, closest(target)));
      case Task.FindPeers _, Task.Get _, Task.Put _, Task.Sample _ -> {}
    }
    outbox.add(new Output.Done(number, report(now)));
  }

  private List<NodeInfo> closest(NodeId target) {
    return searches.stream()
        .flatMap(search -> search.lookup().found())
        .sorted((a, b) -> target.compareDistance(a.id(), b.id()))
        .toList();
  }

  private LookupReport report(Instant now) {
    return new LookupReport(
        searches.stream()
            .map(search -> search.lookup().hops())
            .max(Comparator.naturalOrder())
            .orElse(0),
        searches.stream().mapToInt(Search::queries).sum(),
        searches.stream().mapToInt(Search::answers).sum(),
        findings.size(),
        searches.stream().mapToInt(Search::stored).sum(),
        Duration.between(started, now));
  }
}
