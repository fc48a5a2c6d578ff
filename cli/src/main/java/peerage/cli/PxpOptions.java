package peerage.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import peerage.node.Pxp;
import peerage.node.PxpBuilder;
import peerage.node.spi.PxpUpgrade;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/// The network, the nodes to enter it by, and the options of every command that takes part in one.
final class PxpOptions {
  /// One more than a person looks at, many fewer than a process can hold.
  private static final int DEFAULT_MAX_PEERS = 256;

  /// What a node takes.
  private static final int MAX_PEERS = 100_000;

  @Parameters(
      index = "0",
      paramLabel = "NETWORK",
      description = "The name of the network: nodes that use the same name find each other.")
  String network = "";

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "URI",
      description =
          "Nodes to enter the network by, such as tcp://HOST:PORT or ws://HOST:PORT/PATH;"
              + " encrypted tls:// and wss://. One is enough. HOST:PORT alone is TCP.")
  List<String> entries = new ArrayList<>();

  @Option(
      names = "--connect",
      paramLabel = "URI",
      converter = PxpAddress.class,
      description = "The same as naming the URI after NETWORK; may be repeated.")
  List<PxpAddress> connect = new ArrayList<>();

  @Option(
      names = "--listen",
      paramLabel = "URI",
      converter = PxpAddress.class,
      description =
          "Let others connect: tcp://:8000 on all addresses, ws://127.0.0.1:8080/pxp on one, port 0"
              + " for any; may be repeated. tls:// and wss:// need --tls-key.")
  List<PxpAddress> listen = new ArrayList<>();

  @Option(
      names = "--remember",
      paramLabel = "FILE",
      description =
          "Keep the addresses of nodes that were reached in this file, and enter by them next time."
              + " One file per network.")
  @Nullable Path remember;

  @Option(
      names = "--no-webrtc",
      description = "Have no WebRTC connections: only where somebody listens, or through relays.")
  boolean noWebRtc;

  @Option(
      names = "--expose",
      paramLabel = "WHAT",
      converter = ExposureConverter.class,
      description =
          "Which of our addresses others learn by WebRTC: all, no-host (only what STUN and TURN"
              + " servers see), relay-only (only those of TURN servers). Default: all.")
  PxpUpgrade.Exposure expose = PxpUpgrade.Exposure.ALL;

  @Option(
      names = "--ice",
      paramLabel = "URI",
      converter = IceAddress.class,
      description =
          "Use this server for WebRTC: stun:HOST:PORT, or turn:USER:PASSWORD@HOST:PORT; may be"
              + " repeated. Default: none is ever contacted.")
  List<IceAddress> ice = new ArrayList<>();

  @Option(names = "--unlisted", description = "Do not tell others where we listen.")
  boolean unlisted;

  @Option(
      names = "--no-relay",
      description = "Neither introduce peers to each other nor carry their signalling.")
  boolean noRelay;

  @Option(
      names = "--max-peers",
      paramLabel = "N",
      description = "Connections at most. Default: ${DEFAULT-VALUE}.")
  int maxPeers = DEFAULT_MAX_PEERS;

  @Option(
      names = "--identity",
      paramLabel = "FILE",
      description =
          "Show who we are by the Ed25519 key in this file (PEM, PKCS#8); it is made if it does not"
              + " exist.")
  @Nullable Path identity;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "The private key for tls:// and wss:// that we listen on (PEM, PKCS#8).")
  @Nullable Path tlsKey;

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = "Its certificate, and those that lead to its authority (PEM).")
  @Nullable Path tlsCert;

  @Option(
      names = "--tls-ca",
      paramLabel = "FILE",
      description =
          "Trust these certificates (PEM) when connecting by tls:// and wss://. Default: the public"
              + " authorities.")
  @Nullable Path tlsCa;

  /// All nodes to enter by, in the order of preference.
  List<String> uris() throws CommandFailure {
    List<String> all = new ArrayList<>();
    for (String entry : entries) {
      try {
        all.add(PxpAddress.read(entry).uri());
      } catch (TypeConversionException e) {
        throw new CommandFailure(ExitCode.BAD_OPTION, String.valueOf(e.getMessage()));
      }
    }
    connect.forEach(each -> all.add(each.uri()));
    return all;
  }

  /// Whether there is no way at all by which a peer can come.
  boolean isDeaf() {
    return entries.isEmpty() && connect.isEmpty() && listen.isEmpty() && remember == null;
  }

  /// The identity's keys, made if asked for and not there.
  Optional<IdentityFile> identityFile() throws CommandFailure {
    return identity == null ? Optional.empty() : Optional.of(IdentityFile.at(identity));
  }

  /// A builder with all of this but the nodes to enter by.
  PxpBuilder builder(Optional<IdentityFile> key) throws CommandFailure {
    check();
    try {
      PxpBuilder builder = Pxp.network(network).peersMax(maxPeers).webRtc(expose);
      listen.forEach(where -> builder.listen(where.uri()));
      ice.forEach(server -> builder.iceServer(server.uri(), server.user(), server.password()));
      key.ifPresent(file -> builder.identity(file.keys()));
      switches(builder);
      if (tlsKey != null || tlsCa != null) {
        builder.tls(TlsFiles.context(tlsKey, tlsCert, tlsCa));
      }
      return builder;
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.BAD_OPTION, String.valueOf(e.getMessage()));
    }
  }

  private void switches(PxpBuilder builder) throws CommandFailure {
    if (noWebRtc) {
      builder.withoutWebRtc();
    }
    if (noRelay) {
      builder.withoutRelaying();
    }
    if (unlisted) {
      builder.unlisted();
    }
    if (remember != null) {
      builder.remember(checkedMemory(remember));
    }
  }

  private static Path checkedMemory(Path file) throws CommandFailure {
    if (Files.isDirectory(file)) {
      throw new CommandFailure(
          ExitCode.BAD_OPTION, "--remember is a file, and " + file + " is a folder");
    }
    Path folder = file.toAbsolutePath().normalize().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      throw new CommandFailure(ExitCode.NOT_FOUND, "there is no folder " + folder);
    }
    return file;
  }

  private void check() throws CommandFailure {
    if (maxPeers < 1 || maxPeers > MAX_PEERS) {
      throw new CommandFailure(
          ExitCode.BAD_OPTION,
          "--max-peers is 1 to " + Text.grouped(MAX_PEERS) + ", not " + maxPeers);
    }
    if ((tlsKey == null) != (tlsCert == null)) {
      throw new CommandFailure(
          ExitCode.BAD_OPTION, "--tls-key and --tls-cert belong together: give both");
    }
    Optional<PxpAddress> needy = listen.stream().filter(PxpAddress::isEncrypted).findFirst();
    if (needy.isPresent() && tlsKey == null) {
      throw new CommandFailure(
          ExitCode.BAD_OPTION,
          "to listen on " + needy.get() + " give a key by --tls-key and --tls-cert");
    }
  }

  /// Reads `--expose`.
  static final class ExposureConverter implements ITypeConverter<PxpUpgrade.Exposure> {
    @Override
    public PxpUpgrade.Exposure convert(String text) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "all" -> PxpUpgrade.Exposure.ALL;
        case "no-host" -> PxpUpgrade.Exposure.NO_HOST;
        case "relay-only" -> PxpUpgrade.Exposure.RELAY_ONLY;
        default ->
            throw new TypeConversionException(
                "'" + text + "' is not one of all, no-host, relay-only");
      };
    }
  }
}
