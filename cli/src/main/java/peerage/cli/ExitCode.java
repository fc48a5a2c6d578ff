package peerage.cli;

import peerage.node.DownloadException;
import peerage.node.PxpException;

/// What the command tells the shell. The numbers are aria2's where it has the case; ours begin at
/// 40.
enum ExitCode {
  /// All is well.
  OK(0, "everything was done"),
  /// Anything that has no number of its own.
  UNKNOWN(1, "an error without a number of its own"),
  /// Something took too long.
  TIMEOUT(2, "it took too long"),
  /// A file or a page is not there.
  NOT_FOUND(3, "a file or page was not found"),
  /// The network or a server failed.
  NETWORK(6, "the network or a server failed"),
  /// Ended before it was done.
  UNFINISHED(7, "stopped before it was done; the progress is kept"),
  /// No room.
  DISK_FULL(9, "the disk is full"),
  /// A file is in the way.
  FILE_EXISTS(13, "a file is in the way (see --overwrite)"),
  /// No torrent.
  BAD_TORRENT(26, "the torrent cannot be used"),
  /// A magnet link.
  MAGNET(27, "the magnet link cannot be used"),
  /// The command line makes no sense.
  BAD_OPTION(28, "the command line is wrong"),
  /// Nobody is there.
  NO_PEER(40, "no peer was found"),
  /// Nobody has it.
  NO_METADATA(41, "nobody gave the magnet link's metadata"),
  /// Reserved for what a private torrent forbids.
  PRIVATE_REFUSED(42, "a private torrent forbids it"),
  /// The data are not the torrent's.
  VERIFY_FAILED(43, "the data are not complete, or not the torrent's"),
  /// A PEX message is wrong.
  RULES_BROKEN(44, "a message breaks the rules of peer exchange"),
  /// Nothing that is known.
  UNREADABLE(45, "the file is nothing that can be decoded");

  private final int number;
  private final String meaning;

  ExitCode(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  int number() {
    return number;
  }

  String meaning() {
    return meaning;
  }

  static ExitCode of(DownloadException.Reason reason) {
    return switch (reason) {
      case DISK_FULL -> DISK_FULL;
      case NOT_FOUND -> NOT_FOUND;
      case FILE_EXISTS -> FILE_EXISTS;
      case VERIFY_FAILED -> VERIFY_FAILED;
      case BAD_TORRENT -> BAD_TORRENT;
      case BAD_MAGNET -> MAGNET;
      case NO_FILE_CHOSEN -> BAD_OPTION;
      case NETWORK -> NETWORK;
      case CLOSED -> UNFINISHED;
      case DENIED, OTHER -> UNKNOWN;
    };
  }

  static ExitCode of(PxpException.Reason reason) {
    return switch (reason) {
      case UNSUPPORTED -> BAD_OPTION;
      case CANNOT_LISTEN, UNREACHABLE, UNTRUSTED, REFUSED -> NETWORK;
      case TIMED_OUT -> TIMEOUT;
      case NOBODY_TO_ASK, NO_CANDIDATES, NO_CANDIDATE_REACHED -> NO_PEER;
      case CLOSED -> UNFINISHED;
    };
  }

  /// Of two, the one to report: the first that is not 0.
  ExitCode or(ExitCode later) {
    return this == OK ? later : this;
  }
}
