package peerage.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A STUN or TURN server as a user names it.
///
/// @param uri such as `stun:stun.example.org:3478`, without user and password
/// @param user empty for STUN
/// @param password empty for STUN
record IceAddress(String uri, String user, String password) implements ITypeConverter<IceAddress> {
  private static final Pattern FORM =
      Pattern.compile(
          "(stuns?|turns?):(?://)?(?:([^:@\\s]+):([^@\\s]*)@)?"
              + "((?:\\[[0-9A-Fa-f:.]+]|[^\\[\\]:/@?\\s]+)(?::[0-9]{1,5})?(?:\\?transport=\\w+)?)");

  /// For the parser, which wants a converter that it can make.
  IceAddress() {
    this("", "", "");
  }

  @Override
  public IceAddress convert(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new TypeConversionException(
          "'" + text + "' is no server: give stun:HOST:PORT or turn:USER:PASSWORD@HOST:PORT");
    }
    boolean isTurn = matcher.group(1).startsWith("turn");
    if (isTurn != (matcher.group(2) != null)) {
      throw new TypeConversionException(
          isTurn
              ? "'" + text + "' needs a user and a password: give turn:USER:PASSWORD@HOST:PORT"
              : "'" + text + "' is a STUN server, which takes no password");
    }
    String server = matcher.group(1) + ":" + matcher.group(4);
    return isTurn
        ? new IceAddress(server, matcher.group(2), matcher.group(3))
        : new IceAddress(server, "", "");
  }
}
