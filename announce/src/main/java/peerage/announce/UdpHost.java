package peerage.announce;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import peerage.peers.PeerAddress;

/// One address of a tracker, and our connection id there.
final class UdpHost {
  private final PeerAddress address;
  private long connection;
  private @Nullable Instant connectedAt;
  private @Nullable Integer transaction;
  private int tries;
  private Instant due = Instant.MIN;
  private @Nullable Instant lastKnock;

  UdpHost(PeerAddress address) {
    this.address = address;
  }

  PeerAddress address() {
    return address;
  }

  boolean isConnected(Instant now) {
    return connectedAt != null && now.isBefore(connectedAt.plus(UdpCalls.CONNECTION_LIFE));
  }

  /// Whether our connection id was given before `time`.
  boolean isOlderThan(Instant time) {
    return connectedAt != null && connectedAt.isBefore(time);
  }

  long connection() {
    return connection;
  }

  void disconnect() {
    connectedAt = null;
  }

  boolean isAsked(int number) {
    return transaction != null && transaction == number;
  }

  /// Called when a call needs a connection id. Whoever comes anew need not wait for a long step to
  /// end, but for the first: a silent tracker is not knocked at more often than that.
  ///
  /// @param unused the transaction, if one is begun
  /// @param triesSoFar how often the call was sent in vain
  void connect(int unused, int triesSoFar, Instant now) {
    connectedAt = null;
    if (transaction == null) {
      transaction = unused;
      tries = triesSoFar;
      due = earliest(now);
    } else if (earliest(now).isBefore(due)) {
      due = earliest(now);
      tries = Math.min(tries, triesSoFar);
    }
  }

  private Instant earliest(Instant now) {
    Instant since = lastKnock == null ? now : lastKnock.plus(UdpCall.step(0));
    return since.isAfter(now) ? since : now;
  }

  /// The datagram to send, if it is time to.
  Optional<UdpRequest> request(Instant now) {
    if (transaction == null || now.isBefore(due)) {
      return Optional.empty();
    }
    due = now.plus(UdpCall.step(tries));
    tries++;
    lastKnock = now;
    return Optional.of(new UdpRequest.Connect(transaction));
  }

  void connected(long id, Instant now) {
    connection = id;
    connectedAt = now;
    lastKnock = null;
    transaction = null;
  }

  void stopConnecting() {
    transaction = null;
  }

  Optional<Instant> nextConnect() {
    return transaction == null ? Optional.empty() : Optional.of(due);
  }

  /// Whether nothing that it knows matters any more.
  boolean isForgettable(Instant now) {
    boolean quiet = lastKnock == null || !now.isBefore(lastKnock.plus(UdpCall.step(0)));
    return !isConnected(now) && quiet;
  }
}
