package peerage.dht;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import peerage.bencode.Bencoded;
import peerage.dht.Calls.Call;
import peerage.peers.AddressClass;
import peerage.peers.Family;
import peerage.peers.PeerAddress;

/// Keeps the table of one of our nodes: finds its neighbours, asks those who were suggested whether
/// they are there, pings whom nobody heard of for long, and refreshes what lies idle.
final class Upkeep {
  /// How often it looks after the table (guess): a hundred nodes are pinged in 15 minutes so.
  static final Duration PERIOD = Duration.ofSeconds(5);

  /// And while there are suggestions (guess).
  static final Duration PERIOD_BUSY = Duration.ofSeconds(1);

  /// Suggestions that are tried each time (guess).
  static final int TRIES = 4;

  /// Suggestions that wait (guess).
  static final int SUGGESTIONS = 256;

  /// Places that were tried of late, and for how long they are not tried again (guess).
  static final int TRIED = 2_048;

  static final Duration TRIED_FOR = Duration.ofMinutes(10);

  /// How soon one looks for neighbours again while they are few; longer every time (guess).
  static final Duration BOOTSTRAP = Duration.ofSeconds(5);

  static final Duration BOOTSTRAP_LONGEST = Duration.ofMinutes(15);

  private final OwnNode node;
  private final Commons commons;
  private final Map<Place, PeerAddress> suggestions = new LinkedHashMap<>();
  private final Map<Place, Instant> tried = new LinkedHashMap<>();
  private final List<NodeInfo> remembered = new ArrayList<>();
  private Instant nextRound;
  private Instant nextBootstrap;
  private Instant nextHurry;
  private Duration pause = BOOTSTRAP;
  private @Nullable Search refreshing;

  Upkeep(OwnNode node, Commons commons, Instant now) {
    this.node = node;
    this.commons = commons;
    this.nextRound = now.plus(PERIOD);
    this.nextBootstrap = now;
    this.nextHurry = now;
  }

  /// Nodes that were there when we ran last.
  void remember(List<NodeInfo> nodes, Instant now) {
    remembered.clear();
    nodes.stream()
        .filter(known -> known.family() == node.family())
        .limit(Commons.SAVED)
        .forEach(remembered::add);
    hurry(now);
  }

  /// Somebody may be there. Tried soon, unless it was tried lately.
  void suggest(PeerAddress address, Instant now) {
    Place place = Place.of(address);
    boolean isUsable = AddressClass.of(address.ip()) != AddressClass.UNUSABLE;
    if (isUsable && !tried.containsKey(place) && suggestions.size() < SUGGESTIONS) {
      suggestions.putIfAbsent(place, address);
      Instant soon = now.plus(PERIOD_BUSY);
      nextRound = nextRound.isAfter(soon) ? soon : nextRound;
    }
  }

  Stream<PeerAddress> suggestions() {
    return suggestions.values().stream();
  }

  /// The remembered nodes nearest to a target.
  Stream<NodeInfo> hopes(NodeId target) {
    return remembered.stream()
        .sorted((a, b) -> target.compareDistance(a.id(), b.id()))
        .limit(OwnNode.START);
  }

  /// Somebody to ask has turned up, or somebody wants to know something: do not wait longer.
  void hurry(Instant now) {
    boolean isBegun = refreshing != null && !refreshing.isEnded();
    if (node.isThin() && !isBegun && knowsAnybody() && !nextHurry.isAfter(now)) {
      nextHurry = now.plus(PERIOD_BUSY);
      pause = BOOTSTRAP;
      bootstrap(now);
    }
  }

  /// We have another id, and so other neighbours.
  void moved(Instant now) {
    nextBootstrap = now;
    nextRound = now;
  }

  private boolean knowsAnybody() {
    return node.table().size() > 0
        || !remembered.isEmpty()
        || !suggestions.isEmpty()
        || commons.routers().of(node.family()).findAny().isPresent();
  }

  private void bootstrap(Instant now) {
    nextBootstrap = now.plus(pause);
    pause = pause.multipliedBy(2);
    pause = pause.compareTo(BOOTSTRAP_LONGEST) > 0 ? BOOTSTRAP_LONGEST : pause;
    refresh(node.id(), now);
  }

  private void refresh(NodeId target, Instant now) {
    refreshing = node.look(target, new Refresh(target), now);
  }

  void tick(Instant now) {
    if (nextRound.isAfter(now)) {
      return;
    }
    tried.values().removeIf(at -> !at.plus(TRIED_FOR).isAfter(now));
    trySuggestions(now);
    node.table().toPing(now).ifPresent(silent -> ping(silent.address(), silent.id(), now));
    if (refreshing == null || refreshing.isEnded()) {
      refreshOrBootstrap(now);
    }
    nextRound = now.plus(suggestions.isEmpty() ? PERIOD : PERIOD_BUSY);
  }

  private void refreshOrBootstrap(Instant now) {
    if (!nextBootstrap.isAfter(now) && knowsAnybody()) {
      bootstrap(now);
      nextBootstrap = node.isThin() ? nextBootstrap : now.plus(BOOTSTRAP_LONGEST);
    } else {
      node.table().toRefresh(now, commons.random()).ifPresent(target -> refresh(target, now));
    }
  }

  private void trySuggestions(Instant now) {
    Iterator<Map.Entry<Place, PeerAddress>> waiting = suggestions.entrySet().iterator();
    for (int i = 0; i < TRIES && waiting.hasNext() && node.mayAsk(now); i++) {
      Map.Entry<Place, PeerAddress> next = waiting.next();
      waiting.remove();
      tried.put(next.getKey(), now);
      ping(next.getValue(), null, now);
    }
    while (tried.size() > TRIED) {
      tried.remove(tried.keySet().iterator().next());
    }
  }

  private void ping(PeerAddress address, @Nullable NodeId id, Instant now) {
    node.ask(address, id, new Question.Ping(), NOBODY, now);
  }

  Instant nextDeadline() {
    return nextRound;
  }

  /// The table learns from every answer by itself.
  private static final Calls.Asker NOBODY =
      new Calls.Asker() {
        @Override
        public void answered(Call call, Krpc.Answer answer, Instant now) {}

        @Override
        public void late(Call call, Instant now) {}

        @Override
        public void failed(Call call, Instant now) {}
      };

  private record Refresh(NodeId target) implements Errand {
    @Override
    public Question question(Set<Family> want) {
      return new Question.FindNode(target, want);
    }

    @Override
    public boolean heard(NodeInfo node, Reply reply) {
      return false;
    }

    @Override
    public Optional<Question> storing(PeerAddress at, Bencoded.Bytes token) {
      return Optional.empty();
    }

    @Override
    public void ended(Instant now) {}
  }
}
