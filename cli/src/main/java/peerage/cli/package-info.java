/// The command line.
@NullMarked
package peerage.cli;

import org.jspecify.annotations.NullMarked;
