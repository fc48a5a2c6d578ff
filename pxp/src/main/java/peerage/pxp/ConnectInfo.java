package peerage.pxp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import peerage.bencode.MalformedMessage;

/// What a node says of how others may be introduced to it (`connectInfo`). The object of a stranger
/// is kept as it came, with all that we do not understand. Ours has fields of our own, which
/// JavaScript nodes pass on.
final class ConnectInfo {
  /// That the node holds a key, and has bound this run's certificate to it.
  ///
  /// @param fingerprint of the certificate, as in the SDP: `sha-256 AB:CD:…`
  /// @param signature 128 hex digits in lower case; nobody has verified it yet
  record Proof(IdentityKey key, String fingerprint, String signature) {}

  private static final Pattern TOKEN = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern KEY = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern SIGNATURE = Pattern.compile("[0-9a-f]{128}");

  /// As RFC 8122 has it, up to a hash of 64 bytes.
  private static final Pattern FINGERPRINT =
      Pattern.compile("[a-z0-9-]{1,16} [0-9A-F]{2}(:[0-9A-F]{2}){15,63}");

  private final JsonText text;
  private final JsonValue.Fields fields;

  private ConnectInfo(JsonValue.Fields fields) {
    this.text = fields.text();
    this.fields = fields;
  }

  /// Reads the object of another node. Fields of ours that make no sense count as absent.
  ///
  /// @throws MalformedMessage if it is no object, or too long
  static ConnectInfo read(JsonText text) throws MalformedMessage {
    return read(text.value());
  }

  /// The same.
  static ConnectInfo read(JsonValue value) throws MalformedMessage {
    if (!(value instanceof JsonValue.Fields fields)) {
      throw new MalformedMessage("a connectInfo that is no object");
    }
    if (isTooLong(fields)) {
      throw new MalformedMessage("a connectInfo of more than 4096 characters");
    }
    return new ConnectInfo(fields);
  }

  /// The same, of an object that is not too long.
  static ConnectInfo of(JsonValue.Fields fields) {
    return new ConnectInfo(fields);
  }

  /// Whether nobody could be told of it.
  static boolean isTooLong(JsonValue value) {
    return value.text().text().length() > PxpLimits.CONNECT_INFO_MAX;
  }

  /// What we say of ourselves; `relay` is always true, as with JavaScript nodes.
  ///
  /// @param pxp whether we can be upgraded to; else a relay's stream is the application's
  /// @param token 32 hex digits, random in each run
  /// @param listening at most [PxpLimits#LISTENING_MAX] are told
  static ConnectInfo ours(
      boolean pxp, boolean webrtc, String token, List<Endpoint> listening, Optional<Proof> proof) {
    StringBuilder out = new StringBuilder("{\"pxp\":").append(pxp);
    out.append(",\"relay\":true,\"webrtc\":").append(webrtc);
    append("node", token, out);
    if (!listening.isEmpty()) {
      out.append(",\"listen\":[").append(told(listening)).append(']');
    }
    proof.ifPresent(
        shown -> {
          append("key", shown.key().hex(), out);
          append("dtls", shown.fingerprint(), out);
          append("sig", shown.signature(), out);
        });
    try {
      return read(JsonReader.read(out.append('}').toString()));
    } catch (MalformedMessage e) {
      throw new IllegalArgumentException("our own connectInfo cannot be sent", e);
    }
  }

  private static String told(List<Endpoint> listening) {
    return listening.stream()
        .limit(PxpLimits.LISTENING_MAX)
        .map(endpoint -> JsonText.ofString(endpoint.toString()).text())
        .collect(Collectors.joining(","));
  }

  private static void append(String name, String value, StringBuilder out) {
    out.append(",\"").append(name).append("\":").append(JsonText.ofString(value));
  }

  /// The object as it came.
  JsonText text() {
    return text;
  }

  /// Whether it wants an upgrade; else the relay's stream is the application's.
  boolean pxp() {
    return fields.isTrue("pxp");
  }

  /// Whether it says that it can be reached through a relay. JavaScript nodes never look at this.
  boolean relay() {
    return fields.isTrue("relay");
  }

  /// Whether it says that it can do WebRTC. JavaScript nodes never look at this.
  boolean webrtc() {
    return fields.isTrue("webrtc");
  }

  /// Which node this is in this run, `node`: 32 hex digits in lower case.
  Optional<String> token() {
    return inForm("node", TOKEN);
  }

  private Optional<String> inForm(String name, Pattern form) {
    return fields.string(name).filter(value -> form.matcher(value).matches());
  }

  /// Whether nothing tells this node from another, as with JavaScript nodes.
  boolean isNameless() {
    return token().isEmpty() && listening().isEmpty();
  }

  /// Where it listens, `listen`: at most [PxpLimits#LISTENING_MAX].
  List<Endpoint> listening() {
    List<Endpoint> found = new ArrayList<>();
    if (fields.values().get("listen") instanceof JsonValue.Items(_, List<JsonValue> items)) {
      for (JsonValue item : items) {
        if (item instanceof JsonValue.Text(_, String uri)
            && found.size() < PxpLimits.LISTENING_MAX) {
          Endpoint.parse(uri).ifPresent(found::add);
        }
      }
    }
    return found;
  }

  /// Its key (`key`, `dtls`, `sig`), if all three are there and in form.
  Optional<Proof> proof() {
    Optional<String> key = inForm("key", KEY);
    Optional<String> fingerprint = inForm("dtls", FINGERPRINT);
    Optional<String> signature = inForm("sig", SIGNATURE);
    return key.isPresent() && fingerprint.isPresent() && signature.isPresent()
        ? Optional.of(new Proof(new IdentityKey(key.get()), fingerprint.get(), signature.get()))
        : Optional.empty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ConnectInfo that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
