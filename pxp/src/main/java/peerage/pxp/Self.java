package peerage.pxp;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Our own node as all parts of an exchange see it: what it was told at its start, the time,
/// chance, and what it is about to say to its driver.
final class Self {
  private static final int TOKEN_BYTES = 16;

  final ExchangeOptions options;
  final RandomGenerator random;
  final RandomGenerator secrets;

  /// Our random number of this run, 32 hex digits, by which others know us again.
  final String token;

  /// What we say of ourselves in a hello; empty if nobody shall be introduced to us.
  final Optional<ConnectInfo> info;

  final Agenda agenda = new Agenda();

  private List<Exchange.Output> outputs = new ArrayList<>();
  private Instant now = Instant.EPOCH;

  Self(ExchangeOptions options, RandomGenerator random, RandomGenerator secrets) {
    this.options = options;
    this.random = random;
    this.secrets = secrets;
    byte[] bytes = new byte[TOKEN_BYTES];
    secrets.nextBytes(bytes);
    this.token = HexFormat.of().formatHex(bytes);
    this.info = OwnInfo.of(options, token);
  }

  /// Goes on to this time; never back.
  void at(Instant time) {
    now = time.isAfter(now) ? time : now;
  }

  Instant now() {
    return now;
  }

  Instant in(Duration duration) {
    return now.plus(duration);
  }

  void say(Exchange.Output output) {
    outputs.add(output);
  }

  void notice(ExchangeNotice notice) {
    say(new Exchange.Output.Noticed(notice));
  }

  /// What was said since this was asked last.
  List<Exchange.Output> takeOutputs() {
    List<Exchange.Output> said = outputs;
    outputs = new ArrayList<>();
    return said;
  }

  /// The name of our network's stream.
  String dataStream() {
    return "data:" + options.network().text();
  }

  /// A duration between this and half as much again, so that nodes do not move in step.
  Duration jittered(Duration least) {
    return least.plusMillis(random.nextLong(Math.max(1, least.toMillis() / 2)));
  }
}
