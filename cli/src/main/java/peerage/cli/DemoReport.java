package peerage.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;

/// What the demo has to show at its end.
final class DemoReport {
  private final PrintStream out;
  private final DemoPeer newcomer;
  private final List<DemoPeer> others;

  DemoReport(PrintStream out, DemoPeer newcomer, List<DemoPeer> others) {
    this.out = out;
    this.newcomer = newcomer;
    this.others = List.copyOf(others);
  }

  /// Prints everything; fails if the newcomer did not meet them all by peer exchange but the given
  /// one, or has another file.
  void print() throws IOException, CommandFailure {
    printTable();
    printTellers();
    int byPex = (int) others.stream().filter(this::isMetByPex).count();
    int expected = others.size() - 1;
    out.println("\nWhat came of it");
    out.println("   knew everybody after          " + since(lastHeard()));
    out.println("   connected to everybody after  " + since(lastConnected()));
    out.printf(
        Locale.ROOT,
        "   met by ut_pex                 %d of %d (%d %%), the other one was given%n",
        byPex,
        expected,
        byPex * 100 / expected);
    printDownload();
    printDigest();
    if (byPex != expected) {
      throw new CommandFailure(
          ExitCode.UNKNOWN,
          "the newcomer met " + byPex + " of " + expected + " peers by ut_pex, not all of them");
    }
  }

  private void printTable() {
    out.println("\nWho told the newcomer of whom");
    out.println("   peer    address                first heard of        after    connected");
    for (int i = 0; i < others.size(); i++) {
      PeerAddress address = others.get(i).address();
      DemoPeer.Heard heard = newcomer.heard().get(address);
      Long connected = newcomer.connected().get(address);
      out.printf(
          Locale.ROOT,
          "   peer %d  %-21s  %-20s  %-7s  %s%n",
          i + 1,
          address,
          heard == null ? "never" : words(heard.origin()),
          heard == null ? "-" : since(heard.at()),
          connected == null ? "never" : since(connected));
    }
  }

  private String words(Origin origin) {
    return switch (origin) {
      case Origin.Given _ -> "given";
      case Origin.Pex(var teller, var dialect) -> dialect + " from " + name(teller);
      case Origin.Incoming _ -> "it called";
      case Origin.Tracker _ -> "tracker";
      case Origin.Memory _ -> "memory";
      case Origin.Dht _ -> "DHT";
      case Origin.Lan _ -> "LAN";
      case Origin.Magnet _ -> "magnet";
    };
  }

  /// Who told whom, the other way round: a peer that called the newcomer was told of it.
  private void printTellers() {
    Map<String, StringJoiner> told = new LinkedHashMap<>();
    for (DemoPeer other : others) {
      if (origin(newcomer, other) instanceof Origin.Pex pex) {
        told.computeIfAbsent(name(pex.teller()) + " told the newcomer of ", this::list)
            .add(name(other.address()));
      } else if (origin(other, newcomer) instanceof Origin.Pex pex
          && origin(newcomer, other) instanceof Origin.Incoming) {
        told.computeIfAbsent(name(pex.teller()) + " told of the newcomer: ", this::list)
            .add(name(other.address()));
      }
    }
    out.println();
    told.values().forEach(out::println);
  }

  private StringJoiner list(String beginning) {
    return new StringJoiner(", ", "   " + beginning, "");
  }

  /// By peer exchange either way: the newcomer was told of the peer, or the peer of the newcomer.
  private boolean isMetByPex(DemoPeer peer) {
    return newcomer.connected().containsKey(peer.address())
        && (origin(newcomer, peer) instanceof Origin.Pex
            || (origin(newcomer, peer) instanceof Origin.Incoming
                && origin(peer, newcomer) instanceof Origin.Pex));
  }

  /// How one peer first heard of another.
  private static Object origin(DemoPeer who, DemoPeer of) {
    DemoPeer.Heard heard = who.heard().get(of.address());
    return heard == null ? "never" : heard.origin();
  }

  private long lastHeard() {
    return newcomer.heard().values().stream()
        .mapToLong(DemoPeer.Heard::at)
        .max()
        .orElse(newcomer.begun());
  }

  private long lastConnected() {
    return newcomer.connected().values().stream()
        .mapToLong(Long::longValue)
        .max()
        .orElse(newcomer.begun());
  }

  private void printDownload() throws IOException {
    long bytes = Files.size(newcomer.file());
    Duration took = Duration.ofNanos(newcomer.completeAt() - newcomer.begun());
    out.println(
        "   download                      "
            + Text.size(bytes)
            + " in "
            + Text.seconds(took)
            + ", "
            + Text.rate(bytes * 1000L / Math.max(1, took.toMillis())));
    out.println(
        "   sent by the seed              "
            + Text.sizes(others.getFirst().progress().uploaded(), bytes * others.size())
            + ", the peers gave each other the rest");
  }

  private void printDigest() throws IOException, CommandFailure {
    String original = sha256(others.getFirst().file());
    String copy = sha256(newcomer.file());
    if (!copy.equals(original)) {
      throw new CommandFailure(ExitCode.VERIFY_FAILED, "the newcomer's file is not the seed's");
    }
    out.println(
        "   SHA-256                       "
            + copy.substring(0, 16)
            + "..., the same as the seed's");
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        var digest = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
      digest.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digest.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  private String since(long at) {
    return Text.seconds(Duration.ofNanos(Math.max(0, at - newcomer.begun())));
  }

  private String name(PeerAddress address) {
    for (int i = 0; i < others.size(); i++) {
      if (others.get(i).address().equals(address)) {
        return "peer " + (i + 1);
      }
    }
    return address.toString();
  }
}
