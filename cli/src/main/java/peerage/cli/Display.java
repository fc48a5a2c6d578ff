package peerage.cli;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import peerage.dht.DhtStatus;
import peerage.node.TorrentEvent;

/// How a running command shows what happens. Called from one thread.
interface Display {
  /// Listening for peers.
  ///
  /// @param wanted the port that was asked for; 0 if any
  void listening(int port, int wanted);

  /// A torrent was taken on.
  void added(Job job);

  /// Something happened to it.
  void happened(Job job, TorrentEvent event, Instant at);

  /// Events were lost because they came faster than they could be shown.
  void lost(long events);

  /// Some time went by.
  ///
  /// @param dht how our part in the DHT does; empty if we take none
  void tick(List<Job> jobs, Supplier<Optional<DhtStatus>> dht, Instant now);

  /// A torrent is complete.
  void complete(Job job);

  /// What went wrong, in one sentence; said however quiet it is to be.
  void complain(String sentence);

  /// What the user should know, in one sentence.
  void note(String sentence);

  /// The last word.
  void end(ExitCode exit, List<Job> jobs);
}
