/// One swarm: the candidate book, who told us what, and whom to dial.
module peerage.swarm {
  requires transitive peerage.pex;
  requires static org.jspecify;
}
