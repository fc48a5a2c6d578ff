package peerage.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import peerage.bencode.MalformedMessage;

/// Several [Watcher]s, run as one process in a namespace with an address for each of them. It does
/// what it reads, a line an order, and prints what its watchers see.
///
/// - `play ADDRESS TORRENT CONTENT pex|plain` has a watcher listen at the address
/// - `dial ADDRESS IP` has it connect to a client
/// - `tell ADDRESS IP CONTACT` has it name a contact to a client that it is connected to
/// - `leave ADDRESS` closes all that it has
final class Watchers {
  private static final Map<String, Watcher> WATCHERS = new HashMap<>();

  private Watchers() {}

  /// Ends with its standard input.
  public static void main(String[] none) throws IOException, MalformedMessage {
    var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = orders.readLine(); line != null; line = orders.readLine()) {
      obey(line.split(" ", -1));
    }
  }

  private static void obey(String[] order) throws IOException, MalformedMessage {
    String address = order[1];
    if (order[0].equals("play")) {
      boolean pex = order[4].equals("pex");
      InetAddress at = InetAddress.getByName(address);
      WATCHERS.put(address, Watcher.open(at, Path.of(order[2]), Path.of(order[3]), pex));
      return;
    }
    Watcher watcher = WATCHERS.get(address);
    switch (order[0]) {
      case "dial" -> watcher.dial(InetAddress.getByName(order[2]));
      case "tell" -> watcher.tell(order[2], order[3]);
      case "leave" -> watcher.leave();
      default -> throw new IllegalArgumentException("unknown order " + order[0]);
    }
  }
}
