package peerage.pxp;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/// Carries bytes between two peers, in order, until both have ended or a bound is reached. However
/// it ends, each side is told by the end of its stream, and both connections go on.
final class Relay {
  private final Self self;
  private final Connections connections;
  private final JsonText nonce;
  private final RelayHalf asker;
  private final RelayHalf target;

  /// Whether it is the application's stream, not signalling: slower, and longer.
  private final boolean plain;

  private final Agenda.Alarm alarm;
  private Consumer<Relay> whenOver = _ -> {};
  private Instant joinedAt = Instant.MAX;
  private Instant movedAt;
  private final RelayPace toTarget;
  private final RelayPace toAsker;
  private long carried;
  private boolean over;

  Relay(
      Self self,
      Connections connections,
      Connection asker,
      JsonText nonce,
      String askerStream,
      Connection target,
      String targetStream) {
    this.self = self;
    this.connections = connections;
    this.nonce = nonce;
    this.asker = new RelayHalf(this, asker, askerStream);
    this.target = new RelayHalf(this, target, targetStream);
    this.plain = target.info != null && !target.info.pxp();
    this.alarm = self.agenda.alarm(this::tick);
    this.movedAt = self.now();
    this.toTarget = new RelayPace(plain);
    this.toAsker = new RelayPace(plain);
  }

  /// Registers both streams before anybody is told of them.
  void begin(Consumer<Relay> listener) {
    whenOver = listener;
    asker.connection.relays++;
    target.connection.relays++;
    target.connection.open(target.stream, target);
    asker.connection.open(asker.stream, asker);
  }

  /// The target is ready: first the asker's answer, then the target's bytes.
  void join() {
    if (over) {
      return;
    }
    joinedAt = self.now();
    movedAt = self.now();
    asker.connection.answer(PxpCodec.yes(nonce));
    self.notice(new ExchangeNotice.RelayBegun(asker.connection.ref, target.connection.ref));
    pass();
  }

  /// Bytes came from one side.
  void came(RelayHalf from, long bytes) {
    carried += bytes;
    movedAt = self.now();
    if (carried > (plain ? PxpLimits.STREAM_RELAY_BYTES_MAX : PxpLimits.RELAY_BYTES_MAX)) {
      finish("it carried too much");
    } else if (from.waiting() > ExchangeLimits.RELAY_WAITING_MAX) {
      finish("too much waits in it");
    } else {
      pass();
    }
  }

  /// One side writes no more.
  void ended(RelayHalf from) {
    movedAt = self.now();
    pass();
  }

  /// The connection to one side is gone.
  void lost(String why) {
    finish("a side is gone: " + why);
  }

  private boolean isJoined() {
    return !joinedAt.equals(Instant.MAX);
  }

  private void pass() {
    if (!over && isJoined()) {
      pass(asker, target, toTarget);
      pass(target, asker, toAsker);
      if (asker.isOver() && target.isOver()) {
        finish("both sides have ended");
      } else {
        arm();
      }
    }
  }

  private void pass(RelayHalf from, RelayHalf to, RelayPace pace) {
    while (from.hasFrame() && pace.isOpen(self.now())) {
      ByteBuffer frame = from.poll();
      if (frame != null) {
        pace.passed(frame.remaining());
        movedAt = self.now();
        to.connection.write(to.stream, frame);
      }
    }
    if (from.isOver()) {
      to.connection.end(to.stream);
    }
    holdBack(from);
  }

  private void holdBack(RelayHalf from) {
    if (!from.isHeld() && from.waiting() > PxpLimits.STREAM_RELAY_WAITING_MAX && from.hasFrame()) {
      from.setHeld(true);
      connections.hold(from.connection);
      self.say(new Exchange.Output.HoldReading(from.connection.link));
    } else if (from.isHeld() && from.waiting() < ExchangeLimits.STREAM_RELAY_LOW) {
      letGo(from);
    }
  }

  private void letGo(RelayHalf from) {
    if (from.isHeld()) {
      from.setHeld(false);
      connections.release(from.connection);
      if (!from.connection.isClosed()) {
        self.say(new Exchange.Output.ReadOn(from.connection.link));
      }
    }
  }

  private void arm() {
    alarm.by(idleAt());
    alarm.by(totalAt());
    if (asker.hasFrame() || target.hasFrame()) {
      alarm.by(self.in(ExchangeLimits.STREAM_RELAY_PORTION));
    }
  }

  private Instant idleAt() {
    Duration idle = plain ? PxpLimits.STREAM_RELAY_IDLE_MAX : PxpLimits.RELAY_IDLE_MAX;
    return movedAt.plus(idle);
  }

  private Instant totalAt() {
    return plain ? Instant.MAX : joinedAt.plus(PxpLimits.RELAY_TIME_MAX);
  }

  private void tick(Instant now) {
    if (over) {
      return;
    }
    if (!now.isBefore(totalAt())) {
      finish("it took too long");
    } else if (!now.isBefore(idleAt())) {
      finish("nothing passed it any more");
    } else {
      pass();
    }
  }

  /// Ends politely on both sides. Nothing is said in it that JavaScript nodes take for an error.
  void finish(String why) {
    if (over) {
      return;
    }
    over = true;
    alarm.off();
    letGo(asker);
    letGo(target);
    asker.connection.relays--;
    target.connection.relays--;
    target.connection.drop(target.stream);
    whenOver.accept(this);
    if (!isJoined()) {
      asker.connection.answer(PxpCodec.no(nonce, why));
      asker.connection.abandon(asker.stream);
      self.notice(new ExchangeNotice.AskerRefused(asker.connection.ref, why));
    } else {
      asker.connection.drop(asker.stream);
      self.notice(
          new ExchangeNotice.RelayEnded(asker.connection.ref, target.connection.ref, carried, why));
    }
  }
}
