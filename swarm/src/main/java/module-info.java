/// One swarm: whom we have heard of, whom to dial, whom we are connected to, whom we tell.
module peerage.swarm {
  requires transitive peerage.pex;
  requires static org.jspecify;

  exports peerage.swarm;
}
