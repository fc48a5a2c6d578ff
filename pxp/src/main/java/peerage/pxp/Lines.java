package peerage.pxp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import peerage.bencode.MalformedMessage;

/// Cuts the stream `pxp` into lines, however it arrives. Line ends are `\n` or `\r\n`; blank lines
/// are left out.
final class Lines {
  private static final int FIRST_CAPACITY = 256;

  private byte[] begun = new byte[FIRST_CAPACITY]; // of the line that has no end yet
  private int length;

  /// Takes bytes.
  ///
  /// @return the lines that they complete, without their ends
  /// @throws MalformedMessage if a line is longer than [PxpLimits#LINE_BYTES_MAX] or no UTF-8;
  ///     nothing more can be read of that stream
  List<String> feed(ByteBuffer bytes) throws MalformedMessage {
    List<String> lines = new ArrayList<>();
    while (bytes.hasRemaining()) {
      int end = indexOfNewline(bytes);
      if (end < 0) {
        keep(bytes, bytes.remaining());
      } else {
        keep(bytes, end + 1 - bytes.position());
        addTo(lines);
        length = 0;
      }
    }
    return lines;
  }

  private static int indexOfNewline(ByteBuffer bytes) {
    for (int i = bytes.position(); i < bytes.limit(); i++) {
      if (bytes.get(i) == '\n') {
        return i;
      }
    }
    return -1;
  }

  private void keep(ByteBuffer bytes, int count) throws MalformedMessage {
    if (count > PxpLimits.LINE_BYTES_MAX - length) {
      throw new MalformedMessage("a message of more than " + PxpLimits.LINE_BYTES_MAX + " bytes");
    }
    if (length + count > begun.length) {
      begun = Arrays.copyOf(begun, Math.max(length + count, 2 * begun.length));
    }
    bytes.get(begun, length, count);
    length += count;
  }

  private void addTo(List<String> lines) throws MalformedMessage {
    int end = length - 1;
    if (end > 0 && begun[end - 1] == '\r') {
      end--;
    }
    try {
      String line = UTF_8.newDecoder().decode(ByteBuffer.wrap(begun, 0, end)).toString();
      if (!line.isBlank()) {
        lines.add(line);
      }
    } catch (CharacterCodingException _) {
      throw new MalformedMessage("a message that is no UTF-8");
    }
  }
}
