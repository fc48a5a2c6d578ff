package peerage.interop;

import java.util.ArrayList;
import java.util.List;

/// The Java library bt, run by [BtPeer], which says `ready` and `complete`.
record Bt(Host host, Running process) implements Client {
  static Bt start(Lab lab, Host host, Share share) {
    List<String> command = new ArrayList<>(PeerageProcess.java(BtPeer.class.getName()));
    command.addAll(List.of(host.ip4(), share.torrent().toString(), share.folder().toString()));
    Running process = lab.start(host, "bt", command);
    var client = new Bt(host, process);
    process.await(
        "reading what is on disk",
        () -> share.isSeed() ? client.isComplete() : process.lines().contains("ready"));
    process.await("listening", () -> Sockets.isListening(process, Host.PORT));
    return client;
  }

  @Override
  public boolean isComplete() {
    return process.lines().contains("complete");
  }
}
