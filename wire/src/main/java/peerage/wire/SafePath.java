package peerage.wire;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Pattern;
import peerage.bencode.MalformedMessage;
import peerage.bencode.StrangersText;

/// The paths of one torrent: each one stays below the folder it is put in, and no two claim the
/// same place. A torrent comes from a stranger, and its paths are where it would reach outside.
final class SafePath {
  /// Names in a path, the torrent's own included. A guess: deeper than any torrent seen.
  static final int MAX_DEPTH = 64;

  /// Bytes of a name in UTF-8: NAME_MAX of Linux.
  static final int MAX_NAME_BYTES = 255;

  private static final int SHOWN = 200;

  private static final Pattern DOTS_AND_SPACES = Pattern.compile("[. ]+");

  /// What Windows opens as a device, in any folder and with any extension.
  private static final Pattern DEVICE =
      Pattern.compile(
          "(CON|PRN|AUX|NUL|CONIN\\$|CONOUT\\$|(COM|LPT)[0-9¹²³]) *(\\..*)?", Pattern.DOTALL);

  private final Folder root = new Folder();

  /// Refuses a path that is not safe to create below a folder of ours.
  ///
  /// @throws MalformedMessage naming the file and what is wrong with it
  static void check(List<String> path) throws MalformedMessage {
    if (path.size() > MAX_DEPTH) {
      throw refused(path, "lies deeper than " + MAX_DEPTH + " folders");
    }
    for (String name : path) {
      checkName(path, name);
    }
  }

  private static void checkName(List<String> path, String name) throws MalformedMessage {
    if (name.isEmpty()) {
      throw refused(path, "has an empty name in its path");
    }
    if (DOTS_AND_SPACES.matcher(name).matches()) {
      throw refused(path, "has a name of only dots or spaces in its path");
    }
    if (name.indexOf('/') >= 0 || name.indexOf('\\') >= 0) {
      throw refused(path, "has a slash or backslash inside a name");
    }
    if (name.chars().anyMatch(Character::isISOControl)) {
      throw refused(path, "has a control character in its path");
    }
    if (isDevice(name)) {
      throw refused(path, "is named like a device of Windows");
    }
    if (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
      throw refused(path, "has a name of more than " + MAX_NAME_BYTES + " bytes");
    }
  }

  private static boolean isDevice(String name) {
    boolean mayBe = "CPANLcpanl".indexOf(name.charAt(0)) >= 0; // most names never reach the pattern
    return mayBe && DEVICE.matcher(name.toUpperCase(Locale.ROOT)).matches();
  }

  /// Takes the path for one file. Names that differ only by case are different names.
  ///
  /// @throws MalformedMessage if another file has the same path, or needs one of the two as a
  ///     folder
  void claim(List<String> path) throws MalformedMessage {
    Folder folder = root;
    for (String name : path.subList(0, path.size() - 1)) {
      Entry entry = folder.entries.computeIfAbsent(name, _ -> new Folder());
      if (!(entry instanceof Folder deeper)) {
        throw refused(path, "lies in a folder that is also a file");
      }
      folder = deeper;
    }
    Entry earlier = folder.entries.putIfAbsent(path.getLast(), new Leaf());
    if (earlier != null) {
      throw refused(
          path, earlier instanceof Leaf ? "is listed twice" : "is also a folder of another file");
    }
  }

  private static MalformedMessage refused(List<String> path, String reason) {
    String shown = StrangersText.printable(String.join("/", path), SHOWN);
    return new MalformedMessage("the torrent's file \"" + shown + "\" " + reason);
  }

  private sealed interface Entry permits Folder, Leaf {}

  private static final class Folder implements Entry {
    final TreeMap<String, Entry> entries = new TreeMap<>();
  }

  private record Leaf() implements Entry {}
}
