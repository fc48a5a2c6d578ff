package peerage.pxp;

import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/// What we have asked our driver for, and have not got yet: dialled connections and upgrades.
final class Attempts {
  private record Pending(Trial trial, Agenda.Alarm alarm) {}

  private final Self self;
  private final SequencedMap<Attempt, Pending> pending = new TreeMap<>();
  private int numbered;

  Attempts(Self self) {
    this.self = self;
  }

  int size() {
    return pending.size();
  }

  /// Has a node dialled.
  void dial(Endpoint endpoint, Trial trial) {
    Attempt attempt = add(trial);
    self.say(new Exchange.Output.Dial(attempt, endpoint));
    Pending one = pending.get(attempt);
    if (one != null) {
      one.alarm.by(self.in(PxpLimits.CONNECT_TIME));
    }
  }

  /// Has an upgrade begun. Whoever began it gives it up in time.
  Attempt upgrade(Signal.Kind kind, Trial trial) {
    Attempt attempt = add(trial);
    self.say(new Exchange.Output.BeginUpgrade(attempt, kind));
    return attempt;
  }

  private Attempt add(Trial trial) {
    Attempt attempt = new Attempt(++numbered);
    Agenda.Alarm alarm = self.agenda.alarm(_ -> late(attempt));
    pending.put(attempt, new Pending(trial, alarm));
    return attempt;
  }

  private void late(Attempt attempt) {
    Pending one = pending.get(attempt);
    giveUp(attempt);
    if (one != null) {
      one.trial.failed("no connection in time");
    }
  }

  /// A signal of the other side for an upgrade that is under way; too late, it does nothing.
  void pass(Attempt attempt, Signal signal) {
    if (pending.containsKey(attempt)) {
      self.say(new Exchange.Output.PassSignal(attempt, signal));
    }
  }

  /// Ends one without asking what becomes of it. Harmless if it has ended.
  void giveUp(Attempt attempt) {
    if (take(attempt).isPresent()) {
      self.say(new Exchange.Output.GiveUp(attempt));
    }
  }

  /// It has led to a connection. Empty if nobody waits for it any more.
  Optional<Trial> take(Attempt attempt) {
    Pending one = pending.remove(attempt);
    if (one == null) {
      return Optional.empty();
    }
    one.alarm.off();
    return Optional.of(one.trial);
  }

  /// It led to nothing.
  void failed(Attempt attempt, String why) {
    take(attempt).ifPresent(trial -> trial.failed(why));
  }

  /// Our side of an upgrade made a signal.
  void made(Attempt attempt, Signal signal) {
    Pending one = pending.get(attempt);
    if (one != null) {
      one.trial.made(signal);
    }
  }
}
