package peerage.dht;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;

/// What one call of [Dht#handle] gives back, as it is gathered, and what is counted all along.
final class Outbox {
  private List<Dht.Output> outputs = new ArrayList<>();
  private final TreeMap<String, Long> counters = new TreeMap<>();

  void add(Dht.Output output) {
    outputs.add(output);
  }

  /// @param what one of a few names of ours, never a stranger's word
  void count(String what) {
    counters.merge(what, 1L, Long::sum);
  }

  List<Dht.Output> drain() {
    List<Dht.Output> drained = Collections.unmodifiableList(outputs);
    outputs = new ArrayList<>();
    return drained;
  }

  SequencedMap<String, Long> counters() {
    return Collections.unmodifiableSequencedMap(new TreeMap<>(counters));
  }
}
