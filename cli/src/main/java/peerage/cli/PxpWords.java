package peerage.cli;

import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import peerage.node.PxpEvent;
import peerage.node.PxpException;

/// Events of a PXP network in words and as JSON objects; `docs/commands.md` describes the objects.
final class PxpWords {
  /// What the JDK says of a certificate of its own making, or of a private authority.
  private static final String UNTRUSTED = "unable to find valid certification path";

  private static final Pattern ADDRESS = Pattern.compile("[a-z]+://[^\\s:]+(:[0-9]+)?[^\\s:]*");

  private PxpWords() {}

  /// What happened.
  static String of(PxpEvent event) {
    return switch (event) {
      case PxpEvent.Joined(var peer) -> PeerLine.of(peer).joinedText();
      case PxpEvent.Left(var peer, String why) -> peer.ref() + " left: " + why;
      case PxpEvent.HandlerFailed(var peer, var failure) -> peer.ref() + " was dropped: " + failure;
      case PxpEvent.StreamGivenUp(var peer, String why) ->
          "what " + peer.ref() + " still sends is dropped: " + why;
      case PxpEvent.Told(var teller, int candidates, int known) ->
          teller + " named " + Text.count(candidates, "candidate") + ", " + known + " known";
      case PxpEvent.CandidateFailed(var relay, String why) ->
          "a candidate of " + relay + " could not be reached: " + why;
      case PxpEvent.RelayBegun(var asker, var target) -> "introducing " + asker + " to " + target;
      case PxpEvent.RelayEnded(var asker, var target, long bytes, String why) ->
          "introduced " + asker + " to " + target + ", carried " + Text.size(bytes) + ": " + why;
      case PxpEvent.AskerRefused(var asker, String why) -> asker + " was refused: " + why;
      case PxpEvent.RuleBroken(var remote, String rule) ->
          "closed a connection"
              + remote.map(address -> " with " + address).orElse("")
              + ", which broke a rule: "
              + rule;
      case PxpEvent.DialFailed(var where, String why) -> unreached(where, why);
      case PxpEvent.Unavailable(String what, String why) -> what + " does not work here: " + why;
    };
  }

  /// A failure to connect, in a sentence that says what to do.
  static String of(PxpException failure) {
    String message = String.valueOf(failure.getMessage());
    var place = ADDRESS.matcher(message);
    return message.contains(UNTRUSTED) && place.find() ? untrusted(place.group()) : message;
  }

  private static String untrusted(String where) {
    return "nobody whom we trust has signed the certificate of "
        + where
        + ": if it is the right one, give it by --tls-ca";
  }

  /// Where a sentence names the place already, it is not named twice.
  private static String unreached(URI where, String why) {
    if (why.contains(UNTRUSTED)) {
      return untrusted(where.toString());
    }
    return why.contains(where.toString()) ? why : "cannot reach " + where + ": " + why;
  }

  /// One line of JSON.
  static String json(PxpEvent event, Instant at) {
    return EventJson.event(name(event), at, json -> write(event, json));
  }

  private static String name(PxpEvent event) {
    return switch (event) {
      case PxpEvent.Joined _ -> "connected";
      case PxpEvent.Left _ -> "disconnected";
      case PxpEvent.HandlerFailed _ -> "handler_failed";
      case PxpEvent.StreamGivenUp _ -> "stream_given_up";
      case PxpEvent.Told _ -> "candidates";
      case PxpEvent.CandidateFailed _ -> "candidate_failed";
      case PxpEvent.RelayBegun _ -> "relay_begun";
      case PxpEvent.RelayEnded _ -> "relay_ended";
      case PxpEvent.AskerRefused _ -> "asker_refused";
      case PxpEvent.RuleBroken _ -> "rule_broken";
      case PxpEvent.DialFailed _ -> "dial_failed";
      case PxpEvent.Unavailable _ -> "unavailable";
    };
  }

  private static void write(PxpEvent event, Json json) {
    switch (event) {
      case PxpEvent.Joined(var peer) -> PeerLine.of(peer).write(json);
      case PxpEvent.Left(var peer, String why) -> reason(json.put("peer", name(peer.ref())), why);
      case PxpEvent.HandlerFailed(var peer, var failure) ->
          reason(json.put("peer", name(peer.ref())), failure.toString());
      case PxpEvent.StreamGivenUp(var peer, String why) ->
          reason(json.put("peer", name(peer.ref())), why);
      case PxpEvent.Told(var teller, int candidates, int known) ->
          json.put("peer", name(teller)).put("candidates", candidates).put("known", known);
      case PxpEvent.CandidateFailed(var relay, String why) ->
          reason(json.put("relay", name(relay)), why);
      case PxpEvent.RelayBegun(var asker, var target) ->
          json.put("asker", name(asker)).put("target", name(target));
      case PxpEvent.RelayEnded(var asker, var target, long bytes, String why) ->
          reason(
              json.put("asker", name(asker)).put("target", name(target)).put("bytes", bytes), why);
      case PxpEvent.AskerRefused(var asker, String why) ->
          reason(json.put("asker", name(asker)), why);
      case PxpEvent.RuleBroken(var remote, String rule) ->
          reason(json.put("remote", remote.map(Object::toString)), rule);
      case PxpEvent.DialFailed(var where, String why) -> reason(json.put("uri", name(where)), why);
      case PxpEvent.Unavailable(String what, String why) -> reason(json.put("what", what), why);
    }
  }

  private static String name(Object what) {
    return what.toString();
  }

  private static void reason(Json json, String why) {
    json.put("reason", why);
  }

  /// How loudly an event is said: nothing for those that only `--verbose` shows.
  static Optional<Loudness> loudness(PxpEvent event) {
    return switch (event) {
      case PxpEvent.Joined _, PxpEvent.Left _ -> Optional.of(Loudness.RESULT);
      case PxpEvent.RelayBegun _, PxpEvent.RelayEnded _ -> Optional.of(Loudness.SERVICE);
      case PxpEvent.HandlerFailed _,
          PxpEvent.StreamGivenUp _,
          PxpEvent.RuleBroken _,
          PxpEvent.DialFailed _,
          PxpEvent.Unavailable _ ->
          Optional.of(Loudness.NOTE);
      case PxpEvent.Told _, PxpEvent.CandidateFailed _, PxpEvent.AskerRefused _ -> Optional.empty();
    };
  }

  /// Where an event is said.
  enum Loudness {
    /// On standard output: what the command is for.
    RESULT,
    /// Beside it, where people look at what the node does for others.
    SERVICE,
    /// On standard error: what a user should know.
    NOTE
  }
}
