package peerage.pxp;

import java.security.KeyPair;

/// Our own Ed25519 key, and the fingerprint of the certificate that our upgrades show, which it
/// signs.
///
/// @param keys an Ed25519 key pair
/// @param fingerprint as it stands in the SDP, `sha-256 AB:CD:…`; empty text if there is no WebRTC
public record Identity(KeyPair keys, String fingerprint) {}
