package peerage.bencode;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Writes bencode in its one canonical form.
final class BencodeWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private BencodeWriter() {}

  static byte[] encode(Bencoded value) {
    var writer = new BencodeWriter();
    writer.write(value);
    return writer.out.toByteArray();
  }

  private void write(Bencoded value) {
    switch (value) {
      case Bencoded.Int(long number) -> ascii("i" + number + "e");
      case Bencoded.Bytes bytes -> string(bytes.raw());
      case Bencoded.Items(var items) -> {
        out.write('l');
        items.forEach(this::write);
        out.write('e');
      }
      case Bencoded.Dict(var entries) -> {
        out.write('d');
        entries.forEach(
            (key, entry) -> {
              string(key.getBytes(StandardCharsets.ISO_8859_1));
              write(entry);
            });
        out.write('e');
      }
    }
  }

  private void string(byte[] bytes) {
    ascii(bytes.length + ":");
    out.writeBytes(bytes);
  }

  private void ascii(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }
}
