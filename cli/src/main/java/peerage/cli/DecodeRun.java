package peerage.cli;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import peerage.bencode.MalformedMessage;
import peerage.pex.PexAudit;

/// Runs `decode`: recognises what it is given by its first bytes, and has it printed.
final class DecodeRun {
  private static final int PEEK = 16;

  private final String source;
  private final DecodeReport report;

  DecodeRun(String source, boolean json, Terminal terminal) {
    this.source = source;
    this.report = json ? new DecodeJson(terminal.out()) : new DecodeText(terminal.out());
  }

  ExitCode run() throws CommandFailure {
    try (InputStream in = new BufferedInputStream(open())) {
      decode(in);
    } catch (MalformedMessage e) {
      throw unreadable(String.valueOf(e.getMessage()));
    } catch (NoSuchFileException _) {
      throw new CommandFailure(ExitCode.NOT_FOUND, "there is no file " + source);
    } catch (AccessDeniedException _) {
      throw new CommandFailure(ExitCode.UNKNOWN, "may not read " + source);
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.UNKNOWN, "cannot read " + name() + ": " + String.valueOf(e.getMessage()));
    }
    return report.hasBroken() ? ExitCode.RULES_BROKEN : ExitCode.OK;
  }

  private InputStream open() throws IOException {
    if (source.equals("-")) {
      return System.in;
    }
    try {
      Path path = Path.of(source);
      if (Files.isDirectory(path)) {
        throw new IOException("it is a folder");
      }
      return Files.newInputStream(path);
    } catch (InvalidPathException _) {
      throw new NoSuchFileException(source);
    }
  }

  private String name() {
    return source.equals("-") ? "the standard input" : source;
  }

  private void decode(InputStream in) throws IOException, MalformedMessage, CommandFailure {
    in.mark(PEEK);
    byte[] first = in.readNBytes(PEEK);
    in.reset();
    if (first.length == 0) {
      throw unreadable("it is empty");
    }
    int magic = ByteBuffer.wrap(Arrays.copyOf(first, 4)).getInt();
    if (Pcap.begins(magic)) {
      decode(Pcap.open(in));
    } else if (magic == PcapNg.MAGIC) {
      decode(PcapNg.open(in));
    } else if (isBencode(first) || isFrame(first)) {
      decodeOne(in);
    } else if (isText(first)) {
      decodeText(in);
    } else {
      throw unreadable(nothingKnown(first));
    }
  }

  private static boolean isBencode(byte[] first) {
    return new String(first, StandardCharsets.ISO_8859_1).matches("(?s)d([0-9]{1,9}:.*|e.*)");
  }

  private static boolean isFrame(byte[] first) {
    return first.length > 6 && first[0] == 0 && first[4] == 20 && first[6] == 'd';
  }

  private static boolean isText(byte[] first) {
    return new String(first, StandardCharsets.ISO_8859_1).matches("[\\t\\r\\n -~]+");
  }

  private static String nothingKnown(byte[] first) {
    boolean isPacked =
        (first[0] == 0x1F && first[1] == (byte) 0x8B)
            || (first[0] == 0x28 && first[1] == (byte) 0xB5);
    return isPacked
        ? "it is compressed: unpack it first"
        : "it is neither a capture (pcap, pcapng) nor bencode nor hexadecimal text";
  }

  private CommandFailure unreadable(String why) {
    return new CommandFailure(ExitCode.UNREADABLE, "cannot decode " + name() + ": " + why);
  }

  private void decode(Packets packets) throws IOException, MalformedMessage {
    var reader = new CaptureReader(report::message);
    try {
      reader.read(packets);
    } finally {
      report.end(reader.outcome(packets.isCutOff()));
    }
  }

  private void decodeOne(InputStream in) throws IOException, CommandFailure {
    byte[] bytes = in.readNBytes(WireReader.MAX_EXTENDED + 1);
    if (bytes.length > WireReader.MAX_EXTENDED) {
      throw unreadable("it is longer than any message");
    }
    judge(HexText.payload(bytes));
    report.end();
  }

  private void decodeText(InputStream in) throws IOException, MalformedMessage, CommandFailure {
    var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1));
    try {
      HexText.read(lines, (_, payload) -> judge(payload));
    } finally {
      report.end();
    }
    if (report.messages() == 0) {
      throw unreadable("there is no message in it");
    }
  }

  private void judge(byte[] payload) {
    report.message(
        new Sighting(Optional.empty(), Optional.empty(), payload.length, PexAudit.judge(payload)));
  }
}
