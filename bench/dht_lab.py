"""A local DHT of libtorrent nodes and one seed, or one libtorrent that looks for metadata in it.

usage: dht_lab.py '{"nodes": [IP, ...], "seed": IP, "folder": DIR, "torrents": [FILE, ...]}'   says "ready" and stays until its input ends
       dht_lab.py '{"magnet": URI, "ip": OWN, "router": IP, "folder": DIR, "state": FILE, "patient": true}'   says "begun" and "metadata", stays likewise

The first node is the others' router. Every node and the seed are sessions of one process, each at an address of its own. The
client keeps its DHT state in FILE when it ends, and takes it from there when it starts, if it is there.
"""
import json
import os
import sys
import time
import warnings

import libtorrent as lt

warnings.simplefilter("ignore", DeprecationWarning)  # newer ways to ask the same are not in the binding of Debian 12

PORT = 6881


def settings(ip, router):
    return {
        "listen_interfaces": "%s:%d" % (ip, PORT), "enable_dht": True, "dht_bootstrap_nodes": "%s:%d" % (router, PORT) if router else "",
        "enable_lsd": False, "enable_upnp": False, "enable_natpmp": False, "alert_mask": lt.alert.category_t.status_notification | lt.alert.category_t.dht_notification
        | lt.alert.category_t.dht_operation_notification, "dht_announce_interval": 60, "connections_limit": 30, "allow_multiple_connections_per_ip": True}


def say(word):
    print(word, flush=True)


def lab(plan):
    router = plan["nodes"][0]
    sessions = [lt.session(settings(ip, "")) for ip in plan["nodes"] + [plan["seed"]]]
    deadline = time.time() + 90
    lonely = list(range(len(sessions)))
    while lonely:
        if time.time() > deadline:
            raise SystemExit("the DHT does not form: %s" % [session.status().dht_nodes for session in sessions])
        for i in lonely:  # each meets some; the rest they find themselves
            for k in range(1, 9):
                sessions[i].add_dht_node((plan["nodes"][(i + k * k) % len(plan["nodes"])], PORT))
        time.sleep(2)
        lonely = [i for i in lonely if sessions[i].status().dht_nodes < 5]
    seed = sessions.pop()
    handles = {}
    for torrent in plan["torrents"]:
        params = lt.add_torrent_params()
        params.ti = lt.torrent_info(torrent)
        params.save_path = plan["folder"]
        params.flags |= lt.torrent_flags.seed_mode
        params.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
        handle = seed.add_torrent(params)
        handle.force_dht_announce()
        handles[str(handle.info_hash())] = handle
    missing, asker = set(handles), sessions[len(sessions) // 2]
    while missing:
        if time.time() > deadline + 120:
            raise SystemExit("not announced: %d torrents" % len(missing))
        for info_hash in sorted(missing)[:8]:  # a few at a time, or libtorrent's own limits get in the way
            asker.dht_get_peers(handles[info_hash].info_hash())
            handles[info_hash].force_dht_announce()
        time.sleep(1.5)
        for alert in asker.pop_alerts():
            if isinstance(alert, lt.dht_get_peers_reply_alert):
                missing.discard(str(alert.info_hash))
    say("ready")
    sys.stdin.readline()


def has_bootstrapped(session):
    bootstrapped = any(isinstance(alert, lt.dht_bootstrap_alert) for alert in session.pop_alerts())
    return bootstrapped or session.status().dht_nodes > 0


def client(task):
    """A magnet that is added before the routers are known may find nobody until the next announce; a patient one waits."""
    session = lt.session({**settings(task["ip"], task["router"]), "enable_dht": False})
    if os.path.exists(task["state"]):
        with open(task["state"], "rb") as f:
            session.load_state(lt.bdecode(f.read()))
    session.apply_settings({"enable_dht": True})
    say("begun")
    deadline = time.time() + 5
    while task["patient"] and time.time() < deadline and not has_bootstrapped(session):
        time.sleep(0.01)
    torrent = lt.parse_magnet_uri(task["magnet"])
    torrent.save_path = task["folder"]
    torrent.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
    handle = session.add_torrent(torrent)
    while not handle.status().has_metadata:
        session.wait_for_alert(20)
        session.pop_alerts()
    say("metadata")
    sys.stdin.readline()
    with open(task["state"], "wb") as f:
        f.write(lt.bencode(session.save_state(lt.save_state_flags_t.save_dht_state)))


if __name__ == "__main__":
    task = json.loads(sys.argv[1])
    lab(task) if "nodes" in task else client(task)
