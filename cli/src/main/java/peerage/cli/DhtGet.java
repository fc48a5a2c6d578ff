package peerage.cli;

import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import peerage.bencode.Bencoded;
import peerage.dht.Dht;
import peerage.dht.Item;
import peerage.dht.LookupReport;
import peerage.dht.NodeId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `peerage dht get`.
@Command(
    name = "get",
    description =
        "Get an item that somebody put into the DHT: by its place, or by its owner's key.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class DhtGet implements Callable<ExitCode> {
  private final Terminal terminal;

  @Parameters(
      arity = "0..1",
      paramLabel = "TARGET",
      description = "The item's place, as 40 hex digits.")
  @Nullable String target;

  @Option(
      names = "--key",
      paramLabel = "HEX",
      description = "The public key of the owner of a mutable item, as 64 hex digits.")
  @Nullable String key;

  @Option(
      names = "--salt",
      paramLabel = "TEXT",
      description = "What tells this item from others of the same owner.")
  String salt = "";

  @Mixin DhtOptions dht = new DhtOptions();
  @Mixin OutputOptions output = new OutputOptions();

  private @Nullable Item best;

  DhtGet(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public ExitCode call() throws CommandFailure, InterruptedException {
    output.check();
    Bencoded.Bytes salted = Bencoded.Bytes.of(salt);
    NodeId place = place(salted);
    Optional<LookupReport> report =
        dht.run(terminal, new Dht.Task.Get(place, salted), this::keepNewest);
    if (best == null) {
      if (report.isEmpty()) {
        throw DhtOptions.nobody();
      }
      throw new CommandFailure(ExitCode.NOT_FOUND, "the DHT has no item at " + place.hex());
    }
    terminal.out().println(output.jsonLines ? json(best) : text(best));
    return ExitCode.OK;
  }

  private NodeId place(Bencoded.Bytes salted) throws CommandFailure {
    if ((key == null) == (target == null)) {
      throw new CommandFailure(ExitCode.BAD_OPTION, "give either TARGET or --key");
    }
    return key != null
        ? Item.place(new Bencoded.Bytes(DhtOptions.hex(key, 32)), salted)
        : NodeId.of(DhtOptions.twenty(String.valueOf(target)));
  }

  private void keepNewest(Dht.Output what) {
    if (what instanceof Dht.Output.ItemFound(int _, Item item) && isNewer(item)) {
      best = item;
    }
  }

  private boolean isNewer(Item item) {
    return !(best instanceof Item.Mutable old)
        || (item instanceof Item.Mutable mutable && mutable.seq() > old.seq());
  }

  private static String text(Item item) {
    return item.decoded() instanceof Bencoded.Bytes bytes && bytes.isText()
        ? peerage.bencode.StrangersText.printable(bytes.text(), Item.MAX_VALUE)
        : HexFormat.of().formatHex(item.value().toArray());
  }

  static String json(Item item) {
    return EventJson.event(
        "item",
        Instant.now(),
        json -> {
          json.put("target", item.target().hex());
          json.put("bencoded", HexFormat.of().formatHex(item.value().toArray()));
          if (item.decoded() instanceof Bencoded.Bytes bytes && bytes.isText()) {
            json.put("text", bytes.text());
          }
          if (item instanceof Item.Mutable mutable) {
            json.put("seq", mutable.seq());
            json.put("key", HexFormat.of().formatHex(mutable.key().toArray()));
          }
        });
  }
}
