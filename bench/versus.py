#!/usr/bin/env python3
"""Peerage beside libtorrent, in the same run on the same machine, each peer in a network namespace of its own.

usage (root; Debian packages iproute2, python3-libtorrent; after `mvn package -DskipTests`; run by /usr/bin/python3):
  bench/versus.py download [--size MIB] [--runs N]    one file between two peers: seconds, MiB/s, CPU seconds a GiB
  bench/versus.py join [--peers N] [--runs N]         a newcomer told of one peer of N: seconds until connected to all
  bench/versus.py chain [--peers N] [--runs N]        half of N know each other, each of the others is told of the one before it:
                                                      seconds until all are connected to all

Processes are started and warm before the clock starts. Files lie in /dev/shm. Only what it made is removed.
"""
import argparse
import statistics
import subprocess
import time

from lab import TAG, WORK, Libtorrent, Peerage, folder, make, measure, sh


class Network:
    """A bridge in a namespace of its own, and hosts on it. There is no way out."""

    def __init__(self, hosts):
        self.names = [TAG + "-sw"] + ["%s-%d" % (TAG, i) for i in range(hosts)]
        for name in self.names:
            sh("ip", "netns", "add", name)
            sh("ip", "-n", name, "link", "set", "lo", "up")
        sh("ip", "-n", self.names[0], "link", "add", "br0", "type", "bridge")
        sh("ip", "-n", self.names[0], "link", "set", "br0", "up")
        for i, name in enumerate(self.names[1:]):
            sh("ip", "link", "add", "eth0", "netns", name, "type", "veth", "peer", "name", "p%d" % i, "netns", self.names[0])
            sh("ip", "-n", self.names[0], "link", "set", "p%d" % i, "master", "br0", "up")
            sh("ip", "-n", name, "addr", "add", self.ip(i) + "/16", "dev", "eth0")
            sh("ip", "-n", name, "link", "set", "eth0", "up")

    def ip(self, i):
        return "10.88.0.%d" % (i + 1)

    def run(self, i, command, **more):
        return subprocess.Popen(["ip", "netns", "exec", self.names[i + 1]] + command, **more)

    def close(self):
        for name in self.names:
            subprocess.run(["ip", "netns", "del", name], capture_output=True)


def download_once(client, torrent, data, size):
    network, peers = Network(2), []
    try:
        peers = [client(network, 0, torrent, folder(0, data), 0), client(network, 1, torrent, folder(1), 0)]
        time.sleep(2)
        before, start = [p.cpu() for p in peers], time.monotonic()
        peers[1].connect(peers[0].ip)
        while not peers[1].is_done():
            time.sleep(0.02)
        seconds = time.monotonic() - start
        cpu = [p.cpu() - b for p, b in zip(peers, before)]
        if subprocess.run(["cmp", "-s", data, WORK + "/1/files/content.bin"]).returncode:
            raise SystemExit(client.name + ": the copy differs")
        gib = size / 2**30
        return {"s": seconds, "MiB/s": size / 2**20 / seconds, "CPU s/GiB": sum(cpu) / gib, "seed": cpu[0] / gib, "leech": cpu[1] / gib}
    finally:
        for peer in peers:
            peer.stop()
        network.close()


def meet(peers):
    """Everybody is told of everybody."""
    for i, peer in enumerate(peers):
        for other in peers[:i]:
            peer.connect(other.ip)
    end = time.monotonic() + 120
    while links(peers) < len(peers) * (len(peers) - 1) and time.monotonic() < end:
        time.sleep(0.2)


def links(peers):
    """Counted from both ends."""
    return sum(len(peer.connected()) for peer in peers)


def start(client, network, torrent, data, count):
    return [client(network, i, torrent, folder(i, data if i == 0 else None), 8192) for i in range(count)]


def until(count, now):
    """Seconds until half of what is counted is there, and until all of it is; a minute at most."""
    begin, marks = time.monotonic(), {}
    while count not in marks and time.monotonic() < begin + 60:
        have = now()
        for mark in (count // 2, count):
            if have >= mark:
                marks.setdefault(mark, time.monotonic() - begin)
        time.sleep(0.01)
    return {"half s": marks.get(count // 2, 60.0), "all s": marks.get(count, 60.0)}


def join_once(client, torrent, data, count):
    network, peers = Network(count + 1), []
    try:
        peers = start(client, network, torrent, data, count)
        meet(peers)
        newcomer = client(network, count, torrent, folder(count), 8192)
        peers.append(newcomer)
        time.sleep(2)
        newcomer.connect(peers[1].ip)
        return until(count, lambda: len(newcomer.connected()))
    finally:
        for peer in peers:
            peer.stop()
        network.close()


def chain_once(client, torrent, data, count):
    network, peers = Network(count), []
    try:
        peers = start(client, network, torrent, data, count)
        meet(peers[: count // 2])
        time.sleep(2)
        for before, peer in zip(peers[count // 2 - 1 :], peers[count // 2 :]):
            peer.connect(before.ip)
        return until(count * (count - 1), lambda: links(peers))
    finally:
        for peer in peers:
            peer.stop()
        network.close()


def compare(once, runs):
    results = {Peerage: [], Libtorrent: []}
    for k in range(runs):
        for client in results:
            results[client].append(once(client))
            print(client.name, {key: round(value, 2) for key, value in results[client][-1].items()}, flush=True)
    print("\n| figure (median, min-max of %d) | Peerage | libtorrent | ratio |\n|---|---|---|---|" % runs)
    for key in results[Peerage][0]:
        cells, medians = [], []
        for client in results:
            values = [r[key] for r in results[client]]
            medians.append(statistics.median(values))
            cells.append("%.2f (%.2f-%.2f)" % (medians[-1], min(values), max(values)))
        print("| %s | %s | %s | %.2f |" % (key, cells[0], cells[1], medians[0] / medians[1]))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("what", choices=["download", "join", "chain"])
    p.add_argument("--size", type=int, default=1024)
    p.add_argument("--peers", type=int, default=12)
    p.add_argument("--runs", type=int, default=3)
    a = p.parse_args()
    if a.what == "download":
        torrent, data = make(a.size << 20, 1 << 20)
        compare(lambda client: download_once(client, torrent, data, a.size << 20), a.runs)
    else:
        torrent, data = make(64 << 20, 1 << 16)
        once = join_once if a.what == "join" else chain_once
        compare(lambda client: once(client, torrent, data, a.peers), a.runs)


measure(main)
