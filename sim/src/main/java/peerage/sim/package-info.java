/// Simulated networks. [peerage.sim.DhtSimulation] grows a distributed hash table in this process
/// and measures it; the same seed gives the same run.
@NullMarked
package peerage.sim;

import org.jspecify.annotations.NullMarked;
