#!/usr/bin/env python3
"""From a magnet link to the torrent's metadata: one live peer, behind a DHT of fifty nodes, that nobody but the DHT names.

usage (root; Debian packages iproute2, python3-libtorrent; after `mvn package -DskipTests`; run by /usr/bin/python3):
  bench/magnet.py [--nodes 50] [--runs 9] [--seed 1] [--clients peerage,patient,eager] [--json FILE]

The DHT is libtorrent's, each node at a public address in a /16 of its own, in a network namespace without a way out. Peerage and
libtorrent take turns (patient: the magnet is added once the DHT is entered; eager: at once), each as a fresh process on a host of its own, with the first node as its only router and no tracker. *Cold* is
a first start; *warm* one that has the DHT nodes that its first start kept. Every run asks for another torrent, so nobody has seen
it. Time counts from the start of the process, and from when the client is up, to when the metadata is there and verified.
"""
import argparse
import json
import os
import random
import select
import shutil
import signal
import statistics
import subprocess
import sys
import time

import lab
from lab import PORT, ROOT, Internet, java, measure, public_addresses, torrent_of

LIMIT = 30  # seconds a run may take
PIECES = 4000  # 80 KB of hashes: five blocks of metadata


class Client:
    """A fresh process on a host; `lines` are what it says, each with the time since its start."""

    def __init__(self, network, host, command):
        self.started = time.monotonic()
        self.process = network.run(host, command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.rest = b""

    def wait_for(self, words):
        """Seconds since the start at which it said something with these words."""
        while time.monotonic() - self.started < LIMIT:
            if b"\n" not in self.rest:
                if select.select([self.process.stdout], [], [], 1)[0]:
                    more = os.read(self.process.stdout.fileno(), 65536)
                    if not more:
                        raise SystemExit("%s ended before it said %s" % (self.process.args[3:6], words))
                    self.rest += more
                continue
            line, self.rest = self.rest.split(b"\n", 1)
            if words.encode() in line:
                return time.monotonic() - self.started
        return None


class Peerage(Client):
    name = "peerage"

    def __init__(self, network, host, magnet, router, folder, state):
        super().__init__(network, host, java([]) + [
            "peerage.cli.Main", "get", magnet, "--json-lines", "--no-lan", "--dht-router", "%s:%d" % (router, PORT), "-d", folder,
            "--state", state])

    def begun(self):
        return self.wait_for('"event":"listening"')

    def metadata(self):
        return self.wait_for('"event":"torrent"')

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)


class Libtorrent(Client):
    """Given its best: the magnet waits until the DHT is entered, five seconds at most."""

    name, patient = "libtorrent, patient", True

    def __init__(self, network, host, magnet, router, folder, state):
        task = {"magnet": magnet, "router": router, "ip": network.ip(host), "folder": folder, "state": state + "/session", "patient": self.patient}
        super().__init__(network, host, ["/usr/bin/python3", ROOT + "/bench/dht_lab.py", json.dumps(task)])

    def begun(self):
        return self.wait_for("begun")

    def metadata(self):
        return self.wait_for("metadata")

    def end(self):
        self.process.stdin.close()
        self.process.wait(30)


class EagerLibtorrent(Libtorrent):
    """As it comes."""

    name, patient = "libtorrent", False


CLIENTS = {"peerage": Peerage, "patient": Libtorrent, "eager": EagerLibtorrent}


def torrents(count):
    """Torrents that nobody will ever download, so their content need not be there."""
    zeros = b"\0" * 20
    return [torrent_of("torrent-%d" % i, PIECES << 14, 1 << 14, zeros * PIECES) for i in range(count)]


def run(client, network, host, magnet, router, state):
    folder = lab.WORK + "/got"
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    process = client(network, host, magnet, router, folder, state)
    begun, found = process.begun(), process.metadata()
    if found is None:
        process.process.kill()
        return None
    process.end()
    return found, found - begun


def row(name, kind, runs):
    good = [r for r in runs if r]
    cells = ["%s, %s" % (name, kind), "%d of %d" % (len(good), len(runs))]
    for k in (0, 1):
        times = sorted(r[k] for r in good)
        cells.append("%.2f (%.2f-%.2f)" % (statistics.median(times), times[0], times[-1]) if times else "-")
    return "| " + " | ".join(cells) + " |"


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--nodes", type=int, default=50)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--clients", default=",".join(CLIENTS))
    parser.add_argument("--json")
    args = parser.parse_args()
    clients = [CLIENTS[name] for name in args.clients.split(",")]
    rng = random.Random(args.seed)
    # libtorrent's DHT leaves out some networks below that were nobody's once.
    addresses = [ip for ip in public_addresses(rng, 400) if int(ip.split(".")[0]) > 56][:args.nodes + 1 + len(clients)]
    nodes, seed, mine = addresses[:args.nodes], addresses[args.nodes], addresses[args.nodes + 1:]
    wanted = torrents(args.runs * len(clients) * 2)
    network = Internet("dht")
    try:
        place = network.add(nodes[0])  # all nodes on one host: libtorrent takes what comes by the interface of its address
        for ip in nodes[1:] + [seed]:
            lab.batch(network.router, ["route add %s/32 dev p%d" % (ip, place)])
            lab.batch(network.hosts[place][0], ["addr add %s/24 dev eth0" % ip])
        hosts = [network.add(ip) for ip in mine]
        plan = {"nodes": nodes, "seed": seed, "folder": lab.WORK, "torrents": [path for path, _ in wanted]}
        dht = network.run(place, ["/usr/bin/python3", ROOT + "/bench/dht_lab.py", json.dumps(plan)], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True)
        if dht.stdout.readline().strip() != "ready":
            raise SystemExit("no DHT")
        print("the DHT is there: %d nodes, %d torrents announced" % (len(nodes), len(wanted)), file=sys.stderr)
        results = {(client.name, kind): [] for client in clients for kind in ("cold", "warm")}
        magnets = iter("magnet:?xt=urn:btih:" + info_hash.hex() for _, info_hash in wanted)
        for i in range(args.runs):
            for client, host in zip(clients, hosts):
                state = "%s/state-%s-%d" % (lab.WORK, client.name, i)
                os.makedirs(state)
                for kind in ("cold", "warm"):
                    result = run(client, network, host, next(magnets), nodes[0], state)
                    results[client.name, kind].append(result)
                    print(client.name, kind, result and "%.2f %.2f" % result, file=sys.stderr)
        print("| client | found | from the start of the process (s) | from when it is up (s) |\n|---|---|---|---|")
        for (name, kind), runs in results.items():
            print(row(name, kind, runs))
        if args.json:
            with open(args.json, "w") as f:
                json.dump({"%s %s" % key: runs for key, runs in results.items()}, f)
    finally:
        network.close()


measure(main)
