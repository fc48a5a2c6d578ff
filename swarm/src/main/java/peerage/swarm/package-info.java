/// The life of a peer address in one swarm: heard → judged → dialled → verified → connected →
/// vouched for → dropped. [peerage.swarm.Swarm] is the machine, [peerage.swarm.CandidateBook] its
/// memory.
@NullMarked
package peerage.swarm;

import org.jspecify.annotations.NullMarked;
