package peerage.webrtc;

import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.PeerConnectionObserver;
import dev.onvoid.webrtc.RTCCertificatePEM;
import dev.onvoid.webrtc.RTCConfiguration;
import dev.onvoid.webrtc.RTCIceServer;
import dev.onvoid.webrtc.RTCIceTransportPolicy;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.media.audio.HeadlessAudioDeviceModule;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import peerage.node.spi.PxpUpgrade;

/// One factory of the native library, with the thread that calls it.
///
/// The library's callbacks come on a thread that its own calls wait for. So nothing is ever called
/// from a callback: callbacks leave a task for the engine's thread and return. Only a channel's
/// reader and writer work beside it.
final class RtcEngine implements PxpUpgrade.Engine {
  private final PxpUpgrade.Options options;
  private final Certificate certificate = Certificate.make(Instant.now());
  private final ScheduledThreadPoolExecutor tasks;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Set<RtcUpgrade> upgrades = new LinkedHashSet<>();
  private volatile @Nullable Thread worker;
  private @Nullable HeadlessAudioDeviceModule audio;
  private @Nullable PeerConnectionFactory factory;

  RtcEngine(PxpUpgrade.Options options) throws IOException {
    this.options = options;
    this.tasks =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("peerage-webrtc").factory());
    try {
      tasks.submit(this::makeFactory).get();
    } catch (ExecutionException e) {
      tasks.shutdown();
      Throwable cause = Optional.ofNullable(e.getCause()).orElse(e);
      throw new IOException("WebRTC does not start: " + cause.getMessage() + ".", cause);
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new IOException("Starting WebRTC was interrupted.", e);
    }
  }

  @Override
  public String fingerprint() {
    return certificate.fingerprint();
  }

  @Override
  public PxpUpgrade.Upgrade start(PxpUpgrade.Side side, PxpUpgrade.Observer observer) {
    var upgrade = new RtcUpgrade(this, side, options.exposure(), observer);
    if (closed.get() || !later(upgrade::begin)) {
      observer.failed("WebRTC is closed");
    }
    return upgrade;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      later(() -> List.copyOf(upgrades).forEach(RtcUpgrade::closeGently));
      later(this::endIfIdle);
      later(this::end, Limits.LINGER_AT_END);
    }
    if (!Thread.currentThread().equals(worker)) {
      awaitEnd();
    }
  }

  /// Has the engine's thread run a task.
  ///
  /// @return whether it will
  boolean later(Runnable task) {
    return later(task, Duration.ZERO);
  }

  boolean later(Runnable task, Duration after) {
    try {
      var _ = tasks.schedule(task, after.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (RejectedExecutionException _) {
      return false;
    }
  }

  /// Makes a connection of the native library, on the engine's thread.
  ///
  /// @throws IllegalStateException if there are too many
  RTCPeerConnection connection(RtcUpgrade owner, PeerConnectionObserver observer) {
    if (factory == null || upgrades.size() >= Limits.UPGRADES_MAX) {
      throw new IllegalStateException("too many WebRTC connections");
    }
    RTCPeerConnection made = factory.createPeerConnection(configuration(), observer);
    upgrades.add(owner);
    return made;
  }

  /// An upgrade has ended, on the engine's thread.
  void ended(RtcUpgrade upgrade) {
    upgrades.remove(upgrade);
    if (closed.get()) {
      endIfIdle();
    }
  }

  private void makeFactory() {
    worker = Thread.currentThread();
    audio = new HeadlessAudioDeviceModule();
    factory = new PeerConnectionFactory(audio);
  }

  private RTCConfiguration configuration() {
    var configuration = new RTCConfiguration();
    configuration.certificates =
        List.of(
            new RTCCertificatePEM(
                certificate.key(),
                certificate.certificate(),
                certificate.expires().toEpochMilli()));
    configuration.iceServers = options.iceServers().stream().map(RtcEngine::server).toList();
    configuration.iceTransportPolicy =
        switch (options.exposure()) {
          case ALL -> RTCIceTransportPolicy.ALL;
          case NO_HOST -> RTCIceTransportPolicy.NO_HOST;
          case RELAY_ONLY -> RTCIceTransportPolicy.RELAY;
        };
    return configuration;
  }

  private static RTCIceServer server(PxpUpgrade.IceServer given) {
    var server = new RTCIceServer();
    server.urls = List.of(given.uri());
    server.username = given.user();
    server.password = given.password();
    return server;
  }

  private void endIfIdle() {
    if (upgrades.isEmpty()) {
      end();
    }
  }

  private void end() {
    List.copyOf(upgrades).forEach(RtcUpgrade::dispose);
    if (factory != null) {
      factory.dispose();
      factory = null;
    }
    if (audio != null) {
      audio.dispose();
      audio = null;
    }
    tasks.shutdownNow();
  }

  private void awaitEnd() {
    try {
      tasks.awaitTermination(Limits.END.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
