package peerage.node;

import peerage.pxp.ExchangeNotice;

/// Turns what the machine notices into events and counts.
final class PxpNotices {
  private PxpNotices() {}

  static PxpEvent of(ExchangeNotice notice, PxpLoop loop) {
    if (notice instanceof ExchangeNotice.Told(var teller, int candidates, int known)) {
      return new PxpEvent.Told(teller, candidates, known); // each search says so: see PxpLoop
    }
    return switch (notice) {
      case ExchangeNotice.RuleBroken(var link, String rule) ->
          new PxpEvent.RuleBroken(loop.links().remote(link), rule);
      case ExchangeNotice.RelayBegun(var asker, var target) ->
          new PxpEvent.RelayBegun(asker, target);
      case ExchangeNotice.RelayEnded(var asker, var target, long bytes, String why) ->
          new PxpEvent.RelayEnded(asker, target, bytes, why);
      case ExchangeNotice.AskerRefused(var asker, String why) ->
          new PxpEvent.AskerRefused(asker, why);
      case ExchangeNotice.Told(var teller, int candidates, int known) ->
          new PxpEvent.Told(teller, candidates, known);
      case ExchangeNotice.CandidateFailed(var relay, String why) ->
          new PxpEvent.CandidateFailed(relay, why);
    };
  }
}
