package peerage.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import peerage.pex.PexAsSent;
import peerage.pex.PexAudit;
import peerage.pex.PexFinding;
import peerage.pex.PexRule;

/// Decoded messages for people.
final class DecodeText extends DecodeReport {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final PrintStream out;

  DecodeText(PrintStream out) {
    this.out = out;
  }

  @Override
  void show(Sighting message) {
    if (messages() > 1) {
      out.println();
    }
    out.println(head(message));
    message.verdict().message().ifPresent(this::showContent);
    message.verdict().findings().forEach(finding -> out.println("  " + words(finding)));
  }

  private String head(Sighting message) {
    var head = new StringBuilder();
    message.at().ifPresent(at -> head.append(time(at)).append("  "));
    message
        .route()
        .ifPresent(
            route -> head.append(route.from()).append(" → ").append(route.to()).append("  "));
    if (message.route().isEmpty()) {
      head.append("message ").append(messages()).append(": ");
    }
    head.append("ut_pex, ").append(Text.count(message.bytes(), "byte"));
    message
        .verdict()
        .spacing()
        .ifPresent(spacing -> head.append(", ").append(seconds(spacing)).append(" after the last"));
    return head.toString();
  }

  private static String time(Instant at) {
    return TIME.format(at);
  }

  private static String seconds(Duration spacing) {
    return String.format(Locale.ROOT, "%.1f s", spacing.toMillis() / 1e3);
  }

  private void showContent(PexAsSent message) {
    for (PexAsSent.Entry entry : message.added()) {
      out.printf("  added    %-21s  %s%n", entry, PexWords.flags(entry));
    }
    more(message.addedCount() - message.added().size(), "added");
    message.dropped().forEach(entry -> out.println("  dropped  " + entry));
    more(message.droppedCount() - message.dropped().size(), "dropped");
    if (!message.otherKeys().isEmpty()) {
      out.println(
          "  and keys that BEP 11 does not have: " + String.join(", ", message.otherKeys()));
    }
  }

  private void more(int count, String list) {
    if (count > 0) {
      out.println("  " + list + "    and " + Text.grouped(count) + " more");
    }
  }

  private static String words(PexFinding finding) {
    PexRule rule = finding.rule();
    String kind = rule.weight() == PexRule.Weight.BROKEN ? "BREAKS" : "odd";
    return kind + "  " + finding + " (" + rule.section() + ": " + rule.quote() + ")";
  }

  @Override
  void end() {}

  @Override
  void end(CaptureReader.Outcome outcome) {
    if (messages() > 0) {
      out.println();
    }
    outcome.totals().forEach(this::showTotal);
    out.println(found(outcome));
    notes(outcome).forEach(out::println);
  }

  private void showTotal(Sighting.Total total) {
    Sighting.Route route = total.route();
    out.println(route.from() + " → " + route.to() + clients(route));
    out.println("  " + summary(total.summary()));
  }

  private static String clients(Sighting.Route route) {
    String clients =
        route.fromClient().isPresent() || route.toClient().isPresent()
            ? "  " + route.fromClient().orElse("?") + " → " + route.toClient().orElse("?")
            : "";
    return clients + route.torrent().map(hash -> "  torrent " + hash).orElse("");
  }

  private static String summary(PexAudit.Summary summary) {
    var words = new StringJoiner(", ");
    words.add(Text.count(summary.messages(), "message") + " of " + sizes(summary));
    summary.spacingMin().ifPresent(min -> words.add("at least " + seconds(min) + " apart"));
    summary.spacingMedian().ifPresent(median -> words.add("median " + seconds(median)));
    words.add(summary.added() + " added");
    words.add(summary.dropped() + " dropped");
    if (summary.dropped() > 0) {
      words.add(summary.matched() + " of them added before");
    }
    words.add(summary.broken() == 0 ? "no rule broken" : "rules broken in " + summary.broken());
    return words.toString();
  }

  private static String sizes(PexAudit.Summary summary) {
    String most = Text.count(summary.bytesMax(), "byte");
    return summary.bytesMin() == summary.bytesMax() ? most : summary.bytesMin() + " to " + most;
  }

  private String found(CaptureReader.Outcome outcome) {
    Map<Conversation.Kind, Long> kinds = outcome.connections();
    return Text.count(messages(), "PEX message")
        + " in "
        + Text.count(kinds.getOrDefault(Conversation.Kind.BITTORRENT, 0L), "BitTorrent connection")
        + ", "
        + Text.count(outcome.packets(), "packet")
        + "; times are UTC";
  }

  private List<String> notes(CaptureReader.Outcome outcome) {
    List<String> notes = new ArrayList<>();
    if (messages() == 0 && outcome.connections().containsKey(Conversation.Kind.BITTORRENT)) {
      notes.add("peers send the first PEX message within a minute or two: capture for longer");
    }
    note(outcome, Conversation.Kind.ENCRYPTED, "encrypted by the look of it (MSE/PE), not readable")
        .ifPresent(notes::add);
    note(
            outcome,
            Conversation.Kind.BEGAN_BEFORE,
            "begun before the capture, no PEX message recognised")
        .ifPresent(notes::add);
    note(outcome, Conversation.Kind.OTHER, "no BitTorrent in plaintext").ifPresent(notes::add);
    if (outcome.udpPackets() > 0) {
      notes.add(Text.count(outcome.udpPackets(), "UDP packet") + " not read: uTP may be in them");
    }
    if (outcome.lostBytes() > 0) {
      notes.add(
          Text.count(outcome.lostBytes(), "byte")
              + " missing from the capture (capture with -s 0, and with a larger -B)");
    }
    if (outcome.fragments() > 0) {
      notes.add(Text.count(outcome.fragments(), "fragment") + " of IP packets not read");
    }
    outcome
        .unknown()
        .forEach(
            (type, count) ->
                notes.add(Text.count(count, "packet") + " of link type " + type + " not read"));
    if (outcome.isCutOff()) {
      notes.add("the capture ends inside a packet");
    }
    return notes;
  }

  private static Optional<String> note(
      CaptureReader.Outcome outcome, Conversation.Kind kind, String what) {
    long count = outcome.connections().getOrDefault(kind, 0L);
    return count == 0
        ? Optional.empty()
        : Optional.of(Text.count(count, "TCP connection") + ": " + what);
  }
}
