package peerage.node;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import peerage.bencode.MalformedMessage;
import peerage.node.DownloadException.Reason;
import peerage.peers.InfoHash;
import peerage.wire.Magnet;
import peerage.wire.Metainfo;

/// Reads torrents from where users have them: files and web addresses.
public final class TorrentSource {
  /// The largest `.torrent` that is read, in bytes: a terabyte in 1 MiB pieces has 20 MB.
  public static final int MAX_SIZE = 64 * 1024 * 1024;

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private TorrentSource() {}

  /// Reads a torrent from a path or an `http(s)` address.
  ///
  /// @throws DownloadException if there is none, in one sentence
  /// @throws InterruptedException if interrupted while waiting for a server
  public static Metainfo read(String where) throws DownloadException, InterruptedException {
    return parse(bytes(where), where);
  }

  /// Reads a torrent from a file.
  ///
  /// @throws DownloadException if there is none, in one sentence
  public static Metainfo read(Path file) throws DownloadException {
    return parse(fromFile(file), file.toString());
  }

  /// Whether a text is meant to be a magnet link, or an info-hash that stands for one.
  public static boolean isMagnet(String where) {
    return Magnet.isMagnet(where.strip()) || where.strip().matches("[0-9a-fA-F]{40}");
  }

  /// Reads a magnet link, or an info-hash in hex as one that says nothing else.
  ///
  /// @throws DownloadException if it names no torrent, in one sentence
  public static Magnet magnet(String link) throws DownloadException {
    try {
      return isMagnet(link) && !Magnet.isMagnet(link.strip())
          ? Magnet.of(InfoHash.parse(link.strip()))
          : Magnet.parse(link);
    } catch (MalformedMessage e) {
      throw new DownloadException(Reason.BAD_MAGNET, String.valueOf(e.getMessage()));
    }
  }

  /// The undecoded bytes of a torrent at a path or an `http(s)` address.
  ///
  /// @throws DownloadException if there are none, in one sentence
  /// @throws InterruptedException if interrupted while waiting for a server
  public static byte[] bytes(String where) throws DownloadException, InterruptedException {
    if (where.startsWith("magnet:")) {
      throw new DownloadException(
          Reason.BAD_TORRENT, "a magnet link has no bytes to read: its metadata comes from peers");
    }
    return where.matches("(?i)https?://.*") ? fromWeb(where) : fromFile(Path.of(where));
  }

  private static Metainfo parse(byte[] bytes, String where) throws DownloadException {
    try {
      return Metainfo.parse(bytes);
    } catch (MalformedMessage e) {
      throw new DownloadException(
          Reason.BAD_TORRENT, where + " is no torrent that can be used: " + e.getMessage());
    }
  }

  private static byte[] fromFile(Path file) throws DownloadException {
    if (Files.isDirectory(file)) {
      throw new DownloadException(
          Reason.BAD_TORRENT, file + " is a directory, not a .torrent file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return bounded(in, file.toString());
    } catch (java.nio.file.NoSuchFileException _) {
      throw new DownloadException(Reason.NOT_FOUND, "there is no file " + file);
    } catch (AccessDeniedException _) {
      throw new DownloadException(Reason.DENIED, "no permission to read " + file);
    } catch (DownloadException e) {
      throw e;
    } catch (IOException e) {
      throw new DownloadException(Reason.OTHER, "cannot read " + file + ": " + e.getMessage());
    }
  }

  private static byte[] bounded(InputStream in, String where) throws IOException {
    byte[] bytes = in.readNBytes(MAX_SIZE + 1);
    if (bytes.length > MAX_SIZE) {
      throw new DownloadException(
          Reason.BAD_TORRENT, where + " is larger than a torrent may be (64 MiB)");
    }
    return bytes;
  }

  private static byte[] fromWeb(String address) throws DownloadException, InterruptedException {
    try (var client =
        HttpClient.newBuilder()
            .connectTimeout(TIMEOUT)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build()) {
      var request =
          HttpRequest.newBuilder(URI.create(address))
              .timeout(TIMEOUT)
              .header("User-Agent", TrackerClient.USER_AGENT)
              .build();
      HttpResponse<InputStream> response =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        if (response.statusCode() != 200) {
          throw new DownloadException(
              response.statusCode() == 404 ? Reason.NOT_FOUND : Reason.NETWORK,
              address + " answered with HTTP status " + response.statusCode());
        }
        return bounded(body, address);
      }
    } catch (IllegalArgumentException e) {
      throw new DownloadException(
          Reason.BAD_TORRENT, address + " is no web address: " + e.getMessage());
    } catch (DownloadException e) {
      throw e;
    } catch (ConnectException _) {
      throw new DownloadException(
          Reason.NETWORK, "cannot fetch " + address + ": nobody answers there");
    } catch (IOException e) {
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new DownloadException(Reason.NETWORK, "cannot fetch " + address + ": " + why);
    }
  }
}
