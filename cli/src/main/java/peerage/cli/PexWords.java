package peerage.cli;

import java.util.ArrayList;
import java.util.List;
import peerage.peers.PeerFlags;
import peerage.pex.PexAsSent;

/// The flags of BEP 11 in words.
final class PexWords {
  private PexWords() {}

  /// `seed, reachable`; `-` for none set, and words if there is no flag byte.
  static String flags(PexAsSent.Entry entry) {
    if (entry.flags().isEmpty()) {
      return "(no flags)";
    }
    List<String> words = flags(entry.flags().getAsInt());
    return words.isEmpty() ? "-" : String.join(", ", words);
  }

  /// Each bit that is set, the lowest first.
  static List<String> flags(int bits) {
    List<String> words = new ArrayList<>();
    for (int bit = 1; bit <= 0x80; bit <<= 1) {
      if ((bits & bit) != 0) {
        words.add(
            switch (bit) {
              case PeerFlags.PREFERS_ENCRYPTION -> "prefers encryption";
              case PeerFlags.UPLOAD_ONLY -> "seed";
              case PeerFlags.UTP -> "uTP";
              case PeerFlags.HOLEPUNCH -> "holepunch";
              case PeerFlags.REACHABLE -> "reachable";
              default -> String.format("reserved 0x%02x", bit);
            });
      }
    }
    return words;
  }
}
