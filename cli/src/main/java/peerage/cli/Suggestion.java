package peerage.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import picocli.CommandLine;

/// Guesses what was meant by a word that is misspelt.
final class Suggestion {
  private Suggestion() {}

  /// The known word that is fewest slips away: letters left out, added, changed or swapped; at most
  /// one slip for every three letters.
  static Optional<String> of(String word, Collection<String> known) {
    int most = word.length() / 3;
    return known.stream()
        .filter(candidate -> slips(word, candidate) <= most)
        .min(Comparator.comparingInt(candidate -> slips(word, candidate)));
  }

  /// `; did you mean get?`, or nothing.
  static String hint(String word, CommandLine command) {
    return hint(word, command.getSubcommands().keySet());
  }

  /// `; did you mean --dir?`, or nothing.
  static String hint(String word, Collection<String> known) {
    return of(word, known).map(meant -> "; did you mean " + meant + "?").orElse("");
  }

  private static int slips(String one, String other) {
    int[][] slips = new int[one.length() + 1][other.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      for (int j = 0; j <= other.length(); j++) {
        slips[i][j] = i == 0 || j == 0 ? i + j : least(slips, one, other, i, j);
      }
    }
    return slips[one.length()][other.length()];
  }

  private static int least(int[][] slips, String one, String other, int i, int j) {
    int changed = slips[i - 1][j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
    int least = Math.min(changed, Math.min(slips[i - 1][j], slips[i][j - 1]) + 1);
    boolean swapped =
        i > 1
            && j > 1
            && one.charAt(i - 1) == other.charAt(j - 2)
            && one.charAt(i - 2) == other.charAt(j - 1);
    return swapped ? Math.min(least, slips[i - 2][j - 2] + 1) : least;
  }
}
