/// WebRTC as a way to direct connections of PXP: [WebRtc] opens an engine, an engine starts
/// upgrades, an upgrade becomes a channel.
@NullMarked
package peerage.webrtc;

import org.jspecify.annotations.NullMarked;
