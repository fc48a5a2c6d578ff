package peerage.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import peerage.dht.Dht.Output;
import peerage.dht.LookupReport;
import peerage.sim.DhtReport.Kind;
import peerage.sim.DhtReport.Spread;

/// Gathers what the lookups of one kind came to.
final class Survey {
  private final String name;
  private final List<Long> hops = new ArrayList<>();
  private final List<Long> queries = new ArrayList<>();
  private final List<Long> millis = new ArrayList<>();
  private final List<Long> first = new ArrayList<>();
  private int lookups;
  private int succeeded;

  Survey(String name) {
    this.name = name;
  }

  /// One lookup under way.
  final class Sighting {
    private final Instant begun;
    private @Nullable Duration found;

    private Sighting(Instant begun) {
      this.begun = begun;
    }

    void found(Instant now) {
      if (found == null) {
        found = Duration.between(begun, now);
      }
    }

    void done(Output.Done done, BooleanSupplier isFound, Instant now) {
      LookupReport report = done.report();
      hops.add((long) report.hops());
      queries.add((long) report.queries());
      millis.add(report.took().toMillis());
      if (isFound.getAsBoolean()) {
        found(now);
      }
      if (found != null) {
        succeeded++;
        first.add(found.toMillis());
      }
    }
  }

  Sighting begin(Instant now) {
    lookups++;
    return new Sighting(now);
  }

  Kind report() {
    return new Kind(
        name,
        lookups,
        succeeded,
        Spread.of(hops),
        Spread.of(queries),
        Spread.of(millis),
        Spread.of(first));
  }
}
