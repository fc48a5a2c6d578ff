/// Small programs that use the library, each one file.
@NullMarked
package peerage.examples;

import org.jspecify.annotations.NullMarked;
