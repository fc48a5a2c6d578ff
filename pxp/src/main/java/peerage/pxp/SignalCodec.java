package peerage.pxp;

import java.util.Locale;
import java.util.Optional;
import peerage.bencode.MalformedMessage;

/// The arguments of `upgrade`.
final class SignalCodec {
  private static final String WEBRTC = "webrtc";

  /// Which part of the description a candidate belongs to if it does not say: there is but one.
  private static final String FIRST_MID = "0";

  private SignalCodec() {}

  /// Reads one.
  ///
  /// @return empty if it is for another transport, or neither description nor candidate, or the
  ///     empty candidate that says that no more come
  /// @throws MalformedMessage if it is no object, or too long
  static Optional<Signal> read(JsonValue args) throws MalformedMessage {
    if (!(args instanceof JsonValue.Fields fields)) {
      throw new MalformedMessage("an upgrade that is no object");
    }
    if (!fields.string("transport").equals(Optional.of(WEBRTC))
        || !(fields.values().get("signal") instanceof JsonValue.Fields signal)) {
      return Optional.empty();
    }
    Optional<String> sdp = signal.string("sdp").filter(text -> !text.isEmpty());
    if (sdp.isPresent()) {
      return description(signal, taken(sdp.get()));
    }
    return signal.values().get("candidate") instanceof JsonValue.Fields candidate
        ? candidate(candidate)
        : Optional.empty();
  }

  private static Optional<Signal> description(JsonValue.Fields signal, String sdp) {
    return switch (signal.string("type").orElse("")) {
      case "offer" -> Optional.of(new Signal.Description(Signal.Kind.OFFER, sdp));
      case "answer" -> Optional.of(new Signal.Description(Signal.Kind.ANSWER, sdp));
      default -> Optional.empty();
    };
  }

  private static Optional<Signal> candidate(JsonValue.Fields fields) throws MalformedMessage {
    Optional<String> candidate = fields.string("candidate").filter(text -> !text.isEmpty());
    if (candidate.isEmpty()) {
      return Optional.empty();
    }
    String mid = taken(fields.string("sdpMid").orElse(FIRST_MID));
    int line =
        fields.values().get("sdpMLineIndex") instanceof JsonValue.Numeric number
            ? Math.max(0, number.whole().orElse(0))
            : 0;
    return Optional.of(new Signal.IceCandidate(taken(candidate.get()), mid, line));
  }

  private static String taken(String text) throws MalformedMessage {
    if (text.length() > Signal.LENGTH_MAX) {
      throw new MalformedMessage("a signal of more than " + Signal.LENGTH_MAX + " characters");
    }
    return text;
  }

  /// Writes one.
  static String write(Signal signal) {
    String written =
        signal instanceof Signal.Description description
            ? write(description)
            : write((Signal.IceCandidate) signal);
    return "{\"transport\":\"" + WEBRTC + "\",\"signal\":" + written + "}";
  }

  private static String write(Signal.Description signal) {
    String kind = signal.kind().name().toLowerCase(Locale.ROOT);
    return "{\"type\":\"" + kind + "\",\"sdp\":" + JsonText.ofString(signal.sdp()) + "}";
  }

  private static String write(Signal.IceCandidate signal) {
    return "{\"candidate\":{\"candidate\":"
        + JsonText.ofString(signal.candidate())
        + ",\"sdpMLineIndex\":"
        + signal.line()
        + ",\"sdpMid\":"
        + JsonText.ofString(signal.mid())
        + "}}";
  }
}
