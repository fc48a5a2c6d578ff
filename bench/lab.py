"""What the measurements share: network namespaces with global addresses, peers to be driven in them, and torrents.

Nothing here is a command. Everything lives in namespaces and a directory named after this process, and is removed with it.
"""
import glob
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WORK = "/dev/shm/peerage-bench-%d" % os.getpid()
TAG = "pgb%d" % os.getpid()
PORT = 6881
TUNING = ["-Xmx512m", "-Xmn100m", "-XX:Tier4InvocationThreshold=60000", "-XX:Tier4MinInvocationThreshold=20000",
          "-XX:Tier4CompileThreshold=120000", "-XX:Tier4BackEdgeThreshold=400000"]
SMALL = ["-Xmx48m", "-Xss512k", "-XX:TieredStopAtLevel=1"]  # for many of them on one machine


def sh(*command):
    subprocess.run(command, check=True, capture_output=True)


def batch(namespace, lines):
    """Many commands of `ip` in one process."""
    subprocess.run(["ip", "-n", namespace, "-batch", "-"], input="\n".join(lines) + "\n", text=True, check=True,
                   capture_output=True)


class Internet:
    """A router in a namespace of its own, and hosts with any addresses, each with a wire to it. There is no way out."""

    GATEWAY = "169.254.0.1"

    def __init__(self, name):
        self.router = "%s-%s" % (TAG, name)
        self.hosts, self.processes = [], []
        sh("ip", "netns", "add", self.router)
        sh("ip", "-n", self.router, "link", "set", "lo", "up")
        sh("ip", "netns", "exec", self.router, "sysctl", "-qw", "net.ipv4.ip_forward=1")
        batch(self.router, ["route add blackhole default"])

    def add(self, ip):
        """A host; answers its number."""
        i, name = len(self.hosts), "%s-%d" % (self.router, len(self.hosts))
        sh("ip", "netns", "add", name)
        self.hosts.append((name, ip))
        sh("ip", "link", "add", "eth0", "netns", name, "type", "veth", "peer", "name", "p%d" % i, "netns", self.router)
        batch(self.router, ["link set p%d up" % i, "addr add %s/32 dev p%d" % (self.GATEWAY, i),
                            "route add %s/32 dev p%d" % (ip, i)])
        batch(name, ["link set lo up", "link set eth0 up", "addr add %s/32 dev eth0" % ip,
                     "route add %s/32 dev eth0" % self.GATEWAY, "route add default via %s src %s" % (self.GATEWAY, ip)])
        return i

    def own(self, networks):
        """The router itself answers for all addresses of some networks."""
        batch(self.router, ["route add local %s dev lo" % network for network in networks])

    def remove(self, i):
        subprocess.run(["ip", "netns", "del", self.hosts[i][0]], capture_output=True)

    def ip(self, i):
        return self.hosts[i][1]

    def run(self, i, command, **more):
        """Runs on a host, or on the router if there is no number."""
        name = self.router if i is None else self.hosts[i][0]
        self.processes.append(subprocess.Popen(["ip", "netns", "exec", name] + command, **more))
        return self.processes[-1]

    def close(self):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.wait()
        for name, _ in self.hosts:
            subprocess.run(["ip", "netns", "del", name], capture_output=True)
        subprocess.run(["ip", "netns", "del", self.router], capture_output=True)


class Peer:
    """One client in a namespace, with one torrent. `slots`: connections at most, 0 for its default."""

    options = {}

    def __init__(self, network, i, torrent, folder, up, slots=0):
        self.i, self.ip = i, network.ip(i)
        self.start(network, i, torrent, folder, up, slots)

    def cpu(self):
        with open("/proc/%d/stat" % self.process.pid) as f:
            fields = f.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def links(self):
        """Its established TCP connections, from the kernel: own port, other's address, other's port."""
        found = set()
        for table in ("tcp", "tcp6"):
            with open("/proc/%d/net/%s" % (self.process.pid, table)) as f:
                for line in f.readlines()[1:]:
                    own, other, state = line.split()[1:4]
                    if state == "01":
                        ip = socket.inet_ntoa(bytes.fromhex(other.split(":")[0][-8:])[::-1])
                        found.add((int(own.split(":")[1], 16), ip, int(other.split(":")[1], 16)))
        return found

    def is_alive(self):
        return self.process.poll() is None

    def stop(self):
        self.process.kill()
        self.process.wait()


class Libtorrent(Peer):
    name = "libtorrent"

    def start(self, network, i, torrent, folder, up, slots):
        task = {"torrent": torrent, "folder": folder, "port": PORT, "up": up, "pex": True, "slots": slots, **self.options}
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
    tuning = TUNING

    def start(self, network, i, torrent, folder, up, slots):
        self.path = os.path.dirname(folder) + "/socket"
        seeds = "1" if os.listdir(folder) else "0"
        with open(os.path.dirname(folder) + "/log", "w") as log:
            self.process = network.run(i, java(self.tuning) + [
                "peerage.bench.DrivenPeer", self.path, torrent, folder, "0.0.0.0", str(PORT), str(up // 1024), seeds,
                *([str(slots)] if slots else [])], stdout=subprocess.DEVNULL, stderr=log)
        self.socket = socket.socket(socket.AF_UNIX)
        while self.socket.connect_ex(self.path):
            if not self.is_alive():
                raise SystemExit("DrivenPeer ended at once: " + open(log.name).read()[-500:])
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


class Transmission(Peer):
    """Its daemon; it takes its torrent from a directory that it watches, and is told of peers by a tracker only."""

    name = "transmission"

    def start(self, network, i, torrent, folder, up, slots):
        place = os.path.dirname(folder)
        os.makedirs(place + "/watch")
        shutil.copy(torrent, place + "/watch/")
        settings = {
            "dht-enabled": False, "lpd-enabled": False, "utp-enabled": False, "port-forwarding-enabled": False, "pex-enabled": True,
            "encryption": 0, "peer-port": PORT, "peer-port-random-on-start": False, "rpc-enabled": False, "preallocation": 0,
            "peer-limit-per-torrent": slots or 50, "peer-limit-global": max(slots, 200), "download-dir": folder,
            "incomplete-dir-enabled": False, "watch-dir": place + "/watch", "watch-dir-enabled": True,
            "speed-limit-up-enabled": up > 0, "speed-limit-up": up // 1024}
        with open(place + "/settings.json", "w") as f:
            json.dump(settings, f)
        self.process = network.run(i, ["transmission-daemon", "-f", "-g", place], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)


def java(tuning):
    """With the options of the launcher, and a start-up cache made as it makes its own."""
    found = [os.environ.get("JAVA_HOME", "")] + sorted(glob.glob("/usr/lib/jvm/*"), reverse=True)
    home = next(h for h in found if os.path.exists(h + "/release") and "JAVA_VERSION=\"25" in open(h + "/release").read())
    library = os.environ.get("PEERAGE_LIB", ROOT + "/bench/target/lib")
    # The cache is good for the same access to native code only.
    command = [home + "/bin/java", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"]
    options = [*tuning, "-cp", library + "/*"]
    cache = WORK + "/cache.aot"
    if not os.path.exists(cache):
        subprocess.run(command + ["-XX:AOTCacheOutput=" + cache] + options + ["peerage.cli.Training"], check=True,
                       capture_output=True)
    return command + ["-XX:AOTCache=" + cache, "-Xlog:aot=off"] + options


def bencode(x):
    if isinstance(x, int):
        return b"i%de" % x
    if isinstance(x, bytes):
        return b"%d:%s" % (len(x), x)
    return b"d" + b"".join(bencode(k) + bencode(x[k]) for k in sorted(x)) + b"e"


def torrent_of(name, size, piece, hashes, tracker=None):
    """Writes a torrent; answers its file and its info-hash."""
    info = {b"name": name.encode(), b"length": size, b"piece length": piece, b"pieces": hashes}
    path = "%s/%s.torrent" % (WORK, name)
    with open(path, "wb") as f:
        f.write(bencode({b"info": info, **({b"announce": tracker.encode()} if tracker else {})}))
    return path, hashlib.sha1(bencode(info)).digest()


def make(size, piece, tracker=None):
    """A file of pseudo-random bytes and its torrent."""
    data, hashes = WORK + "/content.bin", b""
    with open(data, "wb") as f:
        for i in range(size // piece):
            block = hashlib.shake_128(b"versus %d" % i).digest(piece)
            hashes += hashlib.sha1(block).digest()
            f.write(block)
    return torrent_of("content.bin", size, piece, hashes, tracker)[0], data


def folder(i, data=None):
    path = "%s/%s/files" % (WORK, i)
    shutil.rmtree(os.path.dirname(path), ignore_errors=True)
    os.makedirs(path)
    if data:
        os.link(data, path + "/content.bin")
    return path


def public_addresses(rng, count):
    """Addresses that may be anybody's, each in a /16 of its own."""
    networks = rng.sample([(a, b) for a in range(20, 99) for b in range(256)], count)
    return ["%d.%d.%d.%d" % (a, b, rng.randrange(256), rng.randrange(1, 255)) for a, b in networks]


def measure(main):
    """Runs it with a working directory, and ends it as it ends itself when told to end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    os.makedirs(WORK)
    try:
        main()
    finally:
        shutil.rmtree(WORK, ignore_errors=True)
