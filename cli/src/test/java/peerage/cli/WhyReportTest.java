package peerage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import peerage.node.Passport;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.peers.PexDialect;
import peerage.swarm.CandidateView;
import peerage.swarm.DialFailure;
import peerage.swarm.Direction;
import peerage.swarm.TellerView;

/// `peers --why` says who named an address, when, and why it is no peer.
final class WhyReportTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final PeerAddress TELLER = PeerAddress.parse("9.9.9.1:1").orElseThrow();

  private final Recorded shell = new Recorded();
  private final WhyReport report =
      new WhyReport(
          List.of(
              new Passport(
                  PeerAddress.parse("9.9.9.2:2").orElseThrow(),
                  PeerAddress.parse("[2a00::2]:2"),
                  List.of(
                      new Passport.Heard(new Origin.Given(), NOW.minusSeconds(90)),
                      new Passport.Heard(
                          new Origin.Pex(TELLER, PexDialect.UT_PEX), NOW.minusSeconds(5))),
                  CandidateView.State.IDLE,
                  false,
                  2,
                  Optional.of(DialFailure.REFUSED),
                  Optional.empty(),
                  "its dial failed 2 times",
                  Optional.of(NOW.plusSeconds(48)))),
          List.of(
              new TellerView(
                  TELLER,
                  Direction.OUTGOING,
                  8,
                  5,
                  4,
                  1,
                  0,
                  2,
                  Optional.of(Duration.ofMillis(65_200)),
                  100,
                  false)),
          NOW);

  @Test
  void aPassportHasItsOriginsInOrderTheReasonAndTheNextTry() {
    report.print(shell.terminal().out());
    assertThat(shell.lines())
        .containsSubsequence(
            "  9.9.9.2:2, also at [2a00::2]:2  not connected: its dial failed 2 times, last dial:"
                + " refused, next try in 48s",
            "     1m30s ago  from you",
            "        5s ago  from 9.9.9.1:1 by ut_pex",
            "  9.9.9.1:1  told 8, tried 5, true 4, stale 1, refused 0, withdrawn 2, at least 65.2 s"
                + " apart, score 100");
  }

  @Test
  void jsonHasTheSame() {
    report.printJson(shell.terminal().out());
    assertThat(shell.lines()).hasSize(2);
    assertThat(EventWordsTest.names(shell.lines().getFirst()))
        .contains("candidate", "state", "last_failure", "why", "next_try", "heard");
    assertThat(shell.out()).contains("\"next_try\":\"2026-01-02T03:04:53Z\"", "\"score\":100");
  }
}
