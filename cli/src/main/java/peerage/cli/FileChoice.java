package peerage.cli;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import peerage.wire.Magnet;
import peerage.wire.Metainfo;
import peerage.wire.TorrentFile;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Files chosen by their numbers as `show` prints them: `1,3-5`, `7-`.
///
/// @param ranges from 1, both ends included
record FileChoice(List<Range> ranges) {
  private static final Pattern RANGE = Pattern.compile("([0-9]{1,7})(?:(-)([0-9]{1,7})?)?");

  /// Numbers from `first` to `last`, both included.
  record Range(int first, int last) {
    boolean contains(int number) {
      return first <= number && number <= last;
    }
  }

  /// The files that hold content: those that have a number.
  static List<TorrentFile> numbered(Metainfo torrent) {
    return torrent.files().stream().filter(f -> f.kind() == TorrentFile.Kind.DATA).toList();
  }

  /// Which files are wanted.
  ///
  /// @param numbers and `pattern`: a file must be chosen by each that is given
  static Predicate<TorrentFile> of(
      Metainfo torrent, @Nullable FileChoice numbers, @Nullable Pattern pattern)
      throws CommandFailure {
    if (numbers == null && pattern == null) {
      return _ -> true;
    }
    List<TorrentFile> files = numbered(torrent);
    if (numbers != null) {
      numbers.check(files.size(), torrent.name());
    }
    Set<TorrentFile> chosen = new LinkedHashSet<>();
    for (int i = 0; i < files.size(); i++) {
      TorrentFile file = files.get(i);
      if ((numbers == null || numbers.contains(i + 1))
          && (pattern == null || pattern.matcher(file.toString()).find())) {
        chosen.add(file);
      }
    }
    if (chosen.isEmpty()) {
      throw new CommandFailure(
          ExitCode.BAD_OPTION, "no file of " + torrent.name() + " is chosen: see peerage show");
    }
    return chosen::contains;
  }

  /// Which files a magnet link asks for (BEP 53): all, if it does not say.
  static Predicate<TorrentFile> of(Metainfo torrent, Magnet magnet) throws CommandFailure {
    if (magnet.select().isEmpty()) {
      return _ -> true;
    }
    Set<TorrentFile> chosen = new LinkedHashSet<>();
    for (int i = 0; i < torrent.files().size(); i++) {
      TorrentFile file = torrent.files().get(i);
      if (magnet.selects(i) && file.kind() == TorrentFile.Kind.DATA) {
        chosen.add(file);
      }
    }
    if (chosen.isEmpty()) {
      throw new CommandFailure(
          ExitCode.BAD_OPTION,
          "the magnet link chooses files that "
              + torrent.name()
              + " does not have: choose some with --select-file");
    }
    return chosen::contains;
  }

  private boolean contains(int number) {
    return ranges.stream().anyMatch(range -> range.contains(number));
  }

  private void check(int count, String name) throws CommandFailure {
    for (Range range : ranges) {
      int last = range.last() == Integer.MAX_VALUE ? range.first() : range.last();
      if (last > count) {
        throw new CommandFailure(
            ExitCode.BAD_OPTION,
            "there is no file "
                + last
                + " in "
                + name
                + ", which has "
                + Text.count(count, "file"));
      }
    }
  }

  /// Reads `1,3-5,7-`.
  static final class Converter implements ITypeConverter<FileChoice> {
    @Override
    public FileChoice convert(String text) {
      return new FileChoice(List.of(text.split(",", -1)).stream().map(this::range).toList());
    }

    private Range range(String text) {
      var matcher = RANGE.matcher(text.strip());
      if (!matcher.matches()) {
        throw no(text);
      }
      int first = Integer.parseInt(matcher.group(1));
      int last =
          matcher.group(2) == null
              ? first
              : matcher.group(3) == null ? Integer.MAX_VALUE : Integer.parseInt(matcher.group(3));
      if (first < 1 || last < first) {
        throw no(text);
      }
      return new Range(first, last);
    }

    private static TypeConversionException no(String text) {
      return new TypeConversionException(
          "'" + text + "' is no choice of files: give their numbers from 1, as in 1,3-5");
    }
  }
}
