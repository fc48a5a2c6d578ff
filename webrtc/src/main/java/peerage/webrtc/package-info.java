/// WebRTC as a wire of PXP.
@NullMarked
package peerage.webrtc;

import org.jspecify.annotations.NullMarked;
