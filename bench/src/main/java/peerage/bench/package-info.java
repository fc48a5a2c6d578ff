/// Measurements against named rivals: each prints both figures and their ratio.
@NullMarked
package peerage.bench;

import org.jspecify.annotations.NullMarked;
