#!/usr/bin/env python3
"""Peerage beside peer-exchange 2.2.0 in Node.js, in the same run on the same machine, TCP_NODELAY on all sides.

usage (root; Node.js 20 with `npm ci` in interop/pxp, Debian package iproute2; after `mvn package -DskipTests`):
  bench/pxp.py connect [--runs N]    from dialling to a usable stream: between fresh processes, and 20 times between the same two
  bench/pxp.py new-peer [--runs N]   getNewPeer among three nodes over WebRTC: fresh processes, and 10 times among the same three
  bench/pxp.py stream [--runs N]     one stream over TCP (400 MiB) and over WebRTC (64 MiB): MB/s, CPU seconds of both ends
  bench/pxp.py peers [--peers N]     N peers of one process, which are N connections of one Node.js process: memory, one message

"launched" is Java as the launcher `peerage` runs it, with its start-up cache, "plain" is `java` with its defaults. The kinds
take turns in every round. All of a round runs in one network namespace without a way out.
"""
import argparse
import json
import os
import statistics
import subprocess
import time

from lab import ROOT, TAG, TUNING, java, measure, sh

ADDRESS = "10.98.0.1"  # WebRTC offers no loopback address
MIB = 1 << 20
NATIVE = "--enable-native-access=ALL-UNNAMED"  # WebRTC asks for it; without, the JVM warns


class Place:
    """A network namespace with an address on a wire that leads nowhere."""

    def __init__(self):
        self.name = TAG + "-pxp"
        sh("ip", "netns", "add", self.name)
        sh("ip", "-n", self.name, "link", "set", "lo", "up")
        sh("ip", "-n", self.name, "link", "add", "v0", "type", "veth", "peer", "name", "v1")
        sh("ip", "-n", self.name, "addr", "add", ADDRESS + "/24", "dev", "v0")
        for end in ("v0", "v1"):
            sh("ip", "-n", self.name, "link", "set", end, "up")
        self.nodes = []

    def node(self, kind, mode, listen="-", *commands):
        self.nodes.append(Node(self.name, KINDS[kind]() + [mode, listen] + list(commands)))
        return self.nodes[-1]

    def clear(self):
        for node in self.nodes:
            node.process.kill()
            node.process.wait()
        self.nodes = []

    def close(self):
        self.clear()
        subprocess.run(["ip", "netns", "del", self.name], capture_output=True)


class Node:
    def __init__(self, namespace, command):
        self.begun = time.monotonic()
        self.process = subprocess.Popen(["ip", "netns", "exec", namespace] + command, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, bufsize=1)
        self.last = None

    def until(self, event):
        for line in self.process.stdout:
            self.last = json.loads(line)
            if self.last["event"] == event:
                return self.last
            if self.last["event"] in ("trouble", "crash"):
                raise SystemExit("a node has %s" % self.last)
        raise SystemExit("a node ended while it should say " + event)

    def ask(self, command, event):
        self.process.stdin.write(command + "\n")
        return self.until(event)

    def at(self):
        return "%s:%d" % (ADDRESS, self.until("ready")["port"])

    def cpu(self):
        with open("/proc/%d/stat" % self.process.pid) as f:
            fields = f.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def launched():
    return java(TUNING) + ["peerage.bench.PxpNode"]


def plain():
    command = java([])
    return command[:1] + [NATIVE] + command[command.index("-cp"):] + ["peerage.bench.PxpNode"]


KINDS = {
    "launched": launched,
    "plain": plain,
    "node": lambda: ["node", "--no-deprecation", "--expose-gc", ROOT + "/bench/pxp_node.js"],
}


def connect_once(place, kind):
    at = place.node(kind, "tcp", ADDRESS + ":0").at()
    caller = place.node(kind, "tcp", "-", "connect " + at)
    result = {"fresh ms": caller.until("connected")["ms"]}
    result["start of the caller to connected, ms"] = (time.monotonic() - caller.begun) * 1000
    times = []
    for _ in range(20):
        caller.ask("part", "parted")
        time.sleep(0.02)
        times.append(caller.ask("connect " + at, "connected")["ms"])
    result["next 20, median ms"] = statistics.median(times)
    result["20th, ms"] = times[-1]
    return result


def trio(place, kinds, mode="webrtc"):
    relay = place.node(kinds[1], mode, ADDRESS + ":0")
    at = relay.at()
    ends = [place.node(kind, mode, "-", "connect " + at) for kind in (kinds[0], kinds[2])]
    for end in ends:
        end.until("connected")
    time.sleep(0.1)  # as getNewPeer needs a while until it knows of the others
    return at, relay, ends[0], ends[1]


def new_peer_once(place, kinds):
    at, relay, asker, target = trio(place, kinds)
    times, failed = [], 0
    for _ in range(11):
        answer = asker.ask("new-peer", "new-peer")
        if answer.get("transport") == "webrtc":
            times.append(answer["ms"])
        else:
            failed += 1
            print("  ", answer, flush=True)
            if len(times) == 0:
                break
        for end in (asker, target):  # Node.js relays lose their links, so all begin anew
            end.ask("part", "parted")
        time.sleep(0.1)
        for end in (target, asker):
            end.ask("connect " + at, "connected")
        time.sleep(0.1)
    return {"fresh ms": times[0] if times else float("nan"), "next 10, median ms": statistics.median(times[1:] or [float("nan")]),
            "failed": failed}


def stream_once(place, kind, mode):
    if mode == "tcp":
        receiver = place.node(kind, "tcp", ADDRESS + ":0")
        at = receiver.at()
        sender = place.node(kind, "tcp", "-", "connect " + at)
        sender.until("connected")
        size = 400 * MIB
    else:
        at, _, sender, receiver = trio(place, [kind] * 3)
        size = 64 * MIB
        if sender.ask("new-peer", "new-peer").get("transport") != "webrtc":
            raise SystemExit("no WebRTC: %s" % sender.last)
        time.sleep(0.3)
    result = {}
    for turn in ("first", "again") if mode == "tcp" else ("first",):
        before = [end.cpu() for end in (sender, receiver)]
        sender.process.stdin.write("send %d\n" % size)
        end = receiver.until("end")
        if end["bytes"] != size:
            raise SystemExit("lost bytes: %s" % end)
        result["%s %s MB/s" % (mode, turn)] = size / 1e6 / end["seconds"]
        for name, node, cpu in zip(("sender", "receiver"), (sender, receiver), before):
            result["%s %s CPU s, %s" % (mode, turn, name)] = node.cpu() - cpu
        if turn == "first" and mode == "tcp":
            sender.until("sent")
            sender.ask("part", "parted")
            time.sleep(0.1)
            sender.ask("connect " + at, "connected")
    return result


def peers_once(place, kind, count):
    hub = place.node(kind, "tcp", "127.0.0.1:0")
    port = hub.until("ready")["port"]
    before = hub.ask("memory", "memory")
    crowd = place.node("node", "echo", "-")
    seconds = crowd.ask("connect 127.0.0.1:%d %d 127.0.1." % (port, count), "connected")["ms"] / 1000
    time.sleep(1)
    full = hub.ask("memory", "memory")
    result = {"seconds until all are connected": seconds,
              "heap a peer, KiB": (full["heap"] - before["heap"]) / 1024 / count,
              "RSS a peer, KiB": (full["rss"] - before["rss"]) / 1024 / count, "RSS, MiB": full["rss"] / MIB}
    for turn in ("first", "again"):
        answer = hub.ask("ping", "pinged")
        if answer["peers"] != count:
            raise SystemExit("%d of %d are connected" % (answer["peers"], count))
        result["a message to each and back, %s, ms" % turn] = answer["ms"]
    return result


def compare(kinds, once, runs):
    results = {kind: [] for kind in kinds}
    for k in range(runs):
        for kind in kinds if k % 2 == 0 else reversed(kinds):
            place = Place()
            try:
                results[kind].append(once(place, kind))
            finally:
                place.close()
            print(kind, {key: round(value, 2) for key, value in results[kind][-1].items()}, flush=True)
    table(results, runs)


def table(results, runs):
    kinds = list(results)
    print("\n| median (min-max of %d) | %s | %s / node |" % (runs, " | ".join(kinds), kinds[0]))
    print("|---|" + "---|" * (len(kinds) + 1))
    for key in results[kinds[0]][0]:
        medians, cells = {}, []
        for kind, rounds in results.items():
            values = [r[key] for r in rounds]
            medians[kind] = statistics.median(values)
            cells.append("%.2f (%.2f-%.2f)" % (medians[kind], min(values), max(values)))
        ratio = medians[kinds[0]] / medians["node"] if medians["node"] else float("nan")
        print("| %s | %s | %.2f |" % (key, " | ".join(cells), ratio))
    print("load %s" % open("/proc/loadavg").read().split()[0], flush=True)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("what", choices=["connect", "new-peer", "stream", "peers"])
    p.add_argument("--runs", type=int, default=5)
    p.add_argument("--peers", type=int, default=1000)
    p.add_argument("--only", choices=["tcp", "webrtc"])
    a = p.parse_args()
    java(TUNING)  # makes the start-up cache
    kinds = ["launched", "plain", "node"]
    if a.what == "connect":
        compare(kinds, connect_once, a.runs)
    elif a.what == "new-peer":
        trios = {"launched": ["launched"] * 3, "plain": ["plain"] * 3, "node": ["node"] * 3,
                 "node through Peerage": ["node", "launched", "node"]}
        compare(list(trios), lambda place, kind: new_peer_once(place, trios[kind]), a.runs)
    elif a.what == "stream":
        for mode in [a.only] if a.only else ["tcp", "webrtc"]:
            compare(kinds, lambda place, kind: stream_once(place, kind, mode), a.runs)
    else:
        compare(kinds, lambda place, kind: peers_once(place, kind, a.peers), a.runs)


measure(main)
