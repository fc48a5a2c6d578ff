package peerage.webrtc;

import dev.onvoid.webrtc.RTCAnswerOptions;
import dev.onvoid.webrtc.RTCDataChannel;
import dev.onvoid.webrtc.RTCDataChannelInit;
import dev.onvoid.webrtc.RTCDataChannelState;
import dev.onvoid.webrtc.RTCIceCandidate;
import dev.onvoid.webrtc.RTCOfferOptions;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.RTCPeerConnectionState;
import dev.onvoid.webrtc.RTCSdpType;
import dev.onvoid.webrtc.RTCSessionDescription;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import peerage.node.spi.PxpUpgrade;
import peerage.pxp.Signal;

/// One upgrade, and its connection when it has become one. Everything but [#take] and [#close] runs
/// on the engine's thread.
final class RtcUpgrade implements PxpUpgrade.Upgrade {
  /// npm's simple-peer names its channels with 40 hex digits.
  private static final int LABEL_BYTES = 20;

  private final RtcEngine engine;
  private final PxpUpgrade.Side side;
  private final PxpUpgrade.Exposure exposure;
  private final PxpUpgrade.Observer observer;
  private final AtomicInteger signals = new AtomicInteger();

  /// Candidates that came before the description that they belong to.
  private final List<RTCIceCandidate> early = new ArrayList<>();

  private @Nullable RTCPeerConnection connection;
  private @Nullable RTCDataChannel nativeChannel;
  private @Nullable RtcChannel channel;
  private int messageMax = Limits.MESSAGE_SENT;
  private boolean isDescribed;
  private boolean isRemoteSet;
  private boolean isOpen;
  private boolean isReported;
  private boolean isEnded;

  RtcUpgrade(
      RtcEngine engine,
      PxpUpgrade.Side side,
      PxpUpgrade.Exposure exposure,
      PxpUpgrade.Observer observer) {
    this.engine = engine;
    this.side = side;
    this.exposure = exposure;
    this.observer = observer;
  }

  @Override
  public void take(Signal signal) {
    int count = signals.incrementAndGet();
    if (count <= Limits.SIGNALS_MAX) {
      later(() -> obey(signal));
    } else if (count == Limits.SIGNALS_MAX + 1) {
      later(() -> fail("too many signals"));
    }
  }

  @Override
  public void close() {
    later(this::closeGently);
  }

  /// Has the engine's thread run a step; a step that fails ends the upgrade.
  void later(Runnable step) {
    engine.later(() -> attempt(step));
  }

  void begin() {
    attempt(
        () -> {
          if (isEnded) {
            return;
          }
          RTCPeerConnection made = engine.connection(this, new ConnectionEvents(this));
          connection = made;
          if (side == PxpUpgrade.Side.OFFER) {
            attach(made.createDataChannel(label(), new RTCDataChannelInit()));
            made.createOffer(new RTCOfferOptions(), new DescriptionEvents(this));
          }
        });
  }

  /// The library has written our description.
  void described(RTCSessionDescription description) {
    if (connection != null) {
      // Before it is set, for then candidates are made.
      made(
          new Signal.Description(
              side == PxpUpgrade.Side.OFFER ? Signal.Kind.OFFER : Signal.Kind.ANSWER,
              Sieve.outgoingSdp(description.sdp, exposure)));
      connection.setLocalDescription(description, new SettingEvents(this, () -> {}));
    }
  }

  /// The library has found one of our addresses.
  void found(RTCIceCandidate candidate) {
    if (connection != null && !isOpen) {
      Sieve.outgoing(candidate.sdp, exposure)
          .ifPresent(
              text ->
                  made(
                      new Signal.IceCandidate(
                          text,
                          Optional.ofNullable(candidate.sdpMid).orElse("0"),
                          Math.max(0, candidate.sdpMLineIndex))));
    }
  }

  /// The other side has made a data channel. Only ours, or the first of the offerer's, is a
  /// connection of PXP.
  void offered(RTCDataChannel made) {
    boolean isWanted =
        connection != null
            && side == PxpUpgrade.Side.ANSWER
            && channel == null
            && made.isOrdered()
            && made.isReliable();
    if (isWanted) {
      attach(made);
    } else {
      made.close();
      made.dispose();
      fail("the other side made a data channel that PXP has no use for");
    }
  }

  void channelChanged() {
    RTCDataChannelState state =
        nativeChannel == null ? RTCDataChannelState.CLOSED : nativeChannel.getState();
    if (state == RTCDataChannelState.OPEN && !isOpen && connection != null) {
      isOpen = true;
      lookWhereTheyAre();
      engine.later(() -> attempt(() -> report(Optional.empty())), Limits.ADDRESS);
    } else if (state == RTCDataChannelState.CLOSED) {
      fail("the other side closed the connection");
    }
  }

  /// The statistics may lag behind the channel: then they are read again.
  private void lookWhereTheyAre() {
    if (connection != null && !isReported) {
      connection.getStats(report -> later(() -> seen(RemoteAddress.of(report.getStats()))));
    }
  }

  private void seen(Optional<InetSocketAddress> remote) {
    if (remote.isPresent()) {
      report(remote);
    } else {
      engine.later(() -> attempt(this::lookWhereTheyAre), Limits.ADDRESS_AGAIN);
    }
  }

  void connectionChanged(RTCPeerConnectionState state) {
    if (state == RTCPeerConnectionState.FAILED) {
      if (channel != null) {
        channel.failed(new IOException("the connection was lost"));
      }
      fail("there is no way to the other side");
    }
  }

  /// More came than may wait.
  void overflowed() {
    dispose();
  }

  /// Ends the upgrade before it is a connection; after that it does nothing.
  void fail(String why) {
    dispose();
    if (!isReported) {
      isReported = true;
      observer.failed(why);
    }
  }

  /// Lets what was written leave.
  void closeGently() {
    isReported = true;
    if (isOpen && nativeChannel != null) {
      nativeChannel.close();
      engine.later(this::dispose, Limits.LINGER);
    } else {
      dispose();
    }
  }

  /// Ends everything now.
  void dispose() {
    if (isEnded) {
      return;
    }
    isEnded = true;
    nativeChannel = null;
    if (channel != null) {
      channel.ended();
      RTCDataChannel detached = channel.detach();
      if (detached != null) {
        detached.unregisterObserver();
        detached.close();
        detached.dispose();
      }
    }
    if (connection != null) {
      connection.close();
      connection = null;
    }
    engine.ended(this);
  }

  private void attempt(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error e) {
      // Native methods throw a plain Error for what a stranger has sent.
      fail("WebRTC failed: " + e.getMessage());
    }
  }

  private void made(Signal signal) {
    if (!isReported) {
      observer.made(signal);
    }
  }

  private void attach(RTCDataChannel made) {
    var stream = new RtcChannel(made, this::close);
    stream.limitTo(messageMax);
    nativeChannel = made;
    channel = stream;
    made.registerObserver(new ChannelEvents(this, stream));
    channelChanged();
  }

  private void report(Optional<InetSocketAddress> remote) {
    if (!isReported && channel != null) {
      isReported = true;
      observer.opened(channel, remote);
    }
  }

  private void obey(Signal signal) {
    if (connection == null || isOpen) {
      return;
    }
    if (signal instanceof Signal.Description description) {
      obey(connection, description);
    } else if (signal instanceof Signal.IceCandidate candidate) {
      obey(connection, candidate);
    }
  }

  private void obey(RTCPeerConnection target, Signal.Description description) {
    boolean isAnswer = description.kind() == Signal.Kind.ANSWER;
    if (isDescribed) {
      return;
    }
    Optional<String> sdp = Sieve.incomingSdp(description.sdp());
    if (isAnswer != (side == PxpUpgrade.Side.OFFER) || sdp.isEmpty()) {
      fail("the other side's description is not of a data channel for us");
      return;
    }
    isDescribed = true;
    messageMax = Sieve.messageMax(sdp.get());
    if (channel != null) {
      channel.limitTo(messageMax);
    }
    target.setRemoteDescription(
        new RTCSessionDescription(isAnswer ? RTCSdpType.ANSWER : RTCSdpType.OFFER, sdp.get()),
        new SettingEvents(this, this::remoteSet));
  }

  private void obey(RTCPeerConnection target, Signal.IceCandidate candidate) {
    if (Sieve.isWelcome(candidate)) {
      var made = new RTCIceCandidate(candidate.mid(), candidate.line(), candidate.candidate());
      if (isRemoteSet) {
        add(target, made);
      } else {
        early.add(made);
      }
    }
  }

  private void remoteSet() {
    RTCPeerConnection target = connection;
    if (target != null) {
      isRemoteSet = true;
      early.forEach(candidate -> add(target, candidate));
      early.clear();
      if (side == PxpUpgrade.Side.ANSWER) {
        target.createAnswer(new RTCAnswerOptions(), new DescriptionEvents(this));
      }
    }
  }

  /// A candidate that the library does not understand is one way less to the other side, no more.
  private static void add(RTCPeerConnection target, RTCIceCandidate candidate) {
    try {
      target.addIceCandidate(candidate);
    } catch (RuntimeException | Error e) {
      System.getLogger(RtcUpgrade.class.getName())
          .log(System.Logger.Level.DEBUG, "A candidate was not taken.", e);
    }
  }

  private static String label() {
    byte[] label = new byte[LABEL_BYTES];
    new SecureRandom().nextBytes(label);
    return HexFormat.of().formatHex(label);
  }
}
