package peerage.cli;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import peerage.dht.LookupReport;

/// The last words of a command that looked something up in the DHT.
final class DhtEnd {
  private DhtEnd() {}

  /// The event `end`.
  ///
  /// @param more what else there is to say
  static String json(ExitCode exit, Optional<LookupReport> report, Consumer<Json> more) {
    return EventJson.event(
        "end",
        Instant.now(),
        json -> {
          more.accept(json.put("exit", exit.number()));
          report.ifPresent(
              some ->
                  json.put("hops", some.hops())
                      .put("queries", some.queries())
                      .put("answers", some.answers())
                      .put("ms", some.took().toMillis()));
        });
  }

  /// For people: how many nodes were asked.
  ///
  /// @param found what came of it
  static String text(String found, LookupReport report) {
    return found
        + ", from "
        + Text.count(report.answers(), "answer")
        + " to "
        + Text.count(report.queries(), "query", "queries")
        + " in "
        + Text.seconds(report.took());
  }
}
