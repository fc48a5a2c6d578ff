package peerage.announce;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.HexFormat;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32;
import peerage.bencode.MalformedMessage;

/// The fields of an announce's query, each read as what it must be. The complaints are sentences
/// for the one who announces.
final class QueryFields {
  private static final int MAX_DIGITS = 18; // the most that always fit in 64 bits

  private final TreeMap<String, String> values = new TreeMap<>();

  private QueryFields() {}

  static QueryFields of(String rawQuery) throws MalformedMessage {
    if (rawQuery.length() > AnnounceRequest.MAX_QUERY) {
      throw new MalformedMessage(
          "the query is longer than " + AnnounceRequest.MAX_QUERY + " characters");
    }
    var fields = new QueryFields();
    for (String field : rawQuery.split("&", -1)) {
      int equals = field.indexOf('=');
      if (equals > 0) {
        String value = Percent.decode(field.substring(equals + 1));
        fields.values.putIfAbsent(field.substring(0, equals), value);
      }
    }
    return fields;
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name));
  }

  byte[] twentyBytes(String name) throws MalformedMessage {
    byte[] bytes = needed(name).getBytes(ISO_8859_1);
    if (bytes.length != 20) {
      throw new MalformedMessage(name + " has " + bytes.length + " bytes, not 20");
    }
    return bytes;
  }

  long number(String name) throws MalformedMessage {
    String digits = needed(name);
    if (!digits.matches("[0-9]{1," + MAX_DIGITS + "}")) {
      throw new MalformedMessage(name + " is no number from 0 up");
    }
    return Long.parseLong(digits);
  }

  int port(String name) throws MalformedMessage {
    long port = number(name);
    if (port < 1 || port > 0xFFFF) {
      throw new MalformedMessage(name + " is not 1 to 65535");
    }
    return (int) port;
  }

  /// UDP's "default" is -1, and some say it by HTTP too.
  int numWant(String name) throws MalformedMessage {
    String wanted = text(name).orElse("");
    if (wanted.isEmpty() || wanted.startsWith("-")) {
      return AnnounceRequest.DEFAULT_NUM_WANT;
    }
    return (int) Math.min(number(name), AnnounceRequest.MAX_NUM_WANT);
  }

  /// A key is only ever compared with itself, so any 32 bits of it will do. BiglyBT sends eight
  /// letters and digits.
  int key(String name) {
    String key = text(name).orElse("0");
    if (key.matches("[0-9A-Fa-f]{1,8}")) {
      return HexFormat.fromHexDigits(key);
    }
    var crc = new CRC32();
    crc.update(key.getBytes(ISO_8859_1));
    return (int) crc.getValue();
  }

  private String needed(String name) throws MalformedMessage {
    String value = values.get(name);
    if (value == null) {
      throw new MalformedMessage(name + " is missing");
    }
    return value;
  }
}
