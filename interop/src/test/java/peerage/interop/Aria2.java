package peerage.interop;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// aria2, which does as its command line says, and ends when its download is complete.
record Aria2(Host host, Running process) implements Client {

  static Aria2 start(Lab lab, Host host, Share share) {
    lab.need(Foreign.ARIA2);
    List<String> command =
        new ArrayList<>(
            List.of(
                "aria2c",
                "--no-conf=true",
                "--enable-dht=false",
                "--enable-dht6=false",
                "--bt-enable-lpd=false",
                "--enable-peer-exchange=true",
                "--listen-port=" + Host.PORT,
                "--file-allocation=none",
                "--summary-interval=0",
                "--show-console-readout=false",
                "--console-log-level=notice",
                "--dir=" + share.folder(),
                "--max-overall-upload-limit=" + share.upLimit()));
    command.addAll(
        share.isSeed()
            ? List.of("--check-integrity=true", "--seed-ratio=0.0")
            : List.of("--seed-time=0"));
    command.add(share.torrent().toString());
    Running process = lab.start(host, "aria2c", command);
    process.await("listening", () -> Sockets.isListening(process, Host.PORT));
    if (share.isSeed()) {
      process.await(
          "verifying what is on disk",
          () -> process.lines().stream().anyMatch(line -> line.contains("Verification finished")));
    }
    return new Aria2(host, process);
  }

  @Override
  public boolean isComplete() {
    return process.exit().equals(Optional.of(0));
  }
}
