package peerage.webrtc;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import peerage.node.spi.PxpUpgrade.Exposure;
import peerage.pxp.Signal;

/// What may pass from and to the native library: only addresses that may be seen go out, only what
/// a data channel needs comes in.
final class Sieve {
  private static final String CANDIDATE = "candidate:";
  private static final String CANDIDATE_LINE = "a=" + CANDIDATE;
  private static final Pattern WORDS = Pattern.compile(" +");
  private static final Pattern RELATED = Pattern.compile(" raddr \\S+ rport \\d+");
  private static final Pattern NUMBERS = Pattern.compile("[0-9a-fA-F.:]+");
  private static final Pattern MEDIA = Pattern.compile("(?m)^m=(\\S*)");
  private static final Pattern MESSAGE_MAX =
      Pattern.compile("(?m)^a=max-message-size:([0-9]{1,18})\\s*$");

  /// RFC 8839, section 5.1: foundation, component, transport, priority, address, port, `typ`, type.
  private static final int ADDRESS = 4;

  private static final int TYPE = 7;

  private Sieve() {}

  /// One of our candidates as others may see it; empty if they may not.
  static Optional<String> outgoing(String candidate, Exposure exposure) {
    List<String> words = List.of(WORDS.split(candidate.strip()));
    if (words.size() <= TYPE || !words.getFirst().startsWith(CANDIDATE)) {
      return Optional.empty();
    }
    String type = words.get(TYPE);
    return switch (exposure) {
      case ALL -> Optional.of(candidate);
      case NO_HOST ->
          type.equals("srflx") || type.equals("relay")
              ? Optional.of(withoutRelated(candidate))
              : Optional.empty();
      case RELAY_ONLY ->
          type.equals("relay") ? Optional.of(withoutRelated(candidate)) : Optional.empty();
    };
  }

  /// RFC 8839, section 5.1: who must not tell the related address says 0.0.0.0 and 9.
  private static String withoutRelated(String candidate) {
    return RELATED.matcher(candidate).replaceFirst(" raddr 0.0.0.0 rport 9");
  }

  /// Our description as others may see it.
  static String outgoingSdp(String sdp, Exposure exposure) {
    return sdp.lines()
        .flatMap(
            line ->
                line.startsWith(CANDIDATE_LINE)
                    ? outgoing(line.substring(2), exposure).map(kept -> "a=" + kept).stream()
                    : Optional.of(line).stream())
        .collect(Collectors.joining("\r\n", "", "\r\n"));
  }

  /// Whether one of their candidates is worth passing on. Names are not looked up, for whoever
  /// sends one would make us ask a server about it; but for `.local`, which browsers put there and
  /// which is asked for on the own network.
  static boolean isWelcome(Signal.IceCandidate candidate) {
    String text = candidate.candidate();
    List<String> words = List.of(WORDS.split(text.strip()));
    return text.startsWith(CANDIDATE)
        && words.size() > TYPE
        && text.chars().noneMatch(Character::isISOControl)
        && (NUMBERS.matcher(words.get(ADDRESS)).matches() || words.get(ADDRESS).endsWith(".local"));
  }

  /// Their description without candidates that are not welcome; empty if it is not of one data
  /// channel and nothing else.
  static Optional<String> incomingSdp(String sdp) {
    List<String> media = MEDIA.matcher(sdp).results().map(found -> found.group(1)).toList();
    if (!media.equals(List.of("application"))) {
      return Optional.empty();
    }
    return Optional.of(
        sdp.lines()
            .filter(line -> !line.startsWith(CANDIDATE_LINE) || isWelcome(line.substring(2)))
            .collect(Collectors.joining("\r\n", "", "\r\n")));
  }

  private static boolean isWelcome(String candidate) {
    return isWelcome(new Signal.IceCandidate(candidate, "0", 0));
  }

  /// The longest message that the other side takes and we send, in bytes. RFC 8841, section 6: 0 is
  /// no bound, and without the line it is 64 KiB.
  static int messageMax(String sdp) {
    return MESSAGE_MAX
        .matcher(sdp)
        .results()
        .map(found -> Long.parseLong(found.group(1)))
        .filter(size -> size > 0)
        .findFirst()
        .map(size -> Math.toIntExact(Math.min(size, Limits.MESSAGE_SENT)))
        .orElse(Limits.MESSAGE_SENT);
  }
}
