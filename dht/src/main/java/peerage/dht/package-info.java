/// The distributed hash table (BEP 5 and its companions): who is in it ([peerage.dht.NodeInfo]),
/// and the machine that takes part in it.
@NullMarked
package peerage.dht;

import org.jspecify.annotations.NullMarked;
