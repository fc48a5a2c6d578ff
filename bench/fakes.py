"""A swarm of made-up peers on one router, honest and malicious, and a count of what one newcomer does with them.

usage: fakes.py PLAN   (a JSON file, written by poisoning.py)

They shake hands, say which pieces they have, and exchange peers once a minute. Honest ones give a block of zeros now and then
(attackers too, if they are generous), and leave after a while.
A line on standard input ends it and makes it print what it saw, as JSON.
"""
import asyncio
import json
import os
import random
import re
import socket
import struct
import sys
import time

PEX_EVERY = 61.0  # a little over what BEP 11 asks: a malicious teller need not break a rule
BLOCK_EVERY = 5.0
STAY = 180.0  # mean time after which an honest peer ends a connection; attackers never do
EXTENDED, BITFIELD, UNCHOKE, INTERESTED, REQUEST, PIECE = 20, 5, 1, 2, 6, 7


def compact(contacts):
    return b"".join(socket.inet_aton(ip) + struct.pack(">H", port) for ip, port in contacts)


def message(kind, payload=b""):
    return struct.pack(">IB", 1 + len(payload), kind) + payload


class Teller:
    """What a peer says of others: each message another part of its list, or what it makes up."""

    def __init__(self, plan, ip):
        self.rng = random.Random("%s %s" % (plan["seed"], ip))
        self.plan, self.ip = plan, ip
        self.is_malicious = plan["roles"][ip] == "attacker"
        self.told = 0

    def next(self):
        self.told += 1
        return self.attack() if self.is_malicious else self.truth()

    def truth(self):
        """Twenty peers, then three more a minute, a tenth of them gone by now."""
        count = 20 if self.told == 1 else 3
        contacts = self.rng.sample(self.plan["honest"], count)
        stale = self.rng.sample(self.plan["stale"], 2) if self.told == 1 else []
        contacts = [ip for ip in contacts if ip != self.ip][: count - len(stale)] + stale
        return [(ip, self.plan["port"], self.rng.choice((0, 0x10))) for ip in contacts]

    def attack(self):
        kind, count = self.plan["attack"], 50
        if kind == "sybil":
            others = self.rng.sample(self.plan["attackers"], min(count, len(self.plan["attackers"])))
            return [(ip, self.plan["port"], 0x10) for ip in others if ip != self.ip]
        if kind == "victim":
            ports = ([80, 443, 22] if self.told == 1 else []) + self.rng.sample(range(1025, 65535), count)
            return [(self.plan["victim"], port, 0x10) for port in ports[:count] if port != self.plan["port"]]
        return [(*self.nobody(), 0x10) for _ in range(count)]

    def nobody(self):
        """Half of them silent, a quarter unreachable, a fifth refusing, a few that no peer can have."""
        draw = self.rng.random()
        if draw < 0.05:
            return self.rng.choice(["127.0.0.1", "10.1.2.3", "192.168.1.1", "240.1.2.3", "224.0.0.5", "0.1.2.3"]), 6881
        first = self.rng.randrange(110, 123) if draw < 0.55 else self.rng.randrange(129, 165) if draw < 0.8 else 99
        return "%d.%d.%d.%d" % (first, *(self.rng.randrange(1, 255) for _ in range(3))), self.rng.randrange(10000, 60000)


class World:
    def __init__(self, plan):
        self.plan, self.started = plan, time.monotonic()
        self.open, self.samples, self.dials, self.seen, self.announces = {}, [], [], set(), 0

    async def serve(self, reader, writer):
        ip = writer.get_extra_info("sockname")[0]
        role = self.plan["roles"].get(ip)
        try:
            if role:
                await self.speak(reader, writer, ip, role)
            else:
                await reader.read()  # a victim, which is no peer and does not understand
        except (OSError, EOFError, asyncio.TimeoutError):
            pass
        finally:
            self.open.pop(writer, None)
            writer.close()

    async def speak(self, reader, writer, ip, role):
        info_hash = bytes.fromhex(self.plan["info_hash"])
        hello = await asyncio.wait_for(reader.readexactly(68), 20)
        if hello[:20] != b"\x13BitTorrent protocol" or hello[28:48] != info_hash:
            return
        rng = random.Random("%s %s peer" % (self.plan["seed"], ip))
        writer.write(hello[:20] + b"\0\0\0\0\0\x10\0\0" + info_hash + b"-FK0001-" + rng.randbytes(12))
        if role == "full" and random.random() < 0.9:  # sooner or later it has room
            await writer.drain()
            return
        role = "honest" if role == "full" else role
        self.open[writer] = role
        you = socket.inet_aton(writer.get_extra_info("peername")[0])
        writer.write(message(EXTENDED, b"\0d1:md6:ut_pexi1ee1:pi%de4:reqqi64e1:v4:fake6:yourip4:%se" % (self.plan["port"], you)))
        writer.write(message(BITFIELD, self.some_pieces(rng)) + message(INTERESTED))
        gives = role == "honest" or self.plan["generous"]
        if gives:
            writer.write(message(UNCHOKE))
        tasks = [asyncio.ensure_future(self.live(writer, requests := asyncio.Queue(), role, gives))]
        try:
            await self.listen(reader, writer, ip, requests, tasks)
        finally:
            for task in tasks:
                task.cancel()

    def some_pieces(self, rng):
        whole, rest = divmod(self.plan["pieces"], 8)
        return rng.randbytes(whole) + (bytes([rng.randrange(256) << (8 - rest) & 0xFF]) if rest else b"")

    async def listen(self, reader, writer, ip, requests, tasks):
        while True:
            size = struct.unpack(">I", await reader.readexactly(4))[0]
            body = await reader.readexactly(size)
            if not body:
                continue
            if body[0] == REQUEST and requests.qsize() < 64:
                requests.put_nowait(struct.unpack(">III", body[1:13]))
            offered = re.search(rb"6:ut_pexi(\d+)e", body) if body[:2] == bytes([EXTENDED, 0]) else None
            if offered and len(tasks) == 1:
                tasks.append(asyncio.ensure_future(self.tell(writer, Teller(self.plan, ip), int(offered[1]))))

    async def tell(self, writer, teller, kind):
        await asyncio.sleep(1)
        while True:
            contacts = teller.next()
            added = compact((ip, port) for ip, port, _ in contacts)
            flags = bytes(flag for _, _, flag in contacts)
            writer.write(message(EXTENDED, bytes([kind]) + b"d5:added%d:%s7:added.f%d:%s7:dropped0:e" % (
                len(added), added, len(flags), flags)))
            await asyncio.sleep(PEX_EVERY)

    async def live(self, writer, requests, role, gives):
        """Gives what is asked for, slowly; leaves one day, if honest; says that it is still there."""
        said = time.monotonic()
        leaves = said + random.expovariate(1 / STAY) if role == "honest" else float("inf")
        while time.monotonic() < leaves:
            await asyncio.sleep(BLOCK_EVERY)
            if gives and not requests.empty():
                index, begin, size = requests.get_nowait()
                writer.write(message(PIECE, struct.pack(">II", index, begin) + bytes(min(size, 16384))))
            elif time.monotonic() - said > 90:
                said = time.monotonic()
                writer.write(b"\0\0\0\0")
        writer.close()

    async def track(self, reader, writer):
        """A tracker that names the tellers to everybody."""
        await reader.readuntil(b"\r\n\r\n")
        self.announces += 1
        peers = compact((ip, self.plan["port"]) for ip in self.plan["tellers"])
        body = b"d8:intervali1800e5:peers%d:%se" % (len(peers), peers)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body)
        writer.close()

    def sniff(self, raw):
        """Counts SYNs, each attempt once however often it is repeated."""
        frame = raw.recv(2048)
        header = 14 + (frame[14] & 15) * 4
        if frame[23] != 6 or frame[header + 13] & 0x12 != 0x02:
            return
        target = socket.inet_ntoa(frame[30:34])
        source_port, port = struct.unpack(">HH", frame[header : header + 4])
        if socket.inet_ntoa(frame[26:30]) == self.plan["client"] and (source_port, target, port) not in self.seen:
            self.seen.add((source_port, target, port))
            self.dials.append((round(time.monotonic() - self.started, 2), target, port))

    async def sample(self):
        while True:
            await asyncio.sleep(2)
            roles = list(self.open.values())
            self.samples.append((round(time.monotonic() - self.started, 1), roles.count("honest"), roles.count("attacker")))

    async def run(self):
        loop = asyncio.get_running_loop()
        raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
        raw.bind(("p0", 0))
        loop.add_reader(raw, self.sniff, raw)
        for port in {self.plan["port"], 80}:
            await asyncio.start_server(self.serve, "0.0.0.0", port, backlog=500)
        await asyncio.start_server(self.track, self.plan["tracker"], 6969)
        ended = loop.create_future()
        loop.add_reader(sys.stdin, lambda: ended.done() or ended.set_result(sys.stdin.readline()))
        sampling = asyncio.ensure_future(self.sample())
        print("ready", flush=True)
        await ended
        sampling.cancel()
        print(json.dumps({"samples": self.samples, "dials": self.dials, "announces": self.announces}), flush=True)
        os._exit(0)  # hundreds of connections are open, and nobody is interested in how they end


with open(sys.argv[1]) as file:
    plan = json.load(file)
random.seed(plan["seed"])
asyncio.run(World(plan).run())
