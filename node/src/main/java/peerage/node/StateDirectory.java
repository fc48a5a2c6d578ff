package peerage.node;

import java.nio.file.Path;

/// Where a user's programs keep their state (XDG Base Directory Specification).
final class StateDirectory {
  private StateDirectory() {}

  static Path standard() {
    String xdg = System.getenv("XDG_STATE_HOME");
    Path base =
        xdg != null && xdg.startsWith("/")
            ? Path.of(xdg)
            : Path.of(System.getProperty("user.home", "."), ".local", "state");
    return base.resolve("peerage");
  }
}
