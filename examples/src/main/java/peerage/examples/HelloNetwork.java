package peerage.examples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import peerage.node.Pxp;

/// Greets everybody in a network, and shows what they answer.
///
/// Run it from the root of a built tree, in two terminals:
///
/// ```sh
/// java -cp 'examples/target/classes:cli/target/app/lib/*' peerage.examples.HelloNetwork
/// tcp://:8000
/// java -cp 'examples/target/classes:cli/target/app/lib/*' peerage.examples.HelloNetwork
/// tcp://:8001 tcp://127.0.0.1:8000
/// ```
///
/// The first argument is where to listen, the others are nodes to enter by. From the second start
/// on it needs none, because it remembers whom it met.
public final class HelloNetwork {
  private HelloNetwork() {}

  /// Stays until Ctrl-C.
  public static void main(String[] arguments) throws IOException, InterruptedException {
    String listen = arguments.length > 0 ? arguments[0] : "tcp://:8000";
    String[] entries = Arrays.stream(arguments).skip(1).toArray(String[]::new);
    try (var net =
        Pxp.network("hello")
            .listen(listen)
            .bootstrap(entries)
            .keep(8) // asks peers for peers until 8 are connected
            .remember(Path.of("hello-peers.db")) // the next start needs nobody's address
            .onConnect(
                peer -> { // its own virtual thread: plain blocking I/O
                  peer.output().write("hello\n".getBytes(StandardCharsets.UTF_8));
                  peer.input().transferTo(System.out);
                })
            .open()) {
      System.out.println("listening on " + net.listening());
      net.awaitClosed();
    }
  }
}
