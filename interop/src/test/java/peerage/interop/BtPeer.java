package peerage.interop;

import bt.data.file.FileSystemStorage;
import bt.runtime.BtClient;
import bt.runtime.BtRuntime;
import bt.runtime.Config;
import bt.torrent.TorrentSessionState;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;

/// The Java library bt as a peer of one torrent, run as a process in a namespace.
final class BtPeer {
  private static final long LOOK_MILLIS = 250;

  private boolean isReady;
  private boolean isComplete;

  private BtPeer() {}

  /// Runs until it is killed.
  ///
  /// @param arguments its own IP address, the torrent file, and the folder of the content
  public static void main(String[] arguments) throws IOException {
    var config = new Config();
    config.setAcceptorAddress(InetAddress.getByName(arguments[0]));
    config.setAcceptorPort(Host.PORT);
    config.setMseDisabled(true); // it dials encrypted, and not again without if that fails
    BtRuntime runtime =
        BtRuntime.builder(config)
            .disableLocalServiceDiscovery()
            .autoLoadModules() // its HTTP trackers
            .disableAutomaticShutdown()
            .build();
    BtClient client =
        bt.Bt.client(runtime)
            .storage(new FileSystemStorage(Path.of(arguments[2])))
            .torrent(Path.of(arguments[1]).toUri().toURL())
            .build();
    client.startAsync(new BtPeer()::look, LOOK_MILLIS).join();
  }

  private void look(TorrentSessionState state) {
    if (!isReady && state.getPiecesTotal() > 0) {
      isReady = true;
      System.out.println("ready");
    }
    if (!isComplete && isReady && state.getPiecesRemaining() == 0) {
      isComplete = true;
      System.out.println("complete");
    }
  }
}
