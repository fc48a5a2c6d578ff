package peerage.pxp;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// The connection to another node inside a relay's stream: there both say hello, and exchange the
/// signals of an upgrade. Nobody sends `connect` there.
final class Relayed implements StreamUser {
  /// Who talks to the other node.
  interface Talk {
    /// The other node said hello.
    void greeted(PxpMessage.Hello hello);

    /// It sent a signal.
    void signalled(Signal signal);

    /// The stream is over; at most once, and not after [Relayed#close].
    void over(String why);
  }

  private final Connection relay;
  private final String stream;
  private final Talk talk;
  private final Self self;
  private final Session session;
  private final Agenda.Alarm alarm;
  private boolean begun;
  private boolean over;
  private int signals;

  /// Registers the stream; nothing is sent before [#begin].
  Relayed(Self self, Connection relay, String stream, Talk talk) {
    this.self = self;
    this.relay = relay;
    this.stream = stream;
    this.talk = talk;
    this.session = new Session(self.options.network(), self.info, Duration.ZERO, self.now());
    this.alarm = self.agenda.alarm(this::tick);
  }

  /// The name is known from now on.
  void open() {
    relay.open(stream, this);
  }

  /// The stream carries from now on.
  void begin() {
    begun = true;
    settle();
  }

  void signal(Signal signal) {
    if (!over) {
      session.signal(signal);
      settle();
    }
  }

  /// Ends the stream, politely.
  void close() {
    over = true;
    alarm.off();
    relay.drop(stream);
  }

  @Override
  public void data(ByteBuffer bytes, Exchange.Part part) {
    if (!over) {
      session.receive(bytes.slice(), self.now());
      settle();
    }
  }

  @Override
  public void ended() {
    fail("the relay has ended");
  }

  @Override
  public void lost(String why) {
    fail("the relay is gone: " + why);
  }

  private void fail(String why) {
    if (!over) {
      close();
      talk.over(why);
    }
  }

  private void tick(Instant now) {
    session.tick(now);
    settle();
  }

  private void settle() {
    Session.Event event = over ? null : session.next();
    while (event != null) {
      dispatch(event);
      event = over ? null : session.next();
    }
    if (begun && !over) {
      flush(session.takeOutput());
      session.nextDeadline().ifPresent(alarm::by);
    }
  }

  private void flush(List<ByteBuffer> pieces) {
    if (!pieces.isEmpty()) {
      ByteBuffer whole = ByteBuffer.allocate(pieces.stream().mapToInt(ByteBuffer::remaining).sum());
      pieces.forEach(piece -> whole.put(piece.duplicate()));
      relay.write(stream, whole.flip());
    }
  }

  private void dispatch(Session.Event event) {
    // No other stream is registered here, and nothing is asked.
    if (event instanceof Session.Event.Greeted greeted) {
      talk.greeted(greeted.hello());
    } else if (event instanceof Session.Event.Asked asked) {
      asked(asked.message());
    } else if (event instanceof Session.Event.Broken broken) {
      fail("the other node broke a rule: " + broken.rule());
    }
  }

  private void asked(PxpMessage message) {
    // To refuse what is incoming is not to answer.
    if (message instanceof PxpMessage.Upgrade upgrade) {
      upgrade.signal().filter(_ -> ++signals <= PxpLimits.SIGNALS_MAX).ifPresent(talk::signalled);
    } else if (message instanceof PxpMessage.Connect connect) {
      session.send(PxpCodec.no(connect.nonce(), "Not over a relay"));
    } else if (message instanceof PxpMessage.GetPeers ask) {
      session.send(PxpCodec.candidates(ask.nonce(), List.of()));
    } else if (message instanceof PxpMessage.Relay ask) {
      session.send(PxpCodec.no(ask.nonce(), "Not over a relay"));
    }
  }
}
