package peerage.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;
import peerage.pex.ContactLog;
import peerage.pex.PexMessage;
import peerage.pex.PexSession;
import peerage.pex.Remote;
import peerage.pex.UtPex;

/// What peer exchange keeps for each connection: a session that told fifty contacts and was told
/// fifty, beside the same two lists as ordinary sets of addresses.
///
/// `java -Xmx512m -cp 'bench/target/lib/*' peerage.bench.PexMemory [SESSIONS]`
public final class PexMemory {
  private static final int CONTACTS = 50;

  private PexMemory() {}

  public static void main(String[] arguments) {
    int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5_000;
    var log = new ContactLog();
    for (int i = 0; i < CONTACTS; i++) {
      log.put(contact(8, i), PeerFlags.NONE);
    }
    System.out.printf(
        "%d connections, %d contacts told on each and %d heard%n", count, CONTACTS, CONTACTS);
    System.out.printf("a session:             %5d bytes%n", each(count, i -> session(log, i)));
    System.out.printf("two sets of addresses: %5d bytes%n", each(count, _ -> sets()));
  }

  private static long each(int count, IntFunction<Object> make) {
    List<Object> kept = new ArrayList<>(count);
    kept.add(make.apply(0)); // with what is made once for all
    long before = used();
    for (int i = 1; i <= count; i++) {
      kept.add(make.apply(i));
    }
    long after = used();
    return (after - before) / (kept.size() - 1);
  }

  private static Object session(ContactLog log, int i) {
    Remote remote = Remote.at(IpAddress.ofV4(0x0900_0000 + i));
    var session = new PexSession(log, remote, new SplittableRandom(i));
    Instant now = Instant.EPOCH;
    session.handle(new PexSession.Input.Offered(OptionalInt.of(1)), now);
    session.handle(new PexSession.Input.Flushed(now), now);
    var told = new LinkedHashMap<PeerAddress, PeerFlags>();
    for (int k = 0; k < CONTACTS; k++) {
      told.put(contact(11, k), PeerFlags.NONE);
    }
    byte[] payload = UtPex.encode(new PexMessage(told, new LinkedHashSet<>()));
    session.handle(new PexSession.Input.Received(payload), now.plus(Duration.ofSeconds(1)));
    return session;
  }

  private static Object sets() {
    var told = new LinkedHashSet<PeerAddress>();
    var heard = new LinkedHashSet<PeerAddress>();
    for (int k = 0; k < CONTACTS; k++) {
      told.add(contact(8, k));
      heard.add(contact(11, k));
    }
    return List.of(told, heard);
  }

  private static PeerAddress contact(int network, int i) {
    return new PeerAddress(IpAddress.ofV4((network << 24) + (i << 8) + 1), 6881);
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      runtime.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }
}
