package peerage.announce;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import peerage.announce.AnnounceResponse.Answer;
import peerage.announce.UdpCalls.Output;
import peerage.announce.UdpCalls.Question;
import peerage.peers.PeerAddress;

/// One question to one address of a tracker, on its way.
final class UdpCall {
  /// BEP 15: "If a response is not received after 15 * 2 ^ n seconds, the client should retransmit
  /// the request, where n starts at 0 and is increased up to 8".
  private static final Duration FIRST_STEP = Duration.ofSeconds(15);

  private static final int MAX_TRIES = 8;

  private final UdpCalls.Input.Asked asked;
  private final int transaction;
  private final Instant askedAt;
  private int tries;
  private @Nullable Instant due;

  UdpCall(UdpCalls.Input.Asked asked, int transaction, Instant now) {
    this.asked = asked;
    this.transaction = transaction;
    this.askedAt = now;
  }

  /// How long to wait after the transmission number `tries`, counted from 0.
  static Duration step(int tries) {
    return FIRST_STEP.multipliedBy(1L << Math.min(tries, MAX_TRIES));
  }

  /// As in `28 s`, or `1500 ms` for what is no whole number of seconds.
  static String shown(Duration time) {
    return time.toMillisPart() == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
  }

  int number() {
    return asked.call();
  }

  PeerAddress tracker() {
    return asked.tracker();
  }

  Duration patience() {
    return asked.patience();
  }

  int transaction() {
    return transaction;
  }

  Instant askedAt() {
    return askedAt;
  }

  /// How often it was sent in vain.
  int tries() {
    return tries;
  }

  Instant deadline() {
    return askedAt.plus(asked.patience());
  }

  Instant nextDeadline() {
    return due != null && due.isBefore(deadline()) ? due : deadline();
  }

  boolean isWaiting() {
    return due == null;
  }

  boolean isAsked(int number) {
    return transaction == number && due != null;
  }

  boolean isDue(Instant now) {
    return due != null && !now.isBefore(due);
  }

  /// Called when it waits for a connection id.
  void waits() {
    due = null;
  }

  /// Called when the answer did not come in time.
  void lost() {
    tries++;
  }

  /// The datagram to send now. It keeps its transaction: a late answer to the first is as good.
  UdpRequest ask(long connection, Instant now) {
    due = now.plus(step(tries));
    return switch (asked.question()) {
      case Question.Announce(AnnounceRequest request, String urlData) ->
          new UdpRequest.Announce(connection, transaction, request, urlData);
      case Question.Scrape(var hashes) -> new UdpRequest.Scrape(connection, transaction, hashes);
    };
  }

  /// What an answer means; empty if it is none to this question.
  Optional<Output> outcome(UdpResponse response) {
    return switch (response) {
      case UdpResponse.Announced it when asked.question() instanceof Question.Announce ->
          Optional.of(new Output.Announced(number(), answer(it)));
      case UdpResponse.Scraped(int _, var figures)
          when asked.question() instanceof Question.Scrape(var hashes) -> {
        List<SwarmFigures> ours = figures.subList(0, Math.min(figures.size(), hashes.size()));
        yield Optional.of(new Output.Scraped(number(), List.copyOf(ours)));
      }
      case UdpResponse.Refused(int _, String reason) ->
          Optional.of(new Output.Refused(number(), reason));
      case UdpResponse.Announced _, UdpResponse.Scraped _, UdpResponse.Connected _ ->
          Optional.empty();
    };
  }

  private static Answer answer(UdpResponse.Announced it) {
    return new Answer(
        it.interval(),
        Optional.empty(),
        it.peers(),
        OptionalInt.of(it.seeds()),
        OptionalInt.of(it.leeches()),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        it.peersSkipped());
  }
}
