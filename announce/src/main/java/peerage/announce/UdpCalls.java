package peerage.announce;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import peerage.announce.AnnounceResponse.Answer;
import peerage.bencode.MalformedMessage;
import peerage.peers.InfoHash;
import peerage.peers.PeerAddress;

/// Asks trackers by UDP (BEP 15): connects, keeps the connection ids, sends again what was lost,
/// and takes no answer but the one that was asked for. A machine: no clock, no socket; owned by one
/// loop, not thread-safe. One serves all torrents of a process, so that they share connection ids
/// and a silent tracker is knocked at once for all of them.
///
/// A *call* is one question to one address of a tracker. BEP 15 lets a question be repeated after
/// 15 · 2^n seconds, n up to 8, which is more than two hours for one dead tracker. A call ends when
/// its patience does, and its caller goes on to the next tracker ([Announcer#TIMEOUT]); the longer
/// steps of that ladder are the caller's own pauses. libtorrent gives up as early.
public final class UdpCalls {
  /// BEP 15: "A client can use a connection ID until one minute after it has received it."
  public static final Duration CONNECTION_LIFE = Duration.ofMinutes(1);

  /// The most calls under way (guess: ten times what a full [Announcer] of each of ten torrents
  /// asks at once).
  public static final int MAX_CALLS = 1_000;

  /// What to ask.
  public sealed interface Question {
    /// Announce.
    ///
    /// @param urlData see [UdpRequest.Announce]
    record Announce(AnnounceRequest request, String urlData) implements Question {}

    /// Ask for figures.
    ///
    /// @param hashes 1 to [UdpRequest#MAX_HASHES]
    record Scrape(List<InfoHash> hashes) implements Question {}
  }

  /// What happened.
  public sealed interface Input {
    /// Somebody wants to know something.
    ///
    /// @param call a number of the caller's, not in use
    /// @param patience how long an answer is waited for
    record Asked(int call, PeerAddress tracker, Question question, Duration patience)
        implements Input {}

    /// A datagram came.
    @SuppressWarnings("ArrayRecordComponent") // decoded in place, not copied, and never compared
    record Received(PeerAddress from, byte[] datagram) implements Input {}

    /// Time has passed.
    record Tick() implements Input {}
  }

  /// What to do, or what was learned. Each call ends with one of the four that name it.
  public sealed interface Output {
    /// Send this datagram.
    @SuppressWarnings("ArrayRecordComponent") // made for this output, and never compared
    record Send(PeerAddress to, byte[] datagram) implements Output {}

    /// The tracker accepted an announce.
    record Announced(int call, Answer answer) implements Output {}

    /// The tracker gave figures, in the order of the hashes; there may be fewer.
    record Scraped(int call, List<SwarmFigures> figures) implements Output {}

    /// The tracker refused.
    ///
    /// @param reason its words, fit to show
    record Refused(int call, String reason) implements Output {}

    /// There was no answer.
    ///
    /// @param why a part of a sentence, such as `gave no answer within 28 s`
    record Failed(int call, String why) implements Output {}

    /// A datagram was dropped.
    record Dropped(PeerAddress from, Reason reason) implements Output {}
  }

  /// Why a datagram is dropped. What is waited for is waited for all the same.
  public enum Reason {
    /// It is no answer of a tracker.
    MALFORMED,
    /// It answers nothing that was asked.
    UNKNOWN_TRANSACTION,
    /// It answers what another address was asked.
    WRONG_SENDER,
    /// It answers another question than the one of its transaction.
    WRONG_ACTION
  }

  private final RandomGenerator secrets;
  private final TreeMap<Integer, UdpCall> calls = new TreeMap<>();
  private final TreeMap<PeerAddress, UdpHost> hosts = new TreeMap<>();
  private final List<Output> out = new ArrayList<>();

  /// @param secrets for the transaction ids, which keep strangers from answering in a tracker's
  ///     place: not to be guessed from outside
  public UdpCalls(RandomGenerator secrets) {
    this.secrets = secrets;
  }

  /// Takes one input.
  ///
  /// @param now monotonic
  public List<Output> handle(Input input, Instant now) {
    switch (input) {
      case Input.Asked asked -> onAsked(asked, now);
      case Input.Received(PeerAddress from, byte[] datagram) -> onReceived(from, datagram, now);
      case Input.Tick() -> onTick(now);
    }
    hosts.values().removeIf(host -> host.isForgettable(now) && callsAt(host).findAny().isEmpty());
    List<Output> outputs = List.copyOf(out);
    out.clear();
    return outputs;
  }

  /// When to say [Input.Tick]; empty while nothing is asked.
  public Optional<Instant> nextDeadline() {
    return Stream.concat(
            calls.values().stream().map(UdpCall::nextDeadline),
            hosts.values().stream().flatMap(host -> host.nextConnect().stream()))
        .min(Comparator.naturalOrder());
  }

  // Asking

  private void onAsked(Input.Asked asked, Instant now) {
    if (calls.size() >= MAX_CALLS) {
      out.add(new Output.Failed(asked.call(), "is one of too many that are asked at once"));
      return;
    }
    var call = new UdpCall(asked, unusedTransaction(), now);
    calls.put(asked.call(), call);
    advance(call, now);
  }

  /// Sends the question if the tracker has given us a connection id, else asks for one.
  private void advance(UdpCall call, Instant now) {
    UdpHost host = hosts.computeIfAbsent(call.tracker(), UdpHost::new);
    if (host.isConnected(now)) {
      send(call.tracker(), call.ask(host.connection(), now));
    } else {
      call.waits();
      host.connect(unusedTransaction(), call.tries(), now);
      knock(host, now);
    }
  }

  private void knock(UdpHost host, Instant now) {
    host.request(now).ifPresent(request -> send(host.address(), request));
  }

  private void send(PeerAddress to, UdpRequest request) {
    out.add(new Output.Send(to, request.encode()));
  }

  private int unusedTransaction() {
    while (true) {
      int transaction = secrets.nextInt();
      boolean used =
          calls.values().stream().anyMatch(call -> call.transaction() == transaction)
              || hosts.values().stream().anyMatch(host -> host.isAsked(transaction));
      if (!used) {
        return transaction;
      }
    }
  }

  // Time

  private void onTick(Instant now) {
    for (UdpCall call : List.copyOf(calls.values())) {
      if (!now.isBefore(call.deadline())) {
        calls.remove(call.number());
        String why = "gave no answer within " + UdpCall.shown(call.patience());
        out.add(new Output.Failed(call.number(), why));
      } else if (call.isDue(now)) {
        repeat(call, now);
      }
    }
    for (UdpHost host : hosts.values()) {
      if (callsAt(host).anyMatch(UdpCall::isWaiting)) {
        knock(host, now);
      } else {
        host.stopConnecting();
      }
    }
  }

  /// BEP 15: "Note that it is necessary to rerequest a connection ID when it has expired." One that
  /// is older than the call may have been forgotten by a tracker that was started anew.
  private void repeat(UdpCall call, Instant now) {
    call.lost();
    UdpHost host = hosts.computeIfAbsent(call.tracker(), UdpHost::new);
    if (host.isOlderThan(call.askedAt())) {
      host.disconnect();
    }
    advance(call, now);
  }

  private Stream<UdpCall> callsAt(UdpHost host) {
    return calls.values().stream().filter(call -> call.tracker().equals(host.address()));
  }

  // Answers

  private void onReceived(PeerAddress from, byte[] datagram, Instant now) {
    UdpResponse response;
    try {
      response = UdpResponse.decode(datagram, from.family());
    } catch (MalformedMessage _) {
      out.add(new Output.Dropped(from, Reason.MALFORMED));
      return;
    }
    Optional<UdpHost> host =
        hosts.values().stream().filter(it -> it.isAsked(response.transaction())).findFirst();
    Optional<UdpCall> call =
        calls.values().stream().filter(it -> it.isAsked(response.transaction())).findFirst();
    if (host.isPresent()) {
      toConnect(host.get(), from, response, now);
    } else if (call.isPresent()) {
      toCall(call.get(), from, response, now);
    } else {
      out.add(new Output.Dropped(from, Reason.UNKNOWN_TRANSACTION));
    }
  }

  private void toConnect(UdpHost host, PeerAddress from, UdpResponse response, Instant now) {
    if (!host.address().equals(from)) {
      out.add(new Output.Dropped(from, Reason.WRONG_SENDER));
      return;
    }
    List<UdpCall> waiting = callsAt(host).filter(UdpCall::isWaiting).toList();
    switch (response) {
      case UdpResponse.Connected(int _, long connection) -> {
        host.connected(connection, now);
        waiting.forEach(call -> advance(call, now));
      }
      case UdpResponse.Refused(int _, String reason) -> {
        host.stopConnecting();
        waiting.forEach(call -> end(call, new Output.Refused(call.number(), reason)));
      }
      case UdpResponse.Announced _, UdpResponse.Scraped _ ->
          out.add(new Output.Dropped(from, Reason.WRONG_ACTION));
    }
  }

  private void toCall(UdpCall call, PeerAddress from, UdpResponse response, Instant now) {
    if (!call.tracker().equals(from)) {
      out.add(new Output.Dropped(from, Reason.WRONG_SENDER));
      return;
    }
    if (response instanceof UdpResponse.Refused(int _, String reason)) {
      refused(call, reason, now);
      return;
    }
    call.outcome(response)
        .ifPresentOrElse(
            outcome -> end(call, outcome),
            () -> out.add(new Output.Dropped(from, Reason.WRONG_ACTION)));
  }

  /// A tracker that was started anew refuses the connection ids that it gave before.
  private void refused(UdpCall call, String reason, Instant now) {
    UdpHost host = hosts.computeIfAbsent(call.tracker(), UdpHost::new);
    if (host.isOlderThan(call.askedAt())) {
      host.disconnect();
      advance(call, now);
    } else {
      end(call, new Output.Refused(call.number(), reason));
    }
  }

  private void end(UdpCall call, Output outcome) {
    calls.remove(call.number());
    out.add(outcome);
  }
}
