/// The command line.
module peerage.cli {
  requires peerage.node;
  requires peerage.sim;
  requires info.picocli;
  requires jdk.httpserver;
  requires tools.jackson.core;
  requires static org.jspecify;

  opens peerage.cli to
      info.picocli;
}
