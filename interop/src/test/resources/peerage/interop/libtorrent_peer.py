"""libtorrent as a peer of one torrent, told what to do by a JSON object a line, answering with another.

usage: libtorrent_peer.py '{"torrent": FILE_OR_MAGNET, "folder": DIR, "port": N, "up": BYTES_PER_SECOND, "pex": true}'

It may also be given "slots", connections at most, "plain": true to leave encryption out, and "lan": true for
local discovery.

Ends with its standard input.
"""
import json
import sys

import libtorrent as lt

task = json.loads(sys.argv[1])
settings = {
    "listen_interfaces": "0.0.0.0:%(port)d,[::]:%(port)d" % task,
    "enable_dht": False,
    "enable_lsd": bool(task.get("lan")),
    "enable_upnp": False,
    "enable_natpmp": False,
    "enable_incoming_utp": False,
    "enable_outgoing_utp": False,
    "upload_rate_limit": task["up"],
}
if task.get("slots"):
    settings["connections_limit"] = task["slots"]
if task.get("plain"):
    settings.update(in_enc_policy=2, out_enc_policy=2)
# Without the flag it has no plugins: no ut_pex, and no ut_metadata either.
session = lt.session(settings, int(lt.session_flags_t.add_default_plugins) if task["pex"] else 0)
if task["up"]:
    # libtorrent exempts local addresses from its limits, by putting them into a class of their own.
    everybody = lt.ip_filter()
    everyone = 1 << int(lt.session.global_peer_class_id)
    everybody.add_rule("0.0.0.0", "255.255.255.255", everyone)
    everybody.add_rule("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", everyone)
    session.set_peer_class_filter(everybody)

if task["torrent"].startswith("magnet:"):
    params = lt.parse_magnet_uri(task["torrent"])
else:
    params = lt.add_torrent_params()
    params.ti = lt.torrent_info(task["torrent"])
params.save_path = task["folder"]
# What is auto-managed may be paused; a torrent that is paused meets nobody.
params.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
torrent = session.add_torrent(params)


def answer(order):
    if order["do"] == "status":
        status = torrent.status()
        return {"state": str(status.state), "seeding": status.is_seeding, "done": status.total_wanted_done}
    if order["do"] == "connect":
        torrent.connect_peer((order["ip"], order["port"]))
        return {}
    if order["do"] == "peers":
        return {"peers": [
            {"ip": peer.ip[0], "port": peer.ip[1], "client": peer.client.decode("utf-8", "replace"),
             "pex": bool(peer.source & lt.peer_info.pex), "source": int(peer.source)}
            for peer in torrent.get_peer_info()
            if not peer.flags & (lt.peer_info.connecting | lt.peer_info.handshake)]}
    return {"error": "unknown order"}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
