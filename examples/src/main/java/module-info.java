/// Small programs that use the library.
module peerage.examples {
  requires peerage.node;
  requires static org.jspecify;
}
