package peerage.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import peerage.node.Passport;
import peerage.swarm.CandidateView;
import peerage.swarm.TellerView;

/// What `peers --why` adds: each address with all that is known of it, and what the tellers' words
/// were worth.
final class WhyReport {
  private final List<Passport> passports;
  private final List<TellerView> tellers;
  private final Instant now;

  /// @param now wall-clock time, for what is said to be so long ago
  WhyReport(List<Passport> passports, List<TellerView> tellers, Instant now) {
    this.passports =
        passports.stream().sorted(Comparator.comparingInt(WhyReport::rank)).toList(); // stable
    this.tellers = tellers;
    this.now = now;
  }

  private static int rank(Passport passport) {
    return switch (passport.state()) {
      case CONNECTED -> 0;
      case DIALLING -> 1;
      case IDLE -> 2;
      case REFUSED -> 3;
    };
  }

  void print(PrintStream out) {
    out.println();
    out.println("Every address that was heard of, by whom, and why it is no peer:");
    passports.forEach(passport -> print(passport, out));
    if (!tellers.isEmpty()) {
      out.println();
      out.println("What those who told us were worth:");
      tellers.forEach(teller -> out.println("  " + teller.teller() + "  " + words(teller)));
    }
    out.println();
  }

  private void print(Passport passport, PrintStream out) {
    String alias = passport.alias().map(other -> ", also at " + other).orElse("");
    out.println("  " + passport.address() + alias + "  " + state(passport));
    for (Passport.Heard heard : passport.heard()) {
      out.printf("    %10s  %s%n", ago(heard.at()), EventText.from(heard.origin()));
    }
  }

  private String state(Passport passport) {
    var words = new StringJoiner(", ");
    words.add(
        switch (passport.state()) {
          case CONNECTED -> "connected";
          case DIALLING -> "being dialled";
          case IDLE -> "not connected: " + passport.why();
          case REFUSED -> "refused: " + passport.why();
        });
    if (passport.verified() && passport.state() != CandidateView.State.CONNECTED) {
      words.add("a dial reached it");
    }
    passport.lastFailure().ifPresent(failure -> words.add("last dial: " + failure));
    passport
        .nextTry()
        .filter(at -> at.isAfter(now))
        .ifPresent(at -> words.add("next try in " + Text.duration(Duration.between(now, at))));
    return words.toString();
  }

  private String ago(Instant at) {
    return Text.duration(Duration.between(at, now)) + " ago";
  }

  private static String words(TellerView teller) {
    var words = new StringJoiner(", ");
    words.add("told " + teller.told());
    words.add("tried " + teller.tried());
    words.add("true " + teller.truthful());
    words.add("stale " + teller.stale());
    words.add("refused " + teller.refused());
    words.add("withdrawn " + teller.withdrawn());
    teller
        .spacing()
        .ifPresent(
            time ->
                words.add(
                    String.format(Locale.ROOT, "at least %.1f s apart", time.toMillis() / 1e3)));
    words.add("score " + teller.score() + (teller.muted() ? ", muted" : ""));
    return words.toString();
  }

  /// The same as JSON lines: an event `passport` an address, an event `teller` a teller.
  void printJson(PrintStream out) {
    for (Passport passport : passports) {
      out.println(EventJson.event("passport", now, json -> write(passport, json)));
    }
    for (TellerView teller : tellers) {
      out.println(EventJson.event("teller", now, json -> write(teller, json)));
    }
  }

  private static void write(Passport passport, Json json) {
    json.put("candidate", passport.address().toString())
        .put("alias", passport.alias())
        .put("state", passport.state().name().toLowerCase(Locale.ROOT))
        .put("verified", passport.verified())
        .put("failures", passport.failures())
        .put("last_failure", passport.lastFailure())
        .put("last_success", passport.lastSuccess())
        .put("why", passport.why())
        .put("next_try", passport.nextTry())
        .objects(
            "heard",
            passport.heard(),
            (each, heard) ->
                each.put("at", heard.at().toString())
                    .object("origin", o -> EventJson.write(heard.origin(), o)));
  }

  private static void write(TellerView teller, Json json) {
    json.put("teller", teller.teller().toString())
        .put("told", teller.told())
        .put("tried", teller.tried())
        .put("true", teller.truthful())
        .put("stale", teller.stale())
        .put("refused", teller.refused())
        .put("withdrawn", teller.withdrawn());
    teller.spacing().ifPresent(time -> json.put("spacing", time.toNanos() / 1e9));
    json.put("score", teller.score()).put("muted", teller.muted());
  }
}
