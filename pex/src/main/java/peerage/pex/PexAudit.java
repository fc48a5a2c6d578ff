package peerage.pex;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import peerage.bencode.MalformedMessage;
import peerage.peers.PeerAddress;
import peerage.pex.PexAsSent.Entry;

/// Watches the `ut_pex` messages of one direction of one connection and names the rules that they
/// break. It judges, and changes nothing: for captures, and for tests of other clients. A machine:
/// no clock, not thread-safe.
///
/// What cannot be known is not judged: whether the sender was really connected to whom it names.
public final class PexAudit {
  /// Contacts that are remembered as told at most (guess: 20 full messages of the most talkative
  /// client); beyond, drops and repetitions are no longer judged.
  public static final int MAX_REMEMBERED = 10_000;

  /// Spacings that are kept for the summary at most (guess: a week of messages).
  private static final int MAX_SPACINGS = 10_000;

  /// What came of one message.
  ///
  /// @param message what it says; empty if it cannot be read
  /// @param spacing since the previous message; empty for the first, and without times
  /// @param findings what it breaks, in the order of [PexRule]
  public record Verdict(
      Optional<PexAsSent> message, Optional<Duration> spacing, List<PexFinding> findings) {
    /// Copies the list.
    public Verdict {
      findings = List.copyOf(findings);
    }

    /// Whether a "must" or "should" is broken.
    public boolean isBroken() {
      return findings.stream().anyMatch(each -> each.rule().weight() == PexRule.Weight.BROKEN);
    }
  }

  /// What came of all messages.
  ///
  /// @param messages how many there were
  /// @param broken how many of them break a "must" or "should"
  /// @param spacingMin the shortest time between two messages
  /// @param spacingMedian the middle one of the times between two messages
  /// @param bytesMin the shortest payload, 0 if there was none
  /// @param bytesMax the longest
  /// @param added contacts added, repetitions counted
  /// @param dropped contacts dropped
  /// @param matched of these, how many had been added
  public record Summary(
      int messages,
      int broken,
      Optional<Duration> spacingMin,
      Optional<Duration> spacingMedian,
      int bytesMin,
      int bytesMax,
      int added,
      int dropped,
      int matched) {}

  private final TreeSet<Entry> told = new TreeSet<>(Findings.BY_CONTACT);
  private final List<Duration> spacings = new ArrayList<>();
  private boolean isOverfull;
  private boolean isFull = true;
  private @Nullable PeerAddress receiver;
  private @Nullable Instant previous;
  private int messages;
  private int broken;
  private int bytesMin;
  private int bytesMax;
  private int added;
  private int dropped;
  private int matched;

  /// Starts before the first message of a direction.
  public PexAudit() {}

  /// We begin to listen in the middle: what was told before is not known, so drops of what was not
  /// added here are not judged.
  public static PexAudit fromTheMiddle() {
    var audit = new PexAudit();
    audit.isOverfull = true;
    return audit;
  }

  /// Where the receiver listens, once that is known.
  public void receiverListensAt(PeerAddress endpoint) {
    receiver = endpoint;
  }

  /// The receiver has switched `ut_pex` off: what comes after is a full message again, in which
  /// contacts that were told before may stand, and more than 50.
  public void switchedOff() {
    isFull = true;
  }

  /// Judges the next message.
  ///
  /// @param payload of the extension message, after its number
  /// @param at when it came
  public Verdict hear(byte[] payload, Instant at) {
    return hear(payload, Optional.of(at), List.of());
  }

  /// Judges the next message, about which something is known to be wrong already.
  ///
  /// @param known what does not show in the payload, as [PexRule#NOT_OFFERED]
  public Verdict hear(byte[] payload, Instant at, List<PexFinding> known) {
    return hear(payload, Optional.of(at), known);
  }

  /// Judges one message by itself, without a time and without others before it.
  public static Verdict judge(byte[] payload) {
    return fromTheMiddle().hear(payload, Optional.empty(), List.of());
  }

  private Verdict hear(byte[] payload, Optional<Instant> at, List<PexFinding> known) {
    var findings = new ArrayList<>(known);
    Optional<Duration> spacing = at.flatMap(this::spaced);
    bytesMin = messages == 0 ? payload.length : Math.min(bytesMin, payload.length);
    bytesMax = Math.max(bytesMax, payload.length);
    messages++;
    spacing.filter(PexAudit::isTooShort).ifPresent(time -> findings.add(tooSoon(time)));
    Optional<PexAsSent> message = Optional.empty();
    try {
      PexAsSent read = PexAsSent.of(payload);
      findings.addAll(read.findings());
      findings.addAll(remember(read));
      message = Optional.of(read);
    } catch (MalformedMessage e) {
      findings.add(new PexFinding(PexRule.MALFORMED, String.valueOf(e.getMessage())));
    }
    findings.sort((one, two) -> one.rule().compareTo(two.rule()));
    var verdict = new Verdict(message, spacing, findings);
    broken += verdict.isBroken() ? 1 : 0;
    return verdict;
  }

  private Optional<Duration> spaced(Instant at) {
    Instant before = previous;
    previous = at;
    if (before == null) {
      return Optional.empty();
    }
    Duration spacing = Duration.between(before, at);
    if (spacings.size() < MAX_SPACINGS) {
      spacings.add(spacing);
    }
    return Optional.of(spacing);
  }

  private static boolean isTooShort(Duration spacing) {
    return spacing.compareTo(PexSession.SPACING) < 0;
  }

  private static PexFinding tooSoon(Duration spacing) {
    return new PexFinding(
        PexRule.TOO_SOON, String.format(Locale.ROOT, "%.1f s", spacing.toMillis() / 1e3));
  }

  private List<PexFinding> remember(PexAsSent read) {
    var findings = new Findings();
    boolean mayBeLong = isFull;
    if (!mayBeLong && read.addedCount() > PexSession.MAX_CONTACTS) {
      findings.add(PexRule.TOO_MANY_ADDED, read.addedCount() + " of them");
    }
    if (!mayBeLong && read.droppedCount() > PexSession.MAX_CONTACTS) {
      findings.add(PexRule.TOO_MANY_DROPPED, read.droppedCount() + " of them");
    }
    read.dropped().forEach(entry -> drop(entry, findings));
    read.added().forEach(entry -> add(entry, read, findings));
    added += read.addedCount();
    dropped += read.droppedCount();
    isFull = false;
    return findings.sorted();
  }

  private void drop(Entry entry, Findings findings) {
    if (told.remove(entry)) {
      matched++;
    } else if (!isOverfull) {
      findings.add(PexRule.DROPPED_UNKNOWN, entry.toString());
    }
  }

  private void add(Entry entry, PexAsSent read, Findings findings) {
    PeerAddress self = receiver;
    if (self != null && self.port() == entry.port() && self.ip().equals(entry.ip())) {
      findings.add(PexRule.NAMES_RECEIVER, entry.toString());
    }
    if (told.size() >= MAX_REMEMBERED) {
      isOverfull = true;
      return;
    }
    boolean isNew = told.add(entry.withoutFlags());
    boolean repeatedHere = read.findings().stream().anyMatch(PexAudit::isRepetition);
    if (!isNew && !isFull && !repeatedHere) {
      findings.add(PexRule.ADDED_AGAIN, entry.toString());
    }
  }

  /// Said already, and by the stronger rule.
  private static boolean isRepetition(PexFinding finding) {
    return finding.rule() == PexRule.REPEATED_CONTACT;
  }

  /// What there was so far.
  public Summary summary() {
    List<Duration> sorted = spacings.stream().sorted().toList();
    return new Summary(
        messages,
        broken,
        sorted.stream().findFirst(),
        sorted.isEmpty() ? Optional.empty() : Optional.of(sorted.get(sorted.size() / 2)),
        bytesMin,
        bytesMax,
        added,
        dropped,
        matched);
  }
}
