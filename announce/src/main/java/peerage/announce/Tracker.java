package peerage.announce;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import peerage.announce.AnnounceResponse.Answer;
import peerage.announce.AnnounceResponse.Retry;

/// What we know of one tracker of one torrent.
final class Tracker {
  private final String url;
  private boolean asked;
  private boolean accepted;
  private boolean retired;
  private @Nullable AnnounceEvent lastEvent;
  private @Nullable String trackerId;
  private Instant minUntil = Instant.MIN;
  private Instant retryAt = Instant.MIN;
  private Duration gap = Announcer.MIN_INTERVAL_DEFAULT;

  Tracker(String url) {
    this.url = url;
  }

  String url() {
    return url;
  }

  boolean wasAsked() {
    return asked;
  }

  /// Whether it knows of us: it has accepted `started`.
  boolean hasAccepted() {
    return accepted;
  }

  /// Whether it said never to come back (BEP 31).
  boolean isRetired() {
    return retired;
  }

  boolean isLastAsked(AnnounceEvent event) {
    return lastEvent == event;
  }

  Optional<String> trackerId() {
    return Optional.ofNullable(trackerId);
  }

  /// Before this the answer's interval forbids a regular announce.
  Instant minUntil() {
    return minUntil;
  }

  /// How long [#minUntil()] is after each answer.
  Duration gap() {
    return gap;
  }

  /// Before this it does not want to be asked again after a refusal (BEP 31).
  Instant retryAt() {
    return retryAt;
  }

  /// Called when it is asked.
  void asked(@Nullable AnnounceEvent event) {
    asked = true;
    lastEvent = event;
  }

  /// Called at each answer. An answer without a tracker id leaves the former one in force.
  void answered(Answer answer, Instant now) {
    accepted = true; // its first announce was `started`
    answer.trackerId().ifPresent(id -> trackerId = id);
    gap = minGap(answer);
    Instant until = now.plus(gap);
    minUntil = until.isAfter(minUntil) ? until : minUntil;
  }

  private static Duration minGap(Answer answer) {
    Duration unsaid = Announcer.MIN_INTERVAL_DEFAULT;
    Duration least = answer.interval().compareTo(unsaid) < 0 ? answer.interval() : unsaid;
    return answer.minInterval().orElse(least);
  }

  /// Called when it refused.
  void refused(Retry retry, Instant now) {
    switch (retry) {
      case Retry.Unsaid() -> {}
      case Retry.After(Duration delay) -> retryAt = now.plus(delay);
      case Retry.Never() -> retired = true;
    }
  }
}
