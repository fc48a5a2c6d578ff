package peerage.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import peerage.node.TestSwarm.Awaited;
import peerage.node.TestSwarm.Host;
import peerage.peers.Origin;
import peerage.swarm.SwarmEvent;
import peerage.wire.ExtensionHandshake;
import peerage.wire.Magnet;
import peerage.wire.Metainfo;
import peerage.wire.MetainfoBuilder;

/// Magnets from end to end, between nodes on the loopback network.
final class MagnetDownloadTest {
  @TempDir Path root;

  private static Magnet magnet(TestSwarm swarm, Host... peers) {
    return new Magnet(
        swarm.torrent().infoHash(),
        Optional.of("a name"),
        OptionalLong.empty(),
        List.of(),
        List.of(peers).stream()
            .map(Host::address)
            .map(at -> new Magnet.Endpoint(at.ip().toString(), at.port()))
            .toList(),
        List.of(),
        List.of());
  }

  @Test
  void aMagnetWithOnePeerIsEnough() throws Exception {
    try (var swarm = new TestSwarm(root, 400_000)) {
      Host seed = swarm.seed();
      Host leech = swarm.host();
      var events = new CopyOnWriteArrayList<TorrentEvent>();
      Download download =
          leech
              .node()
              .download(magnet(swarm, seed), DownloadOptions.into(leech.directory()), events::add);
      assertThat(download.infoHash()).isEqualTo(swarm.torrent().infoHash());
      assertThat(download.await(TestSwarm.PATIENCE))
          .isEqualTo(leech.directory().resolve(TestSwarm.NAME))
          .hasBinaryContent(swarm.content());
      assertThat(download.torrent().orElseThrow().name()).isEqualTo(TestSwarm.NAME);
      assertThat(download.connected())
          .singleElement()
          .satisfies(peer -> assertThat(peer.origins()).first().isInstanceOf(Origin.Magnet.class));
      assertThat(events)
          .anyMatch(TorrentEvent.MetadataFetching.class::isInstance)
          .anyMatch(TorrentEvent.MetadataArrived.class::isInstance)
          .anyMatch(TorrentEvent.Joined.class::isInstance);
    }
  }

  @Test
  void theSameMagnetStartsAtOnceTheNextTime() throws Exception {
    try (var swarm = new TestSwarm(root, 100_000)) {
      Host seed = swarm.seed();
      Host leech = swarm.host();
      try (var download =
          leech.node().download(magnet(swarm, seed), DownloadOptions.into(leech.directory()))) {
        download.await(TestSwarm.PATIENCE);
      }
      Path kept =
          leech
              .directory()
              .resolveSibling("state")
              .resolve("metadata")
              .resolve(swarm.torrent().infoHash() + ".torrent");
      assertThat(TorrentSource.read(kept).infoHash()).isEqualTo(swarm.torrent().infoHash());
      seed.node().close();
      try (var again =
          leech.node().download(magnet(swarm), DownloadOptions.into(leech.directory()))) {
        assertThat(again.torrent()).isPresent();
        again.await(TestSwarm.PATIENCE);
      }
    }
  }

  @Test
  void metadataThatSomebodyChangedCountsAsMissing() throws IOException {
    try (var swarm = new TestSwarm(root, 100_000)) {
      var store = new MetadataStore(root);
      assertThat(store.find(magnet(swarm))).isEmpty();
      store.keep(swarm.torrent());
      assertThat(store.find(magnet(swarm))).isPresent();
      Path file = root.resolve("metadata").resolve(swarm.torrent().infoHash() + ".torrent");
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length - 3] ^= 1;
      Files.write(file, bytes);
      assertThat(store.find(magnet(swarm))).isEmpty();
      Files.write(file, new byte[3]);
      assertThat(store.find(magnet(swarm))).isEmpty();
    }
  }

  @Test
  void filesAreChosenWhenTheTorrentIsKnown() throws Exception {
    try (var swarm = new TestSwarm(root, 100_000)) {
      Host seed = swarm.seed();
      Host leech = swarm.host();
      var none =
          DownloadOptions.into(leech.directory())
              .choosing(
                  torrent -> {
                    throw new IllegalArgumentException("there is no file 7 in " + torrent.name());
                  });
      Download download = leech.node().download(magnet(swarm, seed), none);
      assertThatExceptionOfType(DownloadException.class)
          .isThrownBy(() -> download.await(TestSwarm.PATIENCE))
          .withMessage("there is no file 7 in " + TestSwarm.NAME)
          .satisfies(
              e -> assertThat(e.reason()).isEqualTo(DownloadException.Reason.NO_FILE_CHOSEN));
    }
  }

  @Test
  void metadataGoesFromOneMagnetToTheNext() throws Exception {
    try (var swarm = new TestSwarm(root, 200_000)) {
      Host seed = swarm.seed();
      Host first = swarm.host();
      Host second = swarm.host();
      Download download =
          first.node().download(magnet(swarm), DownloadOptions.into(first.directory()));
      // The second knows the first only, which has nothing yet but its name.
      var met = TestSwarm.connectedTo(first.address());
      Watch waiting = second.node().watch(magnet(swarm, first), met);
      met.await();
      download.tell(seed.address());
      download.await(TestSwarm.PATIENCE);
      assertThat(waiting.metadata().get(30, java.util.concurrent.TimeUnit.SECONDS).infoHash())
          .isEqualTo(swarm.torrent().infoHash());
    }
  }

  @Test
  void peerExchangeRunsBeforeTheMetadataIsThere() throws Exception {
    try (var swarm = new TestSwarm(root, 100_000)) {
      Host first = swarm.host();
      Host second = swarm.host();
      Host hub = swarm.host();
      var met = TestSwarm.connectedTo(second.address());
      Watch nobody = hub.node().watch(magnet(swarm));
      Watch one = first.node().watch(magnet(swarm, hub), met);
      Watch other = second.node().watch(magnet(swarm, hub));
      met.await();
      assertThat(List.of(nobody, one, other)).allMatch(watch -> watch.torrent().isEmpty());
    }
  }

  @Test
  void privateMetadataIsNotOffered() throws Exception {
    try (var swarm = new TestSwarm(root, 100_000, MetainfoBuilder::markPrivate)) {
      Host seed = swarm.seed();
      Host leech = swarm.host();
      var met = TestSwarm.connectedTo(seed.address());
      Watch watch = leech.node().watch(magnet(swarm, seed), met);
      met.await();
      var fetching = new Awaited<TorrentEvent>(TorrentEvent.MetadataFetching.class::isInstance);
      watch.onEvent(fetching);
      assertThat(watch.progress().metadata().peers()).isZero();
      assertThat(watch.torrent()).isEmpty();
    }
  }

  @Test
  void aTorrentAndItsMagnetAreTheSameSwarm() throws Exception {
    try (var swarm = new TestSwarm(root, 100_000)) {
      Host host = swarm.host();
      host.node().watch(swarm.torrent());
      org.assertj.core.api.Assertions.assertThatIllegalStateException()
          .isThrownBy(() -> host.node().watch(magnet(swarm)))
          .withMessageContaining("is running already");
    }
  }

  @Test
  void aMagnetThatNamesNothingIsRefusedInOneSentence() throws Exception {
    try (var swarm = new TestSwarm(root, 100_000)) {
      Host host = swarm.host();
      assertThatExceptionOfType(DownloadException.class)
          .isThrownBy(() -> host.node().download("magnet:?dn=x", host.directory()))
          .withMessageContaining("no topic");
    }
  }

  private static Magnet at(TestSwarm swarm, MetadataGiver giver) {
    var endpoint = new Magnet.Endpoint(giver.address().ip().toString(), giver.address().port());
    return magnet(swarm).withPeers(List.of(endpoint));
  }

  @Test
  void whatTurnsOutPrivateIsTakenBack() throws Exception {
    try (var swarm = new TestSwarm(root, 100_000, MetainfoBuilder::markPrivate);
        var giver = new MetadataGiver("127.0.0.9", swarm.torrent(), info -> info)) {
      Host host = swarm.host();
      Watch watch = host.node().watch(magnet(swarm));
      watch.tell(giver.address()); // whom the user names stays
      ExtensionHandshake first = giver.handshake();
      assertThat(first.extensions()).containsEntry("ut_pex", 1).containsEntry("ut_metadata", 2);
      assertThat(first.metadataSize()).isEmpty();
      ExtensionHandshake second = giver.handshake();
      assertThat(second.extensions()).containsEntry("ut_pex", 0).containsEntry("ut_metadata", 0);
      assertThat(second.metadataSize()).isEmpty();
      assertThat(watch.torrent().orElseThrow().isPrivate()).isTrue();
      assertThat(giver.pexMessages()).isZero();
      watch.close();
      assertThat(host.directory().resolveSibling("state").resolve("peers"))
          .as("what is private is not remembered")
          .doesNotExist();
    }
  }

  @Test
  void whomOnlyTheMagnetNamedLeavesAPrivateTorrent() throws Exception {
    try (var swarm = new TestSwarm(root, 100_000, MetainfoBuilder::markPrivate);
        var giver = new MetadataGiver("127.0.0.9", swarm.torrent(), info -> info)) {
      Host host = swarm.host();
      var left =
          new Awaited<TorrentEvent>(
              event -> event instanceof TorrentEvent.OfSwarm(SwarmEvent.Disconnected _));
      Watch watch = host.node().watch(at(swarm, giver), left);
      left.await();
      assertThat(watch.torrent()).isPresent();
      assertThat(watch.connected()).isEmpty();
    }
  }

  @Test
  void whoGivesFalseMetadataIsBannedAndAnotherIsAsked() throws Exception {
    try (var swarm = new TestSwarm(root, 400_000);
        var liar =
            new MetadataGiver(
                "127.0.0.9",
                swarm.torrent(),
                info -> {
                  info[info.length / 2] ^= 1;
                  return info;
                })) {
      Host seed = swarm.seed();
      Host leech = swarm.host();
      Download download =
          leech.node().download(at(swarm, liar), DownloadOptions.into(leech.directory()));
      liar.awaitEnd();
      assertThat(download.torrent()).isEmpty();
      download.tell(seed.address());
      assertThat(download.await(TestSwarm.PATIENCE)).hasBinaryContent(swarm.content());
    }
  }

  @Test
  void metadataThatLeadsToNoTorrentEndsTheDownloadInOneSentence() throws Exception {
    byte[] info = "d4:name1:x12:piece lengthi16384ee".getBytes(StandardCharsets.US_ASCII);
    try (var swarm = new TestSwarm(root, 400_000)) {
      Host host = swarm.host();
      Download download =
          host.node()
              .download(
                  Magnet.of(Metainfo.infoHashOf(info)), DownloadOptions.into(host.directory()));
      download.loop.post(() -> download.loop.subject().metadataArrived(info));
      assertThatExceptionOfType(DownloadException.class)
          .isThrownBy(() -> download.await(TestSwarm.PATIENCE))
          .withMessageContaining("leads to no torrent that can be used")
          .satisfies(e -> assertThat(e.reason()).isEqualTo(DownloadException.Reason.BAD_TORRENT));
    }
  }

  /// The peer that lacks everything but the metadata gives that, and gets the content back.
  @Test
  void whatIsOnDiskAlreadyIsServedToWhoWasThereBefore() throws Exception {
    try (var swarm = new TestSwarm(root, 400_000)) {
      Host full = swarm.host();
      Host empty = swarm.host();
      Files.write(full.directory().resolve(TestSwarm.NAME), swarm.content());
      full.node().download(magnet(swarm), DownloadOptions.into(full.directory()));
      Download download =
          empty.node().download(swarm.torrent(), DownloadOptions.into(empty.directory()));
      download.tell(full.address());
      assertThat(download.await(TestSwarm.PATIENCE)).hasBinaryContent(swarm.content());
    }
  }
}
