package peerage.node;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import peerage.peers.IpAddress;

/// Finds a port to listen on: the preferred one; if that is taken the next free one, and at last
/// any.
final class NearbyPort {
  /// How many ports above the preferred one are tried.
  private static final int NEARBY = 20;

  private NearbyPort() {}

  /// The port, if it is one or 0 for any.
  ///
  /// @throws IllegalArgumentException if it is none
  static int checked(int preferred) {
    if (preferred < 0 || preferred > 0xFFFF) {
      throw new IllegalArgumentException("a port is 0 to 65535, not " + preferred);
    }
    return preferred;
  }

  /// Tries one address.
  interface Binding {
    /// Binds it; a {@link BindException} says that it is taken, or not ours to take.
    void bind(InetSocketAddress address) throws IOException;
  }

  /// @param local null for all addresses
  /// @param preferred 0 for any port
  static void find(@Nullable IpAddress local, int preferred, Binding binding) throws IOException {
    for (int port = preferred; port != 0 && port <= Math.min(preferred + NEARBY, 0xFFFF); port++) {
      try {
        binding.bind(at(local, port));
        return;
      } catch (BindException _) {
        // the next one
      }
    }
    binding.bind(at(local, 0));
  }

  private static InetSocketAddress at(@Nullable IpAddress local, int port) {
    return local == null
        ? new InetSocketAddress(port)
        : new InetSocketAddress(Addresses.toInet(local), port);
  }
}
