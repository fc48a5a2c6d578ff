package peerage.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import peerage.peers.IpAddress;
import peerage.peers.PeerAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A peer as a user names it: `host:port`, `1.2.3.4:6881` or `[2001:db8::1]:6881`.
record HostPort(String host, int port) {
  /// A name with more addresses than this is a load balancer's, not a peer's.
  private static final int MAX_ADDRESSES = 8;

  /// The name or address, an IPv6 one without its brackets.
  String bareHost() {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /// Looks the name up.
  ///
  /// @return its addresses, at least one
  List<PeerAddress> resolve() throws CommandFailure {
    try {
      return Arrays.stream(InetAddress.getAllByName(host))
          .limit(MAX_ADDRESSES)
          .map(address -> new PeerAddress(IpAddress.of(address.getAddress()), port))
          .toList();
    } catch (UnknownHostException _) {
      throw new CommandFailure(
          ExitCode.NETWORK, "no address is known for " + host + ": check the name given by --peer");
    }
  }

  /// Reads one.
  static final class Converter implements ITypeConverter<HostPort> {
    private static final Pattern FORM =
        Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^\\[\\]:/\\s]+):([0-9]{1,5})");

    @Override
    public HostPort convert(String text) {
      Matcher matcher = FORM.matcher(text);
      int port = matcher.matches() ? Integer.parseInt(matcher.group(2)) : 0;
      if (port < 1 || port > 0xFFFF) {
        throw new TypeConversionException(
            "'" + text + "' is no peer: give HOST:PORT, or [IPv6]:PORT");
      }
      return new HostPort(matcher.group(1), port);
    }
  }
}
