package peerage.dht;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import peerage.bencode.Bencoded;
import peerage.peers.PeerAddress;

/// The queries of ours that wait for their answers. An answer counts only if it has the transaction
/// id of one of them and comes from where that one went.
final class Calls {
  /// A query is dead after so long (mldht: "RPC timeout ≤ 10 s").
  static final Duration DEAD = Duration.ofSeconds(10);

  /// Queries under way at a time (guess).
  static final int MAX = 1_024;

  private final RandomGenerator secrets;
  private final Map<Integer, Call> open = new LinkedHashMap<>();

  /// @param secrets for transaction ids: who does not see our queries must guess one in 2^32
  Calls(RandomGenerator secrets) {
    this.secrets = secrets;
  }

  /// Who asked.
  interface Asker {
    /// The answer is here.
    void answered(Call call, Krpc.Answer answer, Instant now);

    /// There is none yet, and longer than usual.
    void late(Call call, Instant now);

    /// There will be none, or it was an error.
    void failed(Call call, Instant now);
  }

  /// One query.
  static final class Call {
    private final int number;
    private final PeerAddress to;
    private final @Nullable NodeId expected;
    private final Asker asker;
    private final Instant sent;
    private final Instant lateAt;
    private boolean isLate;

    private Call(
        int number,
        PeerAddress to,
        @Nullable NodeId expected,
        Asker asker,
        Instant sent,
        Duration patience) {
      this.number = number;
      this.to = to;
      this.expected = expected;
      this.asker = asker;
      this.sent = sent;
      this.lateAt = sent.plus(patience);
    }

    PeerAddress to() {
      return to;
    }

    /// Who we believe is there, if we do.
    Optional<NodeInfo> expected() {
      return Optional.ofNullable(expected).map(id -> new NodeInfo(id, to));
    }

    Asker asker() {
      return asker;
    }

    Instant sent() {
      return sent;
    }

    Bencoded.Bytes transaction() {
      return new Bencoded.Bytes(ByteBuffer.allocate(4).putInt(number).array());
    }

    private Instant deadline() {
      return isLate ? sent.plus(DEAD) : lateAt;
    }
  }

  boolean isFull() {
    return open.size() >= MAX;
  }

  Call open(
      PeerAddress to, @Nullable NodeId expected, Asker asker, Duration patience, Instant now) {
    int number = secrets.nextInt();
    while (open.containsKey(number)) {
      number++;
    }
    var call = new Call(number, to, expected, asker, now, patience);
    open.put(number, call);
    return call;
  }

  /// The query that this answers; it is closed.
  Optional<Call> close(Bencoded.Bytes transaction, PeerAddress from) {
    if (transaction.length() != 4) {
      return Optional.empty();
    }
    int number = transaction.buffer().getInt();
    Call call = open.get(number);
    if (call == null || !call.to().equals(from)) {
      return Optional.empty();
    }
    open.remove(number);
    return Optional.of(call);
  }

  /// Those that have become late since the last time.
  List<Call> late(Instant now) {
    var late = new ArrayList<Call>();
    for (Call call : open.values()) {
      if (!call.isLate && !call.lateAt.isAfter(now)) {
        call.isLate = true;
        late.add(call);
      }
    }
    return late;
  }

  /// Those that are dead; they are closed.
  List<Call> dead(Instant now) {
    var dead = new ArrayList<Call>();
    Iterator<Call> calls = open.values().iterator();
    while (calls.hasNext()) {
      Call call = calls.next();
      if (call.sent().plus(DEAD).isAfter(now)) {
        break; // the others were sent later
      }
      calls.remove();
      dead.add(call);
    }
    return dead;
  }

  Optional<Instant> nextDeadline() {
    return open.values().stream().map(Call::deadline).min(Instant::compareTo);
  }
}
