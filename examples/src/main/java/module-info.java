/// Small programs that use the library.
module peerage.examples {
  requires jdk.httpserver;
  requires peerage.node;
  requires static org.jspecify;
}
