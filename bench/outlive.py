#!/usr/bin/env python3
"""A swarm whose tracker dies: sixty peers with ten connections each, two thirds of them replaced one by one.

usage (root; Debian packages iproute2, python3-libtorrent; after `mvn package -DskipTests`; run by /usr/bin/python3):
  bench/outlive.py [--peers 60] [--slots 10] [--seconds 600] [--seed 1] [--clients peerage,libtorrent] [--json FILE]

Each peer has a network namespace and a public address in a /16 of its own; there is no way out. They meet through a tracker, which
is then killed. Over --seconds two thirds are killed one by one, each replaced by a newcomer that was started before, is warm and
knows nobody, and is told of one living peer, taken at random: its clock starts then. A connection counts once it has stood for ten
seconds, with the time at which it began. Links are read from the kernel's tables of all namespaces. The clients take turns;
each takes --seconds and some three minutes.
"""
import argparse
import json
import random
import statistics
import subprocess
import time

from lab import ROOT, SMALL, Internet, Libtorrent, Peerage, folder, java, make, measure, public_addresses

TRACKER = "92.10.20.30"
KEPT, WATCH = 10.0, 75.0  # seconds a connection must stand to count; seconds a newcomer is watched
CLIENTS = {"peerage": Peerage, "libtorrent": Libtorrent}


class Watch:
    """When a newcomer's connections began and were last seen, from the moment it was told of somebody."""

    def __init__(self, peer, start):
        self.peer, self.start, self.spans, self.at = peer, start, {}, -1.0

    def look(self, now):
        """Often at first, then twice a second: the kernel takes a millisecond for each look."""
        if now - self.start - self.at < (0.05 if self.at < 6 else 0.5):
            return
        self.at = now - self.start
        for link in self.peer.links():
            first, _ = self.spans.get(link, (self.at, 0))
            self.spans[link] = (first, self.at)

    def waited_for(self, count):
        """Seconds until so many connections stood at once, of those that stood long enough; None if never."""
        kept = sorted((first, last) for first, last in self.spans.values() if last - first >= KEPT)
        for first, _ in kept:
            if sum(1 for f, l in kept if f <= first <= l) >= count:
                return round(first, 2)
        return None

    def first_touch(self):
        return round(min((first for first, _ in self.spans.values()), default=-1), 2)


def components(peers):
    """Sizes of the parts that hang together, largest first, and the mean number of links of a peer."""
    here = {peer.ip: peer for peer in peers}
    near = {peer.ip: {ip for _, ip, _ in peer.links() if ip in here} for peer in peers}
    for ip in near:
        near[ip] = {other for other in near[ip] if ip in near[other]}
    sizes, left = [], set(near)
    while left:
        part, edge = set(), {left.pop()}
        while edge:
            part |= edge
            edge = {other for ip in edge for other in near[ip]} - part
        left -= part
        sizes.append(len(part))
    degrees = [len(others) for others in near.values()]
    return sorted(sizes, reverse=True), round(statistics.mean(degrees), 1), min(degrees)


class Swarm:
    def __init__(self, client, a, torrent, data):
        self.client, self.a, self.torrent, self.data = client, a, torrent, data
        self.rng = random.Random(a.seed)
        self.addresses = public_addresses(self.rng, a.peers * 2)
        self.network, self.peers, self.watches, self.history = Internet(client.name[0]), [], [], []

    def add(self, data=None):
        i = self.network.add(self.addresses.pop())
        return self.client(self.network, i, self.torrent, folder("%s-%d" % (self.client.name, i), data), 8192, self.a.slots)

    def meet(self):
        self.network.own([TRACKER])
        tracker = self.network.run(None, ["/usr/bin/python3", ROOT + "/bench/tracker.py", TRACKER, "6969", str(self.a.seed)],
                                   stdout=subprocess.PIPE)
        tracker.stdout.readline()
        for i in range(self.a.peers):
            self.peers.append(self.add(self.data if i == 0 else None))
            time.sleep(0.2)
        end = time.monotonic() + 90
        while time.monotonic() < end:
            sizes, mean, least = components(self.peers)
            if len(sizes) == 1 and least >= self.a.slots / 2:
                break
            time.sleep(2)
        tracker.kill()
        tracker.wait()
        self.note("tracker killed")

    def note(self, what):
        sizes, mean, least = components(self.peers)
        self.history.append({"at": round(time.monotonic(), 1), "what": what, "components": sizes, "links": mean, "fewest": least})
        print(self.client.name, what, "components", sizes[:6], "links of a peer", mean, "fewest", least, flush=True)

    def churn(self):
        count = self.a.peers * 2 // 3
        step, start = self.a.seconds / count, time.monotonic()
        first = list(self.peers)
        for k in range(count):
            newcomer = self.add()
            self.look_until(start + (k + 1) * step - min(2, step / 3))
            leaver = first.pop(self.rng.randrange(len(first)))
            self.peers.remove(leaver)
            leaver.stop()
            self.network.remove(leaver.i)
            newcomer.connect(self.rng.choice(self.peers).ip)
            self.watches.append(Watch(newcomer, time.monotonic()))
            self.peers.append(newcomer)
            if k % 5 == 4:
                self.note("%d replaced" % (k + 1))
        self.look_until(time.monotonic() + WATCH)
        self.note("at the end")

    def look_until(self, end):
        while True:
            now = time.monotonic()
            for watch in self.watches:
                if now - watch.start < WATCH:
                    watch.look(now)
            if now >= end:
                return
            time.sleep(0.05)

    def result(self):
        watched = self.watches
        return {"client": self.client.name, "components at the end": self.history[-1]["components"],
                "links of a peer at the end": self.history[-1]["links"],
                "ended by themselves": sum(not p.is_alive() for p in self.peers),
                "first": [w.waited_for(1) for w in watched], "eighth": [w.waited_for(8) for w in watched],
                "touch": [w.first_touch() for w in watched], "history": self.history}

    def stop(self):
        self.network.close()


def told(times):
    """Median, 90th percentile and worst; never counts as worse than any."""
    order = sorted(times, key=lambda t: float("inf") if t is None else t)
    pick = [order[len(order) // 2], order[len(order) * 9 // 10], order[-1]]
    never = sum(t is None for t in times)
    return " / ".join("never" if t is None else "%.2f" % t for t in pick) + (" (%d never)" % never if never else "")


def table(results):
    print("\n| figure | %s |\n|---|%s" % (" | ".join(r["client"] for r in results), "---|" * len(results)))
    rows = [("components at the end", lambda r: ", ".join(map(str, r["components at the end"]))),
            ("links of a peer at the end, mean", lambda r: str(r["links of a peer at the end"])),
            ("first connection, s: median / 90 % / worst", lambda r: told(r["first"])),
            ("eighth connection, s: median / 90 % / worst", lambda r: told(r["eighth"])),
            ("newcomers over 5 s for the first", lambda r: sum(t is None or t > 5 for t in r["first"])),
            ("newcomers over 30 s for the eighth", lambda r: sum(t is None or t > 30 for t in r["eighth"]))]
    for name, value in rows:
        print("| %s | %s |" % (name, " | ".join(str(value(r)) for r in results)))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--peers", type=int, default=60)
    p.add_argument("--slots", type=int, default=10)
    p.add_argument("--seconds", type=float, default=600)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--clients", default=",".join(CLIENTS))
    p.add_argument("--json")
    a = p.parse_args()
    Peerage.tuning = SMALL
    java(SMALL)  # makes the start-up cache
    torrent, data = make(64 << 20, 1 << 16, "http://%s:6969/announce" % TRACKER)
    results = []
    for name in a.clients.split(","):
        swarm = Swarm(CLIENTS[name], a, torrent, data)
        try:
            swarm.meet()
            swarm.churn()
            results.append(swarm.result())
        finally:
            swarm.stop()
    table(results)
    if a.json:
        with open(a.json, "w") as f:
            json.dump({"arguments": vars(a), "results": results}, f)


measure(main)
