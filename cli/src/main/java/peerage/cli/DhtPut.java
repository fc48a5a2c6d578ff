package peerage.cli;

import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import peerage.bencode.Bencoded;
import peerage.dht.Dht;
import peerage.dht.Item;
import peerage.dht.LookupReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `peerage dht put`.
@Command(
    name = "put",
    description = {
      "Put a text into the DHT, where it stays for two hours unless it is put again.",
      "Prints where it is."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class DhtPut implements Callable<ExitCode> {
  private final Terminal terminal;

  @Parameters(paramLabel = "TEXT", description = "Some 990 bytes at most. Everybody can read it.")
  String text = "";

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "Sign it with the key in this file, made if there is none, to change it later.")
  @Nullable Path key;

  @Option(
      names = "--salt",
      paramLabel = "TEXT",
      description = "With --key: tells this item from others of yours.")
  String salt = "";

  @Option(
      names = "--seq",
      paramLabel = "N",
      description =
          "With --key: higher than that of the text before. Default: the time in seconds.")
  @Nullable Long seq;

  @Option(
      names = "--cas",
      paramLabel = "N",
      description = "With --key: only where the text before has this number.")
  @Nullable Long cas;

  @Mixin DhtOptions dht = new DhtOptions();
  @Mixin OutputOptions output = new OutputOptions();

  DhtPut(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public ExitCode call() throws CommandFailure, InterruptedException {
    output.check();
    Item item = item();
    OptionalLong expected = cas == null ? OptionalLong.empty() : OptionalLong.of(cas);
    Optional<LookupReport> report = dht.run(terminal, new Dht.Task.Put(item, expected), _ -> {});
    if (report.isEmpty()) {
      throw DhtOptions.nobody();
    }
    int stored = report.get().stored();
    if (stored == 0) {
      throw new CommandFailure(
          ExitCode.UNKNOWN, "no node took it: is there a newer text of yours already?");
    }
    show(item, stored);
    return ExitCode.OK;
  }

  private Item item() throws CommandFailure {
    Bencoded value = Bencoded.Bytes.of(text);
    try {
      if (key == null) {
        return Item.of(value);
      }
      KeyPair owner = IdentityFile.at(key).keys();
      long number = seq == null ? Instant.now().getEpochSecond() : seq;
      return Item.sign(owner, Bencoded.Bytes.of(salt), number, value);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.BAD_OPTION, "this cannot be put: " + e.getMessage());
    }
  }

  private void show(Item item, int stored) {
    if (output.jsonLines) {
      terminal.out().println(DhtGet.json(item));
      terminal
          .out()
          .println(
              EventJson.event(
                  "end", Instant.now(), json -> json.put("exit", 0).put("stored", stored)));
    } else {
      terminal.out().println(item.target().hex());
    }
  }
}
