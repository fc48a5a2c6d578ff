package peerage.node;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import peerage.peers.Link;
import peerage.peers.Origin;
import peerage.peers.PeerFlags;
import peerage.pieces.LinkSnapshot;
import peerage.swarm.Candidate;
import peerage.swarm.PeerView;
import peerage.swarm.Swarm;

/// Puts together what the two machines of a torrent know of a peer.
final class PeerReports {
  private PeerReports() {}

  static List<PeerReport> all(Swarm swarm, List<LinkSnapshot> links) {
    Map<Link, LinkSnapshot> byLink =
        links.stream().collect(Collectors.toMap(LinkSnapshot::link, Function.identity()));
    return swarm.peers().stream()
        .map(peer -> report(peer, byLink.get(peer.link()), swarm))
        .toList();
  }

  static Optional<PeerReport> one(Link link, Swarm swarm, List<LinkSnapshot> links) {
    @Nullable LinkSnapshot snapshot =
        links.stream().filter(l -> l.link().equals(link)).findFirst().orElse(null);
    return swarm.peers().stream()
        .filter(peer -> peer.link().equals(link))
        .findFirst()
        .map(peer -> report(peer, snapshot, swarm));
  }

  private static PeerReport report(PeerView peer, @Nullable LinkSnapshot link, Swarm swarm) {
    List<Origin> origins =
        swarm
            .book()
            .get(peer.address())
            .map(c -> c.hearings().stream().map(Candidate.Hearing::origin).toList())
            .orElse(List.of(peer.origin()));
    return new PeerReport(
        peer.address(),
        peer.direction(),
        origins,
        peer.client(),
        peer.flags().has(PeerFlags.UPLOAD_ONLY),
        link == null || link.pieces().size() == 0
            ? 0
            : (double) link.pieces().count() / link.pieces().size(),
        link == null ? 0 : link.downloadRate(),
        link == null ? 0 : link.uploadRate());
  }
}
