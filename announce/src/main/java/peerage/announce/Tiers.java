package peerage.announce;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedCollection;
import java.util.SequencedSet;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import peerage.announce.Announcer.Output;
import peerage.bencode.StrangersText;

/// The trackers of a torrent in the order to try them (BEP 12).
final class Tiers {
  /// The most trackers of one torrent (guess: long public lists have about a hundred). A round of
  /// as many dead ones takes fifty minutes.
  static final int MAX_TRACKERS = 100;

  private final List<List<Tracker>> tiers = new ArrayList<>();
  private final List<Output.Skipped> skipped = new ArrayList<>();

  /// BEP 12: "URLs within each tier will be processed in a randomly chosen order; in other words,
  /// the list will be shuffled when first read".
  Tiers(SequencedCollection<? extends SequencedCollection<String>> urls, RandomGenerator random) {
    var seen = new LinkedHashSet<String>();
    for (SequencedCollection<String> tier : urls) {
      var trackers = new ArrayList<Tracker>();
      tier.stream().filter(url -> isUsable(url, seen)).map(Tracker::new).forEach(trackers::add);
      Collections.shuffle(trackers, random);
      tiers.add(trackers);
    }
  }

  /// One tracker in two tiers would be announced to twice, so the first counts.
  private boolean isUsable(String url, SequencedSet<String> seen) {
    Optional<String> reason = TrackerUrl.reasonToSkip(url);
    if (reason.isEmpty() && !seen.contains(url) && seen.size() == MAX_TRACKERS) {
      reason = Optional.of("the torrent names more than " + MAX_TRACKERS + " trackers");
    }
    if (reason.isPresent() && skipped.size() < MAX_TRACKERS) {
      String shown = StrangersText.printable(url, TrackerUrl.MAX_LENGTH);
      skipped.add(new Output.Skipped(shown, reason.get()));
    }
    return reason.isEmpty() && seen.add(url);
  }

  /// What cannot be used, and why.
  List<Output.Skipped> skipped() {
    return Collections.unmodifiableList(skipped);
  }

  /// Tier by tier, without those that want to be left alone for good.
  Stream<Tracker> inOrder() {
    return tiers.stream().flatMap(List::stream).filter(tracker -> !tracker.isRetired());
  }

  Optional<Tracker> find(String url) {
    return inOrder().filter(tracker -> tracker.url().equals(url)).findFirst();
  }

  /// BEP 12: "if a connection with a tracker is successful, it will be moved to the front of the
  /// tier".
  void moveToFront(Tracker tracker) {
    for (List<Tracker> tier : tiers) {
      if (tier.remove(tracker)) {
        tier.addFirst(tracker);
        return;
      }
    }
  }
}
