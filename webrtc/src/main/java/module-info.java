/// WebRTC as a wire of PXP.
module peerage.webrtc {
  requires peerage.node;
  requires static org.jspecify;
}
