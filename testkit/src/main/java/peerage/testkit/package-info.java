/// What every test leans on: seeds, hostile bytes, transcripts, purity and tidiness.
@NullMarked
package peerage.testkit;

import org.jspecify.annotations.NullMarked;
