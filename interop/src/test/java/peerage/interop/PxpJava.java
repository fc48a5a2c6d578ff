package peerage.interop;

import java.util.List;
import java.util.Map;

/// Nodes of Peerage, run by [PxpProbe].
record PxpJava(Host host, Running running) implements PxpProcess {
  static PxpJava start(Lab lab) {
    Host host = lab.host();
    Running probe = lab.start(host, "peerage pxp", PeerageProcess.java("peerage.interop.PxpProbe"));
    probe.await("ready", () -> !probe.lines().isEmpty());
    return new PxpJava(host, probe);
  }

  @Override
  public void say(Map<String, Object> command) {
    running.say(Json.write(command));
  }

  @Override
  public List<String> told() {
    return running.lines();
  }
}
