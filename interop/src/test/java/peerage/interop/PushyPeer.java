package peerage.interop;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import peerage.bencode.BencodeLimits;
import peerage.bencode.BencodeReader;
import peerage.bencode.Bencoded;
import peerage.bencode.MalformedMessage;
import peerage.wire.Metainfo;

/// A peer, run as a process in a namespace, that prints what the other offers in its extension
/// handshake, and tells it of somebody by PEX whatever that was.
final class PushyPeer {
  private static final byte EXTENDED = 20;
  private static final int HANDSHAKE_SIZE = 68;

  private PushyPeer() {}

  /// Does so until the other closes.
  ///
  /// @param arguments the other's IP address, the torrent file, and the `ip:port` to tell of
  public static void main(String[] arguments) throws IOException, MalformedMessage {
    byte[] infoHash = Metainfo.parse(Files.readAllBytes(Path.of(arguments[1]))).infoHash().bytes();
    try (var socket = new Socket(arguments[0], Host.PORT)) {
      var in = new DataInputStream(socket.getInputStream());
      var out = new DataOutputStream(socket.getOutputStream());
      out.write(handshake(infoHash));
      in.readNBytes(HANDSHAKE_SIZE);
      System.out.println("offers: " + offers(in));
      send(out, 0, Bencoded.Dict.builder().put("m", dict(Map.of("ut_pex", 1))).build().encode());
      send(out, 1, pex(arguments[2]));
      in.transferTo(System.err);
    }
  }

  private static byte[] handshake(byte[] infoHash) {
    byte[] reserved = {0, 0, 0, 0, 0, 0x10, 0, 0}; // BEP 10
    return ByteBuffer.allocate(HANDSHAKE_SIZE)
        .put((byte) 19)
        .put("BitTorrent protocol".getBytes(StandardCharsets.US_ASCII))
        .put(reserved)
        .put(infoHash)
        .put("-XX0001-abcdefghijkl".getBytes(StandardCharsets.US_ASCII))
        .array();
  }

  /// Reads up to the extension handshake, and says what is in its `m`.
  private static Map<String, Integer> offers(DataInputStream in)
      throws IOException, MalformedMessage {
    while (true) {
      byte[] frame = in.readNBytes(in.readInt());
      if (frame.length > 1 && frame[0] == EXTENDED && frame[1] == 0) {
        var names = new TreeMap<String, Integer>();
        BencodeReader.strict(BencodeLimits.DEFAULT)
            .readDict(ByteBuffer.wrap(frame, 2, frame.length - 2))
            .dict("m")
            .orElseThrow()
            .entries()
            .forEach((name, id) -> names.put(name, (int) ((Bencoded.Int) id).value()));
        return names;
      }
    }
  }

  private static Bencoded.Dict dict(Map<String, Integer> numbers) {
    var dict = Bencoded.Dict.builder();
    numbers.forEach(dict::put);
    return dict.build();
  }

  private static byte[] pex(String address) throws IOException {
    int colon = address.indexOf(':');
    byte[] compact =
        ByteBuffer.allocate(6)
            .put(InetAddress.getByName(address.substring(0, colon)).getAddress())
            .putShort((short) Integer.parseInt(address.substring(colon + 1)))
            .array();
    return Bencoded.Dict.builder()
        .put("added", compact)
        .put("added.f", new byte[1])
        .build()
        .encode();
  }

  private static void send(DataOutputStream out, int id, byte[] payload) throws IOException {
    out.writeInt(2 + payload.length);
    out.write(EXTENDED);
    out.write(id);
    out.write(payload);
  }
}
