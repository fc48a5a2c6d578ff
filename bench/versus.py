#!/usr/bin/env python3
"""Peerage beside libtorrent, in the same run on the same machine, each peer in a network namespace of its own.

usage (root; Debian packages iproute2, python3-libtorrent; after `mvn package -DskipTests`; run by /usr/bin/python3):
  bench/versus.py download [--size MIB] [--runs N]    one file between two peers: seconds, MiB/s, CPU seconds a GiB
  bench/versus.py join [--peers N] [--runs N]         a newcomer told of one peer of N: seconds until connected to all

Processes are started and warm before the clock starts. Files lie in /dev/shm. Only what it made is removed.
"""
import argparse
import glob
import hashlib
import json
import os
import shutil
import socket
import statistics
import subprocess
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
WORK = "/dev/shm/peerage-versus-%d" % os.getpid()
TAG = "pgv%d" % os.getpid()
PORT = 6881
TUNING = ["-Xmx512m", "-Xmn100m", "-XX:Tier4InvocationThreshold=60000", "-XX:Tier4MinInvocationThreshold=20000",
          "-XX:Tier4CompileThreshold=120000", "-XX:Tier4BackEdgeThreshold=400000"]


def sh(*command):
    subprocess.run(command, check=True, capture_output=True)


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


class Peer:
    def __init__(self, network, i, torrent, folder, up):
        self.ip = network.ip(i)
        self.start(network, i, torrent, folder, up)

    def cpu(self):
        with open("/proc/%d/stat" % self.process.pid) as f:
            fields = f.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        self.process.kill()
        self.process.wait()


class Libtorrent(Peer):
    name = "libtorrent"

    def start(self, network, i, torrent, folder, up):
        task = {"torrent": torrent, "folder": folder, "port": PORT, "up": up, "pex": True}
        script = ROOT + "/interop/src/test/resources/peerage/interop/libtorrent_peer.py"
        self.process = network.run(i, ["/usr/bin/python3", script, json.dumps(task)], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        while "checking" in self.ask(do="status")["state"]:
            time.sleep(0.1)

    def ask(self, **order):
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def connect(self, ip):
        self.ask(do="connect", ip=ip, port=PORT)

    def is_done(self):
        return self.ask(do="status")["seeding"]

    def connected(self):
        return {peer["ip"] for peer in self.ask(do="peers")["peers"]}


class Peerage(Peer):
    name = "peerage"

    def start(self, network, i, torrent, folder, up):
        self.path = "%s/%d.sock" % (WORK, i)
        seeds = "1" if os.listdir(folder) else "0"
        self.process = network.run(i, java() + ["peerage.bench.DrivenPeer", self.path, torrent, folder, "0.0.0.0", str(PORT),
                                                str(up // 1024), seeds], stdout=subprocess.DEVNULL)
        self.socket = socket.socket(socket.AF_UNIX)
        while self.socket.connect_ex(self.path):
            time.sleep(0.05)
        self.lines = self.socket.makefile("rw")
        while self.ask(cmd="status")["state"] == "CHECKING":
            time.sleep(0.1)

    def ask(self, **order):
        self.lines.write(json.dumps(order) + "\n")
        self.lines.flush()
        return json.loads(self.lines.readline())

    def connect(self, ip):
        self.ask(cmd="add_peer", ip=ip, port=PORT)

    def is_done(self):
        return self.ask(cmd="status")["progress"] >= 1

    def connected(self):
        return {peer["ip"] for peer in self.ask(cmd="peers")}


def java():
    """With the options of the launcher, and a start-up cache made as it makes its own."""
    found = [os.environ.get("JAVA_HOME", "")] + sorted(glob.glob("/usr/lib/jvm/*"), reverse=True)
    home = next(h for h in found if os.path.exists(h + "/release") and "JAVA_VERSION=\"25" in open(h + "/release").read())
    command = [home + "/bin/java", "-XX:+UseSerialGC", *TUNING, "-cp", ROOT + "/bench/target/lib/*"]
    cache = WORK + "/cache.aot"
    if not os.path.exists(cache):
        subprocess.run(command[:2] + ["-XX:AOTCacheOutput=" + cache] + command[3:] + ["peerage.cli.Training"], check=True,
                       capture_output=True)
    return command[:2] + ["-XX:AOTCache=" + cache, "-Xlog:aot=off"] + command[2:]


def bencode(x):
    if isinstance(x, int):
        return b"i%de" % x
    if isinstance(x, bytes):
        return b"%d:%s" % (len(x), x)
    return b"d" + b"".join(bencode(k) + bencode(x[k]) for k in sorted(x)) + b"e"


def make(size, piece):
    """A file of pseudo-random bytes and its torrent."""
    data, hashes = WORK + "/content.bin", b""
    with open(data, "wb") as f:
        for i in range(size // piece):
            block = hashlib.shake_128(b"versus %d" % i).digest(piece)
            hashes += hashlib.sha1(block).digest()
            f.write(block)
    torrent = WORK + "/content.torrent"
    info = {b"name": b"content.bin", b"length": size, b"piece length": piece, b"pieces": hashes}
    with open(torrent, "wb") as f:
        f.write(bencode({b"info": info}))
    return torrent, data


def folder(i, data=None):
    path = "%s/%d/files" % (WORK, i)
    shutil.rmtree(os.path.dirname(path), ignore_errors=True)
    os.makedirs(path)
    if data:
        os.link(data, path + "/content.bin")
    return path


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


def join_once(client, torrent, data, count):
    network, peers = Network(count + 1), []
    try:
        for i in range(count):
            peers.append(client(network, i, torrent, folder(i, data if i == 0 else None), 8192))
        for i, peer in enumerate(peers):
            for other in peers[:i]:
                peer.connect(other.ip)
        end = time.monotonic() + 120
        while any(len(p.connected()) < count - 1 for p in peers) and time.monotonic() < end:
            time.sleep(0.2)
        newcomer = client(network, count, torrent, folder(count), 8192)
        peers.append(newcomer)
        time.sleep(2)
        start, marks = time.monotonic(), {}
        newcomer.connect(peers[1].ip)
        while count not in marks and time.monotonic() < start + 60:
            have = len(newcomer.connected())
            for mark in (count // 2, count):
                if have >= mark:
                    marks.setdefault(mark, time.monotonic() - start)
            time.sleep(0.01)
        return {"half s": marks.get(count // 2, 60.0), "all s": marks.get(count, 60.0)}
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
    p.add_argument("what", choices=["download", "join"])
    p.add_argument("--size", type=int, default=1024)
    p.add_argument("--peers", type=int, default=12)
    p.add_argument("--runs", type=int, default=3)
    a = p.parse_args()
    os.makedirs(WORK)
    try:
        if a.what == "download":
            torrent, data = make(a.size << 20, 1 << 20)
            compare(lambda client: download_once(client, torrent, data, a.size << 20), a.runs)
        else:
            torrent, data = make(64 << 20, 1 << 16)
            compare(lambda client: join_once(client, torrent, data, a.peers), a.runs)
    finally:
        shutil.rmtree(WORK, ignore_errors=True)


main()
