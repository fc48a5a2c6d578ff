package peerage.pxp;

import java.util.Optional;

/// One try to reach a candidate: by dialling where it listens, and if that leads to nothing,
/// through who has named it.
final class Reach implements Trial {
  private final Parts parts;
  private final DialRules rules;
  private final Told told;
  private final Introduction.Outcome outcome;

  Reach(Parts parts, DialRules rules, Told told, Introduction.Outcome outcome) {
    this.parts = parts;
    this.rules = rules;
    this.told = told;
    this.outcome = outcome;
  }

  Optional<String> token() {
    return told.candidate().info().token();
  }

  boolean isNamelessOf(Connection teller) {
    return told.candidate().info().isNameless() && told.teller().equals(teller);
  }

  void begin() {
    rules
        .endpoint(told)
        .ifPresentOrElse(
            endpoint -> parts.attempts.dial(endpoint, new Reached(parts.self, endpoint, this)),
            this::introduce);
  }

  private void introduce() {
    boolean possible =
        !told.candidate().info().pxp() || parts.self.options.can(ExchangeOptions.Ability.WEBRTC);
    if (possible && told.canBeRelayed(parts.self.now())) {
      new Introduction(parts, told, outcome).begin();
    } else {
      outcome.failed("there is no way to it");
    }
  }

  @Override
  public Optional<String> objection(Connection connection, PxpMessage.Hello hello) {
    return told.objection(hello.info().orElse(null));
  }

  @Override
  public void joined(Connection connection) {
    outcome.found(connection.ref);
  }

  /// Dialling failed; the relay may still do.
  @Override
  public void failed(String why) {
    if (why.equals(Joining.CONNECTED_ALREADY) || why.equals(Joining.OURSELVES)) {
      outcome.failed(why);
    } else {
      introduce();
    }
  }

  @Override
  public Optional<PeerRef> introducer() {
    return Optional.of(told.teller().ref);
  }
}
