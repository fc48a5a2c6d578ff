package peerage.dht;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import peerage.dht.Calls.Call;
import peerage.peers.Family;
import peerage.peers.PeerAddress;

/// A [Lookup] as it is carried out by one of our nodes, and the storing at its end.
final class Search implements Calls.Asker {
  /// How long a search that found nobody waits for routers to be resolved, or suggestions (guess).
  static final Duration HOPE = Duration.ofSeconds(10);

  private enum Stage {
    LOOKING,
    STORING,
    ENDED
  }

  private final OwnNode node;
  private final Errand errand;
  private final Lookup lookup;
  private final Instant hopeUntil;
  private Stage stage = Stage.LOOKING;
  private boolean isHoping = true;
  private int queries;
  private int answers;
  private int storing;
  private int stored;

  Search(OwnNode node, NodeId target, Errand errand, Instant now) {
    this.node = node;
    this.errand = errand;
    this.lookup = new Lookup(target);
    this.hopeUntil = now.plus(HOPE);
  }

  /// Somebody to ask, whom we know, or of whom we know only where.
  void add(PeerAddress address, Optional<NodeId> id) {
    if (stage == Stage.LOOKING && !id.equals(Optional.of(node.id()))) {
      lookup.add(address, id.orElse(null));
    }
  }

  /// Asks whoever may be asked now.
  void pump(Instant now) {
    if (stage != Stage.LOOKING) {
      return;
    }
    while (node.mayAsk(now)) {
      Optional<Contact> next = lookup.next();
      if (next.isEmpty()) {
        break;
      }
      queries++;
      NodeId id = next.get().id();
      node.ask(next.get().address(), id, errand.question(node.want()), this, now);
    }
    isHoping = now.isBefore(hopeUntil) && lookup.answers() == 0;
    if (lookup.isFinished() && !isHoping) {
      store(now);
    }
  }

  /// "The querying client then inserts the peer contact information for itself onto the responding
  /// nodes with ids closest to the infohash" (BEP 5), of those that gave a token (BEP 33).
  private void store(Instant now) {
    stage = Stage.STORING;
    for (Contact contact : lookup.closest(c -> c.token().isPresent())) {
      Optional<Question> question =
          errand.storing(contact.address(), contact.token().orElseThrow());
      if (question.isPresent()
          && node.ask(contact.address(), contact.id(), question.get(), new Storing(), now)) {
        queries++;
        storing++;
      }
    }
    endIfStored(now);
  }

  private final class Storing implements Calls.Asker {
    private boolean isCounted;

    @Override
    public void answered(Call call, Krpc.Answer answer, Instant now) {
      stored++;
      answers++;
      settle(now);
    }

    @Override
    public void late(Call call, Instant now) {
      settle(now);
    }

    @Override
    public void failed(Call call, Instant now) {
      settle(now);
    }

    private void settle(Instant now) {
      if (!isCounted) {
        isCounted = true;
        storing--;
        endIfStored(now);
      }
    }
  }

  private void endIfStored(Instant now) {
    if (stage == Stage.STORING && storing == 0) {
      stage = Stage.ENDED;
      errand.ended(now);
    }
  }

  @Override
  public void answered(Call call, Krpc.Answer answer, Instant now) {
    if (stage == Stage.ENDED) {
      return;
    }
    if (answer.sender().equals(node.id())) {
      failed(call, now); // ourselves
      return;
    }
    answers++;
    Reply reply = answer.reply();
    List<NodeInfo> tips =
        node.sifted(call.to(), node.family() == Family.V4 ? reply.nodes() : reply.nodes6());
    lookup.answered(call.to(), answer.sender(), tips, reply.token());
    boolean isEnough = errand.heard(new NodeInfo(answer.sender(), call.to()), reply);
    if (isEnough && stage == Stage.LOOKING) {
      stage = Stage.ENDED;
      errand.ended(now);
    }
    pump(now);
  }

  @Override
  public void late(Call call, Instant now) {
    lookup.late(call.to());
    pump(now);
  }

  @Override
  public void failed(Call call, Instant now) {
    lookup.failed(call.to());
    pump(now);
  }

  void cancel() {
    stage = Stage.ENDED;
  }

  boolean isEnded() {
    return stage == Stage.ENDED;
  }

  /// When it gives up hope, if it may have to wait for that.
  Optional<Instant> nextDeadline() {
    return stage == Stage.LOOKING && isHoping ? Optional.of(hopeUntil) : Optional.empty();
  }

  Lookup lookup() {
    return lookup;
  }

  int queries() {
    return queries;
  }

  int answers() {
    return answers;
  }

  int stored() {
    return stored;
  }
}
