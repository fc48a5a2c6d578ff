package peerage.pxp;

import java.nio.ByteBuffer;
import java.util.List;
import peerage.bencode.MalformedMessage;

/// Cuts the stream `pxp` into lines, however it arrives. Line ends are `\n` or `\r\n`; blank lines
/// are left out.
final class Lines {
  /// Takes bytes.
  ///
  /// @return the lines that they complete, without their ends
  /// @throws MalformedMessage if a line is longer than [PxpLimits#LINE_BYTES_MAX] or no UTF-8;
  ///     nothing more can be read of that stream
  List<String> feed(ByteBuffer bytes) throws MalformedMessage {
    throw new UnsupportedOperationException("not yet");
  }
}
