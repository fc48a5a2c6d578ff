package peerage.peers;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// How we heard of a candidate. One candidate may have several origins.
public sealed interface Origin {
  /// The one letter of progress lines such as `peers 12 (T4 X7 I1)`.
  char letter();

  /// The tracker at this URL named it (BEP 3).
  ///
  /// @param url the announce URL
  record Tracker(String url) implements Origin {
    @Override
    public char letter() {
      return 'T';
    }

    @Override
    public String toString() {
      return "tracker " + url;
    }
  }

  /// A connected peer named it by peer exchange.
  ///
  /// @param teller where the peer that told us listens, or its connection's address if it never
  ///     said
  /// @param dialect in which words it was told
  record Pex(PeerAddress teller, PexDialect dialect) implements Origin {
    @Override
    public char letter() {
      return 'X';
    }

    @Override
    public String toString() {
      return dialect + " from " + teller;
    }
  }

  /// A node of the DHT named it (BEP 5).
  ///
  /// @param node which one
  record Dht(PeerAddress node) implements Origin {
    @Override
    public char letter() {
      return 'D';
    }

    @Override
    public String toString() {
      return "DHT node " + node;
    }
  }

  /// It announced itself on our local network (BEP 14).
  record Lan() implements Origin {
    @Override
    public char letter() {
      return 'L';
    }

    @Override
    public String toString() {
      return "local network";
    }
  }

  /// The magnet link named it (BEP 9, `x.pe`).
  record Magnet() implements Origin {
    @Override
    public char letter() {
      return 'U';
    }

    @Override
    public String toString() {
      return "magnet link";
    }
  }

  /// It connected to us.
  record Incoming() implements Origin {
    @Override
    public char letter() {
      return 'I';
    }

    @Override
    public String toString() {
      return "incoming";
    }
  }

  /// An earlier run of ours reached it.
  ///
  /// @param lastSuccess when we were last connected to it, wall-clock time
  /// @param first how that run, or one before it, first heard of it; never a memory itself
  record Memory(Instant lastSuccess, Origin first) implements Origin {
    /// Takes the origin at the root of a chain of memories.
    public Memory {
      first = first instanceof Memory earlier ? earlier.first : first;
    }

    @Override
    public char letter() {
      return 'M';
    }

    @Override
    public String toString() {
      return "memory of " + lastSuccess.truncatedTo(ChronoUnit.SECONDS) + ", first " + first;
    }
  }

  /// The user named it (`--peer`).
  record Given() implements Origin {
    @Override
    public char letter() {
      return 'G';
    }

    @Override
    public String toString() {
      return "given";
    }
  }
}
