/// What every test leans on: seeds, hostile bytes, transcripts, purity and tidiness.
module peerage.testkit {
  requires transitive org.assertj.core;
  requires transitive org.junit.jupiter.api;
  requires transitive org.junit.jupiter.params;
  requires static org.jspecify;

  exports peerage.testkit;
}
