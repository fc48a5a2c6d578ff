package peerage.pex;

/// What breaks the rules of BEP 11 so that it costs the teller something; what is only odd is a
/// [PexOddity]. How much it costs is for the owner of the session to say.
public enum PexOffence {
  /// A message came too soon after too many others, and was not read.
  TOO_OFTEN,
  /// So many messages came that it can be no mistake.
  FLOOD,
  /// A message named more contacts than are read.
  TOO_LONG,
  /// A message was no bencoded dictionary within the limits.
  MALFORMED
}
