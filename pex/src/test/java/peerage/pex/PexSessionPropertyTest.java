package peerage.pex;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import peerage.bencode.MalformedMessage;
import peerage.peers.Family;
import peerage.peers.PeerAddress;
import peerage.peers.PeerFlags;
import peerage.pex.PexSession.Input;
import peerage.pex.PexSession.Output;
import peerage.testkit.Seeds;

/// Random histories: contacts come and go, messages wait in queues, the receiver switches off and
/// on. Whatever happens, who replays the messages ends with whom we are connected to,
/// up to the fifty of a family that it is told of.
final class PexSessionPropertyTest {
  @Seeds(300)
  void whoReplaysTheMessagesKnowsWhomWeAreConnectedTo(long seed) {
    new World(seed).run();
  }

  @Seeds(20)
  void theSameSeedGivesTheSameMessages(long seed) {
    var one = new World(seed);
    var other = new World(seed);
    one.run();
    other.run();

    assertThat(one.sent).isEqualTo(other.sent);
  }

  private static final class World {
    private static final PeerAddress REMOTE = Contacts.number(7, Family.V4);

    private final SplittableRandom random;
    private final ContactLog live = new ContactLog();
    private final PexSession session;
    private final List<PeerAddress> everybody = new ArrayList<>();
    private final LinkedHashSet<PeerAddress> known = new LinkedHashSet<>();
    private final boolean forgetful;
    private final List<PexMessage> sent = new ArrayList<>();
    private Instant now = Instant.EPOCH;
    private @Nullable Instant lastLeft;
    private boolean inFlight;
    private boolean on;
    private boolean mayRepeat;

    World(long seed) {
      random = new SplittableRandom(seed);
      session = new PexSession(live, Remote.at(REMOTE.ip()), random.split());
      int crowd = 1 + random.nextInt(200);
      everybody.addAll(Contacts.numbers(0, crowd, Family.V4));
      everybody.addAll(Contacts.numbers(0, crowd / 3, Family.V6));
      everybody.add(REMOTE);
      forgetful = random.nextBoolean();
    }

    void run() {
      for (int step = 0; step < 300; step++) {
        happen();
        checkDeadline();
      }
      settle();
    }

    private void happen() {
      now = now.plusMillis(random.nextInt(1, 20_000));
      switch (random.nextInt(12)) {
        case 0, 1, 2, 3 -> change(1);
        case 4 -> change(random.nextInt(1, 120));
        case 5, 6 -> flush();
        case 7 -> handle(new Input.Offered(OptionalInt.of(1 + random.nextInt(3))));
        case 8 -> switchOff();
        case 9 -> handle(new Input.Offered(OptionalInt.empty()));
        case 10 -> handle(learned());
        default -> handle(new Input.Tick());
      }
    }

    private Input learned() {
      Remote known = session.remote();
      return new Input.Learned(
          switch (random.nextInt(3)) {
            case 0 -> known.listeningAt(REMOTE);
            case 1 -> known.alsoAt(Contacts.ip("2a01::9"));
            default -> known.with(Remote.Interest.SEED);
          });
    }

    private void change(int contacts) {
      for (int i = 0; i < contacts; i++) {
        PeerAddress contact = everybody.get(random.nextInt(everybody.size()));
        Departure why = random.nextInt(4) == 0 ? Departure.NO_ROOM : Departure.OTHER;
        if (!live.remove(contact, why)) {
          live.put(contact, new PeerFlags(random.nextInt(4)));
        }
      }
      handle(new Input.ContactsChanged());
    }

    private void switchOff() {
      if (random.nextInt(3) == 0) {
        handle(new Input.Offered(OptionalInt.of(0)));
      }
    }

    private void flush() {
      if (inFlight) {
        inFlight = false;
        lastLeft = now;
        handle(new Input.Flushed(now));
      }
    }

    private void handle(Input input) {
      if (input instanceof Input.Offered(OptionalInt id) && id.isPresent()) {
        boolean comesOn = !on && id.getAsInt() != 0;
        on = id.getAsInt() != 0;
        mayRepeat |= comesOn;
        if (comesOn && forgetful) {
          known.clear();
        }
      }
      for (Output output : session.handle(input, now)) {
        receive((Output.Send) output);
      }
    }

    private void receive(Output.Send send) {
      assertThat(on).as("the receiver wants to hear").isTrue();
      assertThat(inFlight).as("another message is under way").isFalse();
      if (lastLeft != null) {
        assertThat(Duration.between(lastLeft, now)).isGreaterThanOrEqualTo(PexSession.SPACING);
      }
      PexMessage message = replay(send.message());
      assertThat(message.isEmpty()).isFalse();
      if (!sent.isEmpty()) {
        assertThat(message.added().size()).isLessThanOrEqualTo(PexSession.MAX_CONTACTS);
      }
      assertThat(message.dropped().size()).isLessThanOrEqualTo(PexSession.MAX_CONTACTS);
      assertThat(message.added()).doesNotContainKey(REMOTE);
      if (!mayRepeat) {
        assertThat(known).doesNotContainAnyElementsOf(message.added().keySet());
        assertThat(known).containsAll(message.dropped());
      }
      known.removeAll(message.dropped());
      known.addAll(message.added().keySet());
      for (Family family : Family.values()) {
        assertThat(of(family, known)).hasSizeLessThanOrEqualTo(PexSession.MAX_TOLD);
      }
      sent.add(message);
      inFlight = true;
    }

    private static PexMessage replay(PexMessage message) {
      try {
        UtPex.Decoded decoded = UtPex.decode(UtPex.encode(message));
        assertThat(decoded.oddities()).isEmpty();
        return decoded.message();
      } catch (MalformedMessage e) {
        throw new AssertionError(e);
      }
    }

    /// After a tick nothing is overdue: a driver that waits for the deadline never spins.
    private void checkDeadline() {
      handle(new Input.Tick());
      assertThat(session.nextDeadline().orElse(Instant.MAX)).isAfter(now);
    }

    /// Time goes on, nobody comes or leaves, the receiver listens. Where there are too many for it,
    /// telling goes on for ever, because the others take turns.
    private void settle() {
      handle(new Input.Learned(session.remote().alsoAt(Contacts.ip("2a01::9"))));
      handle(new Input.Offered(OptionalInt.of(1)));
      for (int i = 0; i < 40; i++) {
        flush();
        now = session.nextDeadline().orElse(now);
        handle(new Input.Tick());
      }
      var useful = everybody.stream().filter(this::isUseful).toList();
      assertThat(useful).containsAll(known);
      boolean crowded = false;
      for (Family family : Family.values()) {
        int count = of(family, useful).size();
        assertThat(of(family, known)).hasSize(Math.min(PexSession.MAX_TOLD, count));
        crowded |= count > PexSession.MAX_TOLD;
      }
      assertThat(session.nextDeadline().isPresent() || inFlight)
          .as("something is left to tell")
          .isEqualTo(crowded);
    }

    private boolean isUseful(PeerAddress contact) {
      boolean seedToSeed =
          session.remote().interest() == Remote.Interest.SEED
              && live.flags(contact).filter(f -> f.has(PeerFlags.UPLOAD_ONLY)).isPresent();
      return live.contains(contact) && !contact.equals(REMOTE) && !seedToSeed;
    }

    private static List<PeerAddress> of(Family family, Collection<PeerAddress> contacts) {
      return contacts.stream().filter(contact -> contact.family() == family).toList();
    }
  }
}
