package peerage.pxp;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// One endpoint that we dial of our own accord, and when it may be dialled again.
final class KnownEndpoint implements Trial {
  final Endpoint endpoint;

  private final Self self;
  private final Runnable changed;
  private Duration pause = PxpLimits.DIAL_PAUSE_FIRST;
  private Instant due = Instant.MIN;
  private Instant joinedAt = Instant.MIN;
  private Optional<String> token = Optional.empty();
  private boolean busy;
  private boolean ours;
  private int failures;

  /// @param changed is told when it may be of interest anew
  KnownEndpoint(Self self, Endpoint endpoint, Runnable changed) {
    this.self = self;
    this.endpoint = endpoint;
    this.changed = changed;
  }

  /// Whether we are dialling it, or connected to it by our dial.
  boolean isBusy() {
    return busy;
  }

  /// Whether it has not been tried, or is being tried, or has led to a peer.
  boolean isPromising() {
    return !ours && failures == 0;
  }

  /// Whether it makes sense to dial it, sooner or later.
  boolean isIdle(Connections connections) {
    return !busy && !ours && !connections.isKnown(token);
  }

  /// When it may be dialled.
  Instant due() {
    return due;
  }

  void dial(Attempts attempts) {
    busy = true;
    attempts.dial(endpoint, new Reached(self, endpoint, this));
  }

  @Override
  public Optional<String> objection(Connection connection, PxpMessage.Hello hello) {
    token = connection.token();
    return Optional.empty();
  }

  @Override
  public void joined(Connection connection) {
    token = connection.token();
    joinedAt = self.now();
    failures = 0;
    changed.run();
  }

  @Override
  public void failed(String why) {
    busy = false;
    ours = why.equals(Joining.OURSELVES);
    failures = why.equals(Joining.CONNECTED_ALREADY) ? 0 : failures + 1;
    later();
  }

  /// JavaScript relays drop us often, so that we come back; but not ever faster.
  @Override
  public void lost() {
    busy = false;
    if (!joinedAt.plus(ExchangeLimits.LASTED).isAfter(self.now())) {
      pause = PxpLimits.DIAL_PAUSE_FIRST;
    }
    later();
  }

  private void later() {
    due = self.in(self.jittered(pause));
    Duration doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(PxpLimits.DIAL_PAUSE_MAX) < 0 ? doubled : PxpLimits.DIAL_PAUSE_MAX;
    changed.run();
  }
}
