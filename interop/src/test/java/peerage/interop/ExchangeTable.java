package peerage.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The table of `docs/interop.md` that [ExchangeTest] makes.
final class ExchangeTable {
  private static final Path DOCUMENT = Path.of("../docs/interop.md");
  private static final Path MADE = Path.of("target/exchange.md");
  private static final String BEGIN = "<!-- begin: written by ExchangeTest -->\n";
  private static final String END = "<!-- end: written by ExchangeTest -->\n";

  private static final List<String> HEAD =
      List.of(
          "client",
          "it tells Peerage",
          "Peerage tells it",
          "it dials what it is told",
          "names a peer that dialled it by",
          "drops a peer that it dialled",
          "drops a peer that dialled it",
          "first message after",
          "then each");

  /// Columns that are compared; the others are measured and differ each time.
  private static final int STABLE = 7;

  private final List<List<String>> rows = new ArrayList<>();

  ExchangeTable(List<Findings> findings) {
    findings.forEach(found -> rows.add(row(found)));
    rows.add(ours(findings));
  }

  private static List<String> row(Findings found) {
    return List.of(
        found.client() + ": " + found.version(),
        yesOrNo(found.tells()),
        yesOrNo(found.listens()),
        yesOrNo(found.dialsBait()),
        found.nameOfCaller(),
        found.dropOfDialled(),
        found.dropOfCaller(),
        Telling.seconds(found.telling().first().stream()),
        Telling.seconds(found.telling().spacings()));
  }

  private static List<String> ours(List<Findings> findings) {
    boolean drops = findings.stream().allMatch(found -> found.dropOfOurs().equals("yes"));
    return List.of(
        "Peerage, to the observer of each swarm",
        "",
        "",
        "",
        "",
        yesOrNo(drops),
        "",
        Telling.seconds(findings.stream().flatMap(found -> found.ours().first().stream())),
        Telling.seconds(findings.stream().flatMap(found -> found.ours().spacings())));
  }

  private static String yesOrNo(boolean value) {
    return value ? "yes" : "no";
  }

  /// As Markdown.
  String text() {
    var lines =
        Stream.concat(Stream.of(HEAD, HEAD.stream().map(_ -> "---").toList()), rows.stream());
    var text = new StringBuilder();
    lines.forEach(cells -> text.append("| ").append(String.join(" | ", cells)).append(" |\n"));
    return text.toString();
  }

  /// Writes it beside the classes, and with `-Dinterop.write=true` into the document; without, what
  /// is to be the same each time must be as it is there.
  void check() throws IOException {
    Files.writeString(MADE, text());
    String document = Files.readString(DOCUMENT);
    int begin = document.indexOf(BEGIN) + BEGIN.length();
    int end = document.indexOf(END);
    if (Boolean.getBoolean("interop.write")) {
      Files.writeString(DOCUMENT, document.substring(0, begin) + text() + document.substring(end));
      return;
    }
    List<String> written =
        document.substring(begin, end).lines().map(ExchangeTable::stable).toList();
    assertThat(written)
        .as(
            "docs/interop.md (the table of this run is in interop/%s; to write it: mvn verify -pl"
                + " interop -am -Dtest=ExchangeTest -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dinterop.write=true)",
            MADE)
        .containsAll(text().lines().map(ExchangeTable::stable).toList());
  }

  private static String stable(String line) {
    List<String> cells = List.of(line.split("\\|", -1));
    return String.join("|", cells.subList(0, Math.min(cells.size(), STABLE + 1)));
  }
}
