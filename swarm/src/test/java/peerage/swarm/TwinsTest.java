package peerage.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import peerage.peers.Link;
import peerage.peers.Origin;
import peerage.peers.PeerAddress;
import peerage.peers.PeerId;
import peerage.swarm.Swarm.Input;
import peerage.swarm.Swarm.Output;
import peerage.wire.Handshake;

/// Two machines that get several connections to each other at once: whatever the order in which
/// either of them sees what happens, exactly one connection survives, the same at both ends.
///
/// Dials are written as the dialler and the address that it dials: `a1` is A dialling B's first
/// address.
final class TwinsTest {
  @ParameterizedTest
  @ValueSource(strings = {"a1", "a1 b1", "a1 a2", "a1 a2 b1"})
  void exactlyOneConnectionSurvivesInEveryOrderOfEvents(String dials) {
    for (int ourId : List.of(1, 3)) {
      int orders = 0;
      var order = new ArrayList<Integer>();
      do {
        var duel = new Duel(List.of(dials.split(" ")), ourId, 2);
        duel.play(order);
        duel.assertOneConnectionSurvives();
        orders++;
      } while (advance(order));
      assertThat(orders).isGreaterThanOrEqualTo(2);
    }
  }

  /// Each number of an order says which of the events that can come next does; the number after
  /// the last choice that is left makes the next order.
  private static boolean advance(List<Integer> order) {
    while (!order.isEmpty()) {
      int last = order.removeLast();
      int choices = order.removeLast();
      if (last + 1 < choices) {
        order.add(choices);
        order.add(last + 1);
        return true;
      }
    }
    return false;
  }

  /// What one end is still to see.
  private record Event(int end, int dial, boolean opens) {}

  private static final class Duel {
    private final List<String> dials;
    private final List<Swarm> ends = new ArrayList<>();
    private final List<PeerId> ids;
    private final List<Event> pending = new ArrayList<>();
    private final List<TreeMap<Integer, Link>> open = List.of(new TreeMap<>(), new TreeMap<>());
    private final List<String> story = new ArrayList<>();

    Duel(List<String> dials, int idOfA, int idOfB) {
      this.dials = dials;
      ids = List.of(Rig.id(idOfA), Rig.id(idOfB));
      for (PeerId id : ids) {
        ends.add(
            new Swarm(id, 6881, Privacy.PUBLIC, SwarmOptions.DEFAULT, new SplittableRandom(1)));
      }
      for (int dial = 0; dial < dials.size(); dial++) {
        int end = dialler(dial);
        var heard = new Input.Heard(List.of(address(dial)), new Origin.Given(), Optional.empty());
        assertThat(ends.get(end).handle(heard, Instant.EPOCH))
            .contains(new Output.Dial(address(dial)));
        pending.add(new Event(0, dial, true));
        pending.add(new Event(1, dial, true));
      }
    }

    private int dialler(int dial) {
      return dials.get(dial).charAt(0) - 'a';
    }

    /// The end that is dialled has two addresses, in networks of their own.
    private PeerAddress address(int dial) {
      int which = dials.get(dial).charAt(1) - '0';
      return Rig.at("8." + (dialler(dial) == 0 ? 20 : 10) + "." + which + ".1:6881");
    }

    void play(List<Integer> order) {
      int step = 0;
      while (!pending.isEmpty()) {
        List<Event> next = pending.stream().filter(this::canCome).toList();
        if (2 * step == order.size()) {
          order.add(next.size());
          order.add(0);
        }
        Event event = next.get(order.get(2 * step + 1));
        step++;
        pending.remove(event);
        happen(event);
      }
    }

    /// An end sees that a connection closed after it saw that it opened.
    private boolean canCome(Event event) {
      return event.opens() || !pending.contains(new Event(event.end(), event.dial(), true));
    }

    private void happen(Event event) {
      story.add(event.toString());
      var links = open.get(event.end());
      Link link = new Link(event.dial() + 1);
      if (event.opens()) {
        links.put(event.dial(), link);
        boolean dialled = dialler(event.dial()) == event.end();
        PeerAddress remote =
            dialled
                ? address(event.dial())
                : Rig.at((event.end() == 0 ? "8.20.1.1:" : "8.10.1.1:") + (40_000 + event.dial()));
        Handshake handshake = Handshake.ours(Rig.TORRENT, ids.get(1 - event.end()));
        feed(
            event.end(),
            new Input.Connected(
                link, dialled ? Direction.OUTGOING : Direction.INCOMING, remote, handshake));
      } else if (links.remove(event.dial()) != null) {
        feed(event.end(), new Input.Disconnected(link, "the other end closed"));
      }
    }

    private void feed(int end, Input input) {
      for (Output output : ends.get(end).handle(input, Instant.EPOCH)) {
        if (output instanceof Output.Close(Link link, String reason)) {
          assertThat(reason).isEqualTo("connected twice");
          int dial = link.number() - 1;
          open.get(end).remove(dial);
          pending.add(new Event(1 - end, dial, false));
        }
      }
    }

    void assertOneConnectionSurvives() {
      assertThat(open.get(0)).as(() -> dials + " " + story).hasSize(1).isEqualTo(open.get(1));
      for (int end = 0; end < 2; end++) {
        assertThat(ends.get(end).peers())
            .as(() -> dials + " " + story)
            .extracting(PeerView::link)
            .containsExactlyElementsOf(open.get(end).values());
        assertThat(ends.get(end).dialling()).isZero();
      }
    }
  }
}
