package peerage.announce;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Why an announce is made out of turn (BEP 3); a regular one has no event.
public enum AnnounceEvent {
  /// The first to this tracker.
  STARTED,
  /// The download has become complete.
  COMPLETED,
  /// The last to this tracker.
  STOPPED;

  /// The word of the query, such as `started`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The event of a query's word. BEP 3: "`empty`, which is the same as not being present"; the
  /// `paused` of BEP 21 and words nobody knows are taken alike.
  static Optional<AnnounceEvent> of(String word) {
    return Arrays.stream(values()).filter(event -> event.word().equals(word)).findFirst();
  }
}
