/// Announcing: what a client asks a tracker ([peerage.announce.AnnounceRequest]), what it hears
/// ([peerage.announce.AnnounceResponse]), and when it asks which ([peerage.announce.Announcer]).
@NullMarked
package peerage.announce;

import org.jspecify.annotations.NullMarked;
