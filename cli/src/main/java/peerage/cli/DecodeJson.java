package peerage.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import peerage.pex.PexAsSent;
import peerage.pex.PexFinding;

/// Decoded messages as one JSON document, written as they are found.
final class DecodeJson extends DecodeReport {
  private final PrintStream out;
  private final Json document;

  DecodeJson(PrintStream out) {
    this.out = out;
    this.document = Json.open(out).beginList("messages");
  }

  @Override
  void show(Sighting message) {
    document.item(json -> write(message, json));
  }

  private static void write(Sighting message, Json json) {
    json.put("time", message.at().map(at -> at.truncatedTo(ChronoUnit.MICROS)));
    message.route().ifPresent(route -> write(route, json));
    json.put("dialect", "ut_pex").put("bytes", message.bytes());
    seconds("spacing", message.verdict().spacing(), json);
    message.verdict().message().ifPresent(content -> write(content, json));
    json.put("broken", message.verdict().isBroken())
        .objects("findings", message.verdict().findings(), DecodeJson::write);
  }

  private static void write(Sighting.Route route, Json json) {
    json.put("from", route.from().toString())
        .put("to", route.to().toString())
        .put("from_client", route.fromClient())
        .put("to_client", route.toClient())
        .put("torrent", route.torrent());
  }

  private static void seconds(String name, Optional<Duration> time, Json json) {
    time.ifPresent(spacing -> json.put(name, spacing.toNanos() / 1e9));
  }

  private static void write(PexAsSent message, Json json) {
    json.objects(
            "added",
            message.added(),
            (each, entry) -> {
              each.put("contact", entry.toString());
              entry
                  .flags()
                  .ifPresent(
                      flags -> each.put("flags", flags).texts("words", PexWords.flags(flags)));
            })
        .texts("dropped", message.dropped())
        .put("added_count", message.addedCount())
        .put("dropped_count", message.droppedCount());
  }

  private static void write(Json json, PexFinding finding) {
    json.put("rule", name(finding.rule()))
        .put("weight", name(finding.rule().weight()))
        .put("words", finding.rule().toString())
        .put("detail", finding.detail())
        .put("section", finding.rule().section());
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  @Override
  void end() {
    document.endList();
    close();
  }

  @Override
  void end(CaptureReader.Outcome outcome) {
    document.endList().objects("directions", outcome.totals(), DecodeJson::write);
    document.object(
        "connections",
        json -> {
          for (Conversation.Kind kind : Conversation.Kind.values()) {
            json.put(name(kind), outcome.connections().getOrDefault(kind, 0L));
          }
        });
    document
        .put("packets", outcome.packets())
        .put("udp_packets", outcome.udpPackets())
        .put("fragments", outcome.fragments())
        .put("lost_bytes", outcome.lostBytes())
        .put("cut_off", outcome.isCutOff());
    close();
  }

  private static void write(Json json, Sighting.Total total) {
    write(total.route(), json);
    json.put("messages", total.summary().messages()).put("broken", total.summary().broken());
    seconds("spacing_min", total.summary().spacingMin(), json);
    seconds("spacing_median", total.summary().spacingMedian(), json);
    json.put("bytes_min", total.summary().bytesMin())
        .put("bytes_max", total.summary().bytesMax())
        .put("added", total.summary().added())
        .put("dropped", total.summary().dropped())
        .put("matched", total.summary().matched());
  }

  private void close() {
    document.close();
    out.println();
  }
}
