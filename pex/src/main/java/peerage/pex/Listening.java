package peerage.pex;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import peerage.bencode.MalformedMessage;
import peerage.peers.Family;
import peerage.peers.PeerAddress;
import peerage.pex.PexSession.Output;

/// The listening half of a [PexSession]: reads what the remote tells, within limits, and remembers
/// whom it says that it is connected to.
final class Listening {
  private final ContactSet held = new ContactSet();
  private final ArrayDeque<Instant> arrivals = new ArrayDeque<>(1);

  /// Whether the remote says that it is connected to this contact: named, and not dropped since.
  boolean holds(PeerAddress contact) {
    return held.contains(contact);
  }

  /// Whether the remote is connected to anybody of this family.
  boolean knows(Family family) {
    return held.size(family) > 0;
  }

  List<Output> receive(byte[] payload, Instant now) {
    var outputs = new ArrayList<Output>();
    if (!arrivals.isEmpty() && now.isBefore(arrivals.getLast().plus(PexSession.SPACING))) {
      outputs.add(new Output.Odd(PexOddity.EARLY));
    }
    count(now);
    if (arrivals.size() > PexSession.FLOOD_PER_MINUTE) {
      outputs.add(offence(PexOffence.FLOOD, arrivals.size() + " PEX messages in a minute"));
    } else if (arrivals.size() > PexSession.MAX_PER_MINUTE) {
      outputs.add(offence(PexOffence.TOO_OFTEN, "PEX messages too often"));
    } else {
      decode(payload, outputs);
    }
    return outputs;
  }

  private void count(Instant now) {
    Instant minuteAgo = now.minus(PexSession.SPACING);
    while (!arrivals.isEmpty() && !arrivals.getFirst().isAfter(minuteAgo)) {
      arrivals.removeFirst();
    }
    if (arrivals.size() <= PexSession.FLOOD_PER_MINUTE) { // more need not be known
      arrivals.addLast(now);
    }
  }

  private static Output offence(PexOffence what, String words) {
    return new Output.Offended(what, words);
  }

  private void decode(byte[] payload, List<Output> outputs) {
    try {
      read(UtPex.decode(payload), outputs);
    } catch (MalformedMessage e) {
      outputs.add(offence(PexOffence.MALFORMED, "a malformed PEX message: " + e.getMessage()));
    }
  }

  private void read(UtPex.Decoded decoded, List<Output> outputs) {
    for (PexOddity oddity : decoded.oddities()) {
      outputs.add(
          oddity == PexOddity.TOO_MANY
              ? offence(PexOffence.TOO_LONG, oddity.toString())
              : new Output.Odd(oddity));
    }
    PexMessage message = decoded.message();
    remember(message, outputs);
    if (!message.isEmpty()) {
      outputs.add(new Output.Heard(message));
    }
  }

  private void remember(PexMessage message, List<Output> outputs) {
    boolean sureOfWhatIsHeld = held.size() < PexSession.MAX_HELD;
    boolean unknownDropped = false;
    for (PeerAddress contact : message.dropped()) {
      unknownDropped |= !held.remove(contact);
    }
    if (unknownDropped && sureOfWhatIsHeld) {
      outputs.add(new Output.Odd(PexOddity.UNKNOWN_DROPPED));
    }
    boolean again = false;
    for (PeerAddress contact : message.added().keySet()) {
      if (held.contains(contact)) {
        again = true;
      } else if (held.size() < PexSession.MAX_HELD) {
        held.add(contact);
      }
    }
    if (again) {
      outputs.add(new Output.Odd(PexOddity.ADDED_AGAIN));
    }
  }
}
