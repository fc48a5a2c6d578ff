package peerage.pxp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import peerage.bencode.MalformedMessage;
import peerage.bencode.StrangersText;

/// The messages of the stream `pxp`, as JSON lines in exactly the shapes that JavaScript nodes
/// send; they die of others.
final class PxpCodec {
  /// The version of the protocol.
  static final int VERSION = 1;

  private static final int ELEMENTS = 3;

  private PxpCodec() {}

  /// Reads a line. Elements after the third are ignored, and so are those of hello. Where one
  /// string is due, an array that begins with one will do.
  ///
  /// @throws MalformedMessage if it is no message
  static PxpMessage decode(String line) throws MalformedMessage {
    if (JsonReader.read(line) instanceof JsonValue.Items(_, List<JsonValue> elements)
        && elements.size() >= ELEMENTS
        && elements.get(0) instanceof JsonValue.Text(_, String command)) {
      return message(command, nonce(elements.get(1)), elements.get(2));
    }
    throw new MalformedMessage("a message is an array of a command, a nonce and arguments");
  }

  private static JsonText nonce(JsonValue value) throws MalformedMessage {
    if (value.text().text().length() > PxpLimits.NONCE_MAX) {
      throw new MalformedMessage("a nonce of more than " + PxpLimits.NONCE_MAX + " characters");
    }
    return value.text();
  }

  private static PxpMessage message(String command, JsonText nonce, JsonValue args)
      throws MalformedMessage {
    return switch (command) {
      case "hello" -> hello(args);
      case "connect" -> new PxpMessage.Connect(nonce, string(args));
      case "getpeers" -> new PxpMessage.GetPeers(nonce, string(args));
      case "relay" -> new PxpMessage.Relay(nonce, id(args));
      case "incoming" -> new PxpMessage.Incoming(nonce, id(args));
      case "upgrade" -> new PxpMessage.Upgrade(nonce, SignalCodec.read(first(args)));
      case "res" -> new PxpMessage.Answer(nonce, args.text());
      default -> new PxpMessage.Unknown(shown(command));
    };
  }

  private static PxpMessage hello(JsonValue args) throws MalformedMessage {
    if (!(args instanceof JsonValue.Items(_, List<JsonValue> items))
        || items.size() < ELEMENTS
        || !(items.get(2) instanceof JsonValue.Items(_, List<JsonValue> named))) {
      throw new MalformedMessage("hello has a version, a connectInfo and networks");
    }
    int version = items.get(0) instanceof JsonValue.Numeric number ? number.whole().orElse(0) : 0;
    List<String> networks =
        named.stream()
            .limit(PxpLimits.NETWORKS_MAX)
            .filter(JsonValue.Text.class::isInstance)
            .map(network -> ((JsonValue.Text) network).value())
            .toList();
    return new PxpMessage.Hello(version, info(items.get(1)), networks);
  }

  /// One that is too long to be passed on is as good as none.
  private static Optional<ConnectInfo> info(JsonValue value) throws MalformedMessage {
    return value instanceof JsonValue.Null || ConnectInfo.isTooLong(value)
        ? Optional.empty()
        : Optional.of(ConnectInfo.read(value));
  }

  private static String id(JsonValue args) throws MalformedMessage {
    String id = string(args);
    if (!isId(id)) {
      throw new MalformedMessage("an id has 1 to " + PxpLimits.ID_MAX + " characters");
    }
    return id;
  }

  private static boolean isId(String text) {
    return !text.isEmpty() && text.length() <= PxpLimits.ID_MAX;
  }

  private static String string(JsonValue args) throws MalformedMessage {
    if (first(args) instanceof JsonValue.Text(_, String value)) {
      return value;
    }
    throw new MalformedMessage("an argument that is no string");
  }

  /// One argument goes as it is or as an array of one; JavaScript nodes do both.
  private static JsonValue first(JsonValue args) {
    return args instanceof JsonValue.Items(_, List<JsonValue> items) && !items.isEmpty()
        ? items.getFirst()
        : args;
  }

  /// `hello`.
  ///
  /// @param info empty if nobody may be introduced to us
  static byte[] hello(JsonText nonce, Optional<ConnectInfo> info, List<String> networks) {
    String names = networks.stream().map(PxpCodec::quoted).collect(Collectors.joining(","));
    JsonText shown = info.map(ConnectInfo::text).orElse(JsonText.NULL);
    return line("hello", nonce, "[" + VERSION + "," + shown + ",[" + names + "]]");
  }

  /// `connect`.
  static byte[] connect(JsonText nonce, String network) {
    return line("connect", nonce, quoted(network));
  }

  /// `getpeers`.
  static byte[] getPeers(JsonText nonce, String network) {
    return line("getpeers", nonce, quoted(network));
  }

  /// `relay`.
  static byte[] relay(JsonText nonce, String candidate) {
    return line("relay", nonce, "[" + quoted(candidate) + "]");
  }

  /// `incoming`.
  static byte[] incoming(JsonText nonce, String relay) {
    return line("incoming", nonce, "[" + quoted(relay) + "]");
  }

  /// `upgrade`.
  static byte[] upgrade(JsonText nonce, Signal signal) {
    return line("upgrade", nonce, SignalCodec.write(signal));
  }

  /// Yes, to `connect`, `relay` or `incoming`.
  static byte[] yes(JsonText nonce) {
    return line("res", nonce, "null");
  }

  /// No, to `connect` or `relay`.
  static byte[] no(JsonText nonce, String error) {
    return line("res", nonce, quoted(error));
  }

  /// The answer to `getpeers`.
  ///
  /// @param candidates those at the end are left out if the line would get too long
  static byte[] candidates(JsonText nonce, List<Candidate> candidates) {
    StringBuilder args = new StringBuilder("[null,[");
    int room = PxpLimits.LINE_BYTES_MAX - line("res", nonce, "[null,[]]").length;
    String comma = "";
    for (Candidate candidate : candidates) {
      String next = comma + object(candidate);
      room -= next.getBytes(UTF_8).length;
      if (room < 0) {
        break;
      }
      args.append(next);
      comma = ",";
    }
    return line("res", nonce, args.append("]]").toString());
  }

  private static String object(Candidate candidate) {
    return "{\"id\":%s,\"network\":%s,\"connectInfo\":%s}"
        .formatted(quoted(candidate.id()), quoted(candidate.network()), candidate.info());
  }

  /// No, to `getpeers`: an array, or the asking JavaScript node would die.
  static byte[] noCandidates(JsonText nonce, String error) {
    return line("res", nonce, "[" + quoted(error) + "]");
  }

  private static byte[] line(String command, JsonText nonce, String args) {
    return ("[\"" + command + "\"," + nonce + "," + args + "]\n").getBytes(UTF_8);
  }

  private static String quoted(String text) {
    return JsonText.ofString(text).text();
  }

  /// Whether an answer is a no, as JavaScript nodes judge it: its first argument is true to them.
  ///
  /// @return the error, fit to show; empty if it is a yes
  static Optional<String> errorOf(JsonText args) {
    JsonValue value = args.value();
    if (value instanceof JsonValue.Items(_, List<JsonValue> items) && items.isEmpty()) {
      return Optional.empty(); // no arguments at all
    }
    JsonValue first = first(value);
    if (first instanceof JsonValue.Text(_, String text)) {
      return text.isEmpty() ? Optional.empty() : error(text);
    }
    boolean isNo =
        !(first instanceof JsonValue.Null)
            && !(first instanceof JsonValue.Bool(_, boolean truth) && !truth)
            && !(first instanceof JsonValue.Numeric(_, double number) && number == 0);
    return isNo ? error(args.text()) : Optional.empty();
  }

  private static Optional<String> error(String text) {
    return Optional.of(shown(text));
  }

  private static String shown(String text) {
    return StrangersText.printable(text, PxpLimits.ERROR_TEXT_MAX);
  }

  /// The candidates of an answer to `getpeers` that is no error: at most
  /// [PxpLimits#CANDIDATES_TAKEN_MAX], without those that cannot be reached or make no sense.
  ///
  /// @throws MalformedMessage if it is no such answer
  static List<Candidate> candidatesOf(JsonText args) throws MalformedMessage {
    if (args.value() instanceof JsonValue.Items(_, List<JsonValue> both)
        && both.size() >= 2
        && both.get(1) instanceof JsonValue.Items(_, List<JsonValue> entries)) {
      return entries.stream()
          .limit(PxpLimits.CANDIDATES_TAKEN_MAX)
          .map(PxpCodec::candidate)
          .flatMap(Optional::stream)
          .toList();
    }
    throw new MalformedMessage("an answer to getpeers without candidates");
  }

  private static Optional<Candidate> candidate(JsonValue value) {
    if (!(value instanceof JsonValue.Fields fields)
        || !(fields.values().get("connectInfo") instanceof JsonValue.Fields info)
        || ConnectInfo.isTooLong(info)) {
      return Optional.empty();
    }
    Optional<String> network = fields.string("network").filter(name -> !name.isEmpty());
    return fields
        .string("id")
        .filter(PxpCodec::isId)
        .filter(_ -> network.isPresent())
        .map(id -> new Candidate(id, network.get(), ConnectInfo.of(info)));
  }
}
