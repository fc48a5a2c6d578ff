package peerage.webrtc;

import dev.onvoid.webrtc.RTCStats;
import dev.onvoid.webrtc.RTCStatsType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads where the other side is from a connection's statistics (W3C WebRTC statistics).
final class RemoteAddress {
  private RemoteAddress() {}

  static Optional<InetSocketAddress> of(Map<String, RTCStats> statistics) {
    return statistics.values().stream()
        .filter(each -> each.getType() == RTCStatsType.TRANSPORT)
        .map(transport -> statistics.get(text(transport, "selectedCandidatePairId")))
        .flatMap(pair -> Optional.ofNullable(pair).stream())
        .map(pair -> statistics.get(text(pair, "remoteCandidateId")))
        .flatMap(candidate -> Optional.ofNullable(candidate).stream())
        .flatMap(candidate -> read(candidate).stream())
        .findFirst();
  }

  private static Optional<InetSocketAddress> read(RTCStats candidate) {
    try {
      return Optional.of(
          new InetSocketAddress(
              InetAddress.ofLiteral(text(candidate, "address")),
              Integer.parseInt(text(candidate, "port"))));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static String text(RTCStats statistics, String name) {
    @Nullable Object value = statistics.getAttributes().get(name);
    return String.valueOf(value);
  }
}
