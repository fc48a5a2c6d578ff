/// WebRTC as a way to direct connections of PXP: the only module with native code.
module peerage.webrtc {
  requires peerage.node;
  requires webrtc.java;
  requires static org.jspecify;

  provides peerage.node.spi.PxpUpgrade with
      peerage.webrtc.WebRtc;
}
