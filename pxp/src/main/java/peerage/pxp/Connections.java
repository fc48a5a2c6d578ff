package peerage.pxp;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import peerage.peers.Link;

/// All connections: gives them what was read, takes what they have to send, heeds their time
/// limits, and tells all who depend on one when it is gone.
final class Connections {
  /// What becomes of what a connection's other side says.
  interface Listener {
    /// It said hello.
    void greeted(Connection connection, PxpMessage.Hello hello);

    /// It asked for something.
    void asked(Connection connection, PxpMessage message);

    /// It is gone, and everybody who used it knows.
    void closed(Connection connection);
  }

  private final Self self;
  private final Listener listener;
  private final SequencedMap<Link, Connection> all = new TreeMap<>();
  private final SequencedMap<Link, Agenda.Alarm> alarms = new TreeMap<>();
  private final SequencedSet<Connection> touched = new LinkedHashSet<>();
  private int refs;
  private int visitors;

  Connections(Self self, Listener listener) {
    this.self = self;
    this.listener = listener;
  }

  Collection<Connection> all() {
    return all.sequencedValues();
  }

  /// Those that are peers, in the order of their links.
  List<Connection> joined() {
    return all.values().stream().filter(Connection::isJoined).toList();
  }

  Optional<Connection> at(Link link) {
    return Optional.ofNullable(all.get(link));
  }

  int size() {
    return all.size();
  }

  int visitors() {
    return visitors;
  }

  /// How many that we opened by ourselves are about to join: not those of a search.
  int arriving() {
    return (int)
        all.values().stream()
            .filter(
                one -> one.role == Role.CONNECT && !one.isJoined() && one.introducer().isEmpty())
            .count();
  }

  /// Those that this one has introduced.
  List<Connection> broughtBy(PeerRef introducer) {
    return all.values().stream()
        .filter(one -> one.introducer().equals(Optional.of(introducer)))
        .toList();
  }

  /// How many nameless nodes this one has brought us.
  int namelessBy(PeerRef introducer) {
    return (int)
        broughtBy(introducer).stream()
            .filter(one -> one.info == null || one.info.isNameless())
            .count();
  }

  /// How many nameless nodes there are besides this one.
  int namelessBut(Connection connection) {
    return (int)
        all.values().stream()
            .filter(one -> !one.equals(connection))
            .filter(one -> one.info != null && one.info.isNameless())
            .count();
  }

  /// Whether a node of this token is connected, or about to be.
  boolean isKnown(Optional<String> token) {
    return token.isPresent()
        && all.values().stream().anyMatch(connection -> connection.token().equals(token));
  }

  /// A name for one more peer.
  PeerRef nextRef() {
    return new PeerRef(++refs);
  }

  /// Begins to talk on a new stream.
  Connection open(
      Exchange.Input.Opened opened, Optional<Trial> trial, Duration awaited, boolean visits) {
    Session session = new Session(self.options.network(), self.info, awaited, self.now());
    Connection connection = new Connection(opened, session, trial, nextRef(), self, touched);
    all.put(opened.link(), connection);
    alarms.put(opened.link(), self.agenda.alarm(now -> onAlarm(connection, now)));
    connection.visits = visits;
    if (visits) {
      visitors++;
      connection.joinBy = self.in(PxpLimits.VISIT_TIME);
    }
    return connection;
  }

  /// A visitor gets a place of its own.
  void admit(Connection visitor) {
    visitor.visits = false;
    visitors--;
  }

  /// Bytes came.
  void receive(Connection connection, ByteBuffer bytes) {
    connection.heard = self.now();
    connection.session.receive(bytes.slice(), self.now());
    touched.add(connection);
  }

  /// Whether a session may have something to say.
  boolean isTouched() {
    return !touched.isEmpty();
  }

  /// Lets everything happen that waits in the sessions, and sends what they have to say.
  void settle() {
    while (!touched.isEmpty()) {
      Connection connection = touched.removeFirst();
      Session.Event event = connection.session.next();
      while (event != null && !connection.isClosed()) {
        dispatch(connection, event);
        event = connection.session.next();
      }
      if (!connection.isClosed()) {
        flush(connection);
        arm(connection);
      }
    }
  }

  private void dispatch(Connection connection, Session.Event event) {
    if (event instanceof Session.Event.Data data) {
      connection.user(data.stream()).ifPresent(user -> user.data(data.bytes(), data.part()));
    } else if (event instanceof Session.Event.Greeted greeted) {
      listener.greeted(connection, greeted.hello());
    } else if (event instanceof Session.Event.Asked asked) {
      listener.asked(connection, asked.message());
    } else if (event instanceof Session.Event.Answered answered) {
      answered.reply().came(answered.args());
    } else if (event instanceof Session.Event.Unanswered unanswered) {
      unanswered.reply().missed("no answer in time");
    } else if (event instanceof Session.Event.Ended ended) {
      connection.user(ended.stream()).ifPresent(StreamUser::ended);
    } else if (event instanceof Session.Event.Broken broken) {
      self.notice(new ExchangeNotice.RuleBroken(connection.link, broken.rule()));
      close(connection, broken.rule());
    }
  }

  private void flush(Connection connection) {
    List<ByteBuffer> bytes = connection.session.takeOutput();
    if (!bytes.isEmpty()) {
      self.say(new Exchange.Output.Send(connection.link, bytes));
    }
  }

  /// Closes one of ours.
  void close(Connection connection, String why) {
    if (!connection.isClosed()) {
      flush(connection);
      self.say(new Exchange.Output.Close(connection.link, why));
      gone(connection, why);
    }
  }

  /// Parts from one that is closed.
  void gone(Connection connection, String why) {
    boolean joined = connection.isJoined();
    if (connection.visits) {
      visitors--;
    }
    connection.stage = Connection.Stage.CLOSED;
    all.remove(connection.link);
    off(alarms.remove(connection.link));
    connection.session.takeWaiting().forEach(reply -> reply.missed(why));
    connection.takeUsers().forEach(user -> user.lost(why));
    connection.trial.ifPresent(
        trial -> {
          if (joined) {
            trial.lost();
          } else {
            trial.failed(why);
          }
        });
    listener.closed(connection);
  }

  private static void off(Agenda.@Nullable Alarm alarm) {
    if (alarm != null) {
      alarm.off();
    }
  }

  /// One more reason not to read from a connection.
  void hold(Connection connection) {
    if (connection.holds++ == 0) {
      connection.heldSince = self.now();
    }
  }

  /// One reason less. What was asked meanwhile has the time that was lost.
  void release(Connection connection) {
    if (connection.holds > 0 && --connection.holds == 0) {
      connection.session.extend(Duration.between(connection.heldSince, self.now()));
      connection.heard = self.now();
      touched.add(connection);
    }
  }

  private void arm(Connection connection) {
    Agenda.Alarm alarm = alarms.get(connection.link);
    if (alarm == null || connection.holds > 0) {
      return;
    }
    connection.session.nextDeadline().ifPresent(alarm::by);
    if (connection.joinBy != null) {
      alarm.by(connection.joinBy);
    }
    if (connection.canBeAsked() && !connection.pinged) {
      alarm.by(connection.heard.plus(self.options.silenceMax()));
    }
  }

  private void onAlarm(Connection connection, Instant now) {
    if (connection.holds > 0) {
      return;
    }
    connection.session.tick(now);
    if (connection.joinBy != null && !now.isBefore(connection.joinBy)) {
      close(connection, connection.visits ? "we are full" : "it did not connect in time");
    }
    if (connection.canBeAsked()
        && !connection.pinged
        && !now.isBefore(connection.heard.plus(self.options.silenceMax()))) {
      ping(connection);
    }
    touched.add(connection);
  }

  /// Asks the only question that does no harm to any node: whether it still lives.
  private void ping(Connection connection) {
    connection.pinged = true;
    connection.ask(
        nonce -> PxpCodec.getPeers(nonce, self.options.network().text()),
        PxpLimits.ANSWER_TIME,
        new Reply() {
          @Override
          public void came(JsonText args) {
            connection.pinged = false;
          }

          @Override
          public void missed(String why) {
            close(connection, "it does not answer");
          }
        });
  }
}
