package peerage.cli;

import java.time.Duration;

/// How much the demo does.
///
/// @param bytes of the file
/// @param seedRate bytes per second that the seed sends at most, so that the download lasts long
///     enough to be joined
/// @param reading a pause for people to read
/// @param patience how long each act may take before it counts as failed
record DemoScale(int bytes, long seedRate, Duration reading, Duration patience) {
  private static final int MIB = 1024 * 1024;

  /// For people.
  static final DemoScale READABLE =
      new DemoScale(24 * MIB, 3 * MIB / 2, Duration.ofMillis(2500), Duration.ofSeconds(90));

  /// For tests.
  static final DemoScale QUICK =
      new DemoScale(6 * MIB, 2 * MIB, Duration.ZERO, Duration.ofSeconds(50));
}
