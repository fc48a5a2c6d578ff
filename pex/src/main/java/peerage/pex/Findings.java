package peerage.pex;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.StringJoiner;
import peerage.pex.PexAsSent.Entry;

/// Collects findings, one a rule however often a message breaks it: a hostile message of a thousand
/// bad contacts is one line and not a thousand.
final class Findings {
  /// The order of contacts, whatever their flags.
  static final Comparator<Entry> BY_CONTACT =
      Comparator.comparing(Entry::ip).thenComparingInt(Entry::port);

  /// Details of one rule that are spelt out (guess: what is read before one skips).
  private static final int MAX_DETAILS = 3;

  private final EnumMap<PexRule, List<String>> details = new EnumMap<>(PexRule.class);
  private final EnumMap<PexRule, Integer> counts = new EnumMap<>(PexRule.class);

  void add(PexRule rule, String detail) {
    List<String> some = details.computeIfAbsent(rule, _ -> new ArrayList<>());
    if (some.size() < MAX_DETAILS) {
      some.add(detail);
    }
    counts.merge(rule, 1, Integer::sum);
  }

  List<PexFinding> sorted() {
    var findings = new ArrayList<PexFinding>();
    details.forEach((rule, some) -> findings.add(new PexFinding(rule, text(rule, some))));
    return findings;
  }

  private String text(PexRule rule, List<String> some) {
    var text = new StringJoiner(", ");
    some.forEach(text::add);
    int more = counts.getOrDefault(rule, 0) - some.size();
    return more > 0 ? text + " and " + more + " more" : text.toString();
  }
}
