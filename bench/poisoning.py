#!/usr/bin/env python3
"""Peerage, libtorrent and Transmission, newcomers to a swarm in which 3 of 10 tellers lie, each in a closed network of its own.

usage (root; Debian packages iproute2, python3-libtorrent, transmission-daemon; after `mvn package -DskipTests`; run by
/usr/bin/python3):
  bench/poisoning.py [--seconds 600] [--slots 25] [--seed 1] [--attacks bogus,sybil,victim] [--spread] [--generous]
    [--json FILE]

A tracker names ten tellers to the newcomer, seven honest and three malicious. Sixty honest peers, each in a /16 of its own; three in
ten of them are mostly full, the others end a connection after three minutes on average, so that there is always room. The
malicious tellers keep every rule of BEP 11 and name 50 contacts a minute each:
  bogus    addresses where nobody is: silent, unreachable, refusing, impossible
  sybil    240 addresses of their own that accept everybody and speak BitTorrent; in six /24s, with --spread each in its own /16
  victim   one address under ever new ports, 80 among them
Attackers give no content; with --generous as much as honest peers do. They never leave.
Measured: connections held by attackers, as a share of all, over the second half of the time; dials to where no peer is; dials at
the victim. All combinations run side by side, so the whole takes --seconds and a minute.
"""
import argparse
import hashlib
import json
import random
import subprocess
import time

from lab import PORT, ROOT, WORK, Internet, Libtorrent, Peerage, Transmission, folder, java, measure, public_addresses, torrent_of

ATTACKS = ["bogus", "sybil", "victim"]
CLIENTS = [Peerage, Libtorrent, Transmission]
HONEST, FULL, STALE, SYBILS, PIECES, PIECE = 60, 0.3, 12, 240, 4096, 1 << 18
CLIENT, TRACKER, VICTIM = "93.184.10.20", "92.10.20.30", "94.77.66.55"
REFUSING = "99.0.0.0/8"
ROUTE_UNREACHABLE = "route add unreachable 128.0.0.0/1"


def plan_of(attack, info_hash, a):
    rng = random.Random("%s %s" % (attack, a.seed))
    addresses = public_addresses(rng, HONEST + STALE + 3 + SYBILS)
    honest, stale, malicious = addresses[:HONEST], addresses[HONEST : HONEST + STALE], addresses[HONEST + STALE :][:3]
    sybils = addresses[-SYBILS:] if a.spread else [
        "%s.%d.%d" % (ip.rsplit(".", 2)[0], net, host) for ip in malicious for net in (7, 70) for host in rng.sample(range(1, 255), 40)]
    attackers = malicious + (sybils if attack == "sybil" else [])
    roles = {ip: "honest" if k < 7 or rng.random() >= FULL else "full" for k, ip in enumerate(honest)}
    roles.update({ip: "attacker" for ip in attackers})
    tellers = honest[:7] + malicious
    rng.shuffle(tellers)
    return {"attack": attack, "seed": a.seed, "generous": a.generous, "info_hash": info_hash.hex(), "pieces": PIECES, "port": PORT,
            "client": CLIENT, "tracker": TRACKER, "victim": VICTIM, "tellers": tellers, "honest": honest, "stale": stale,
            "attackers": attackers, "roles": roles}


class Trial:
    """One newcomer under one attack."""

    def __init__(self, client, attack, torrent, a):
        self.client, self.attack, self.slots = client, attack, a.slots
        self.name = "%s-%s" % (client.name, attack)
        self.torrent, info_hash = torrent
        self.plan = plan_of(attack, info_hash, a)
        self.network, self.world, self.peer = None, None, None

    def start(self):
        self.network = Internet("%c%c" % (self.client.name[0], self.attack[0]))
        here = self.network.add(CLIENT)
        self.network.own([TRACKER, VICTIM, REFUSING, *self.plan["roles"]])
        subprocess.run(["ip", "-n", self.network.router, *ROUTE_UNREACHABLE.split()], check=True)
        path = "%s/%s.json" % (WORK, self.name)
        with open(path, "w") as f:
            json.dump(self.plan, f)
        self.world = self.network.run(None, ["/usr/bin/python3", ROOT + "/bench/fakes.py", path], stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, text=True)
        if self.world.stdout.readline() != "ready\n":
            raise SystemExit("the made-up swarm of %s did not start" % self.name)
        self.peer = self.client(self.network, here, self.torrent, folder(self.name), 64 << 10, self.slots)
        self.since = time.monotonic()

    def result(self, seconds):
        time.sleep(max(0, self.since + seconds - time.monotonic()))
        alive = self.peer.is_alive()
        out, _ = self.world.communicate("end\n", timeout=30)
        seen = json.loads(out)
        return {"client": self.client.name, "attack": self.attack, "alive": alive, **figures(self.plan, seen), "seen": seen}

    def stop(self):
        if self.network:
            self.network.close()


def figures(plan, seen):
    late = [s for s in seen["samples"] if s[0] > seen["samples"][-1][0] / 2]
    held = sum(attackers for _, _, attackers in late)
    total = held + sum(honest for _, honest, _ in late)
    kinds = {"tracker": [], "nobody": [], "victim": []}
    for when, ip, port in seen["dials"]:
        kind = "tracker" if ip == TRACKER else "victim" if ip == VICTIM else plan["roles"].get(ip, "nobody")
        kinds.setdefault(kind, []).append((when, ip, port))
    return {"share held by attackers": held / total if total else 0.0, "connections": total / max(1, len(late)),
            "wasted dials": len(kinds["nobody"]) + len(kinds["victim"]), "dials at the victim": len(kinds["victim"]),
            "dials at honest peers": len(kinds.get("honest", [])) + len(kinds.get("full", [])),
            "dials at attackers": len(kinds.get("attacker", []))}


def table(results):
    print("\n| attack | figure | Peerage | libtorrent | Transmission | Peerage to the better |\n|---|---|---|---|---|---|")
    for attack in ATTACKS:
        row = {r["client"]: r for r in results if r["attack"] == attack}
        if len(row) < len(CLIENTS):
            continue
        for key in ["share held by attackers", "connections", "wasted dials", "dials at honest peers", "dials at attackers",
                    *(["dials at the victim"] if attack == "victim" else [])]:
            values = [row[c.name][key] for c in CLIENTS]
            better = min(values[1:])
            form = "%.3f" if key.startswith("share") else "%.1f" if key == "connections" else "%d"
            judged = key.startswith("share") or key in ("wasted dials", "dials at the victim")
            ratio = "%.2f" % (values[0] / better) if judged and better else ""
            print("| %s | %s | %s | %s |" % (attack, key, " | ".join(form % v for v in values), ratio))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--seconds", type=int, default=600)
    p.add_argument("--slots", type=int, default=25)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--attacks", default=",".join(ATTACKS))
    p.add_argument("--clients", default=",".join(c.name for c in CLIENTS))
    p.add_argument("--spread", action="store_true")
    p.add_argument("--generous", action="store_true")
    p.add_argument("--json")
    a = p.parse_args()
    Libtorrent.options = {"plain": True}  # the made-up peers speak no encryption: a dial tried twice would be counted twice
    hashes = hashlib.sha1(bytes(PIECE)).digest() * PIECES
    torrent = torrent_of("zeros.bin", PIECE * PIECES, PIECE, hashes, "http://%s:6969/announce" % TRACKER)
    trials = [Trial(c, attack, torrent, a) for attack in a.attacks.split(",") for c in CLIENTS if c.name in a.clients.split(",")]
    java(Peerage.tuning)  # makes the start-up cache
    try:
        for trial in trials:
            trial.start()
        results = [trial.result(a.seconds) for trial in trials]
    finally:
        for trial in trials:
            trial.stop()
    for r in results:
        print({key: round(value, 3) if isinstance(value, float) else value for key, value in r.items() if key != "seen"}, flush=True)
    table(results)
    if a.json:
        with open(a.json, "w") as f:
            json.dump({"arguments": vars(a), "results": results}, f)


measure(main)
