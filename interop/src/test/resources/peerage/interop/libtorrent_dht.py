"""libtorrent's DHT node without a torrent, told what to do by a JSON object a line, answering with another.

usage: libtorrent_dht.py '{"listen": "127.0.0.2:6881", "router": "127.0.0.1:6881"}'

Without "router" it knows nobody. Ends with its standard input.
"""
import json
import sys
import time
import warnings

import libtorrent as lt

# Those of BEP 44's test vectors, for the binding makes none.
PUBLIC = bytes.fromhex("77ff84905a91936367c01360803104f92432fcd904a43511876df5cdf3e7e548")
PRIVATE = bytes.fromhex("e06d3183d14159228433ed599221b80bd0a5ce8352e4bdf0262f76786ef1c74d"
                        "b7e7a9fea2c0eb269d61e3b38e450a22e754941ac78479d6c54e1faf6037881d")

warnings.simplefilter("ignore")  # status() is deprecated, and what replaces it tells nothing of the DHT
task = json.loads(sys.argv[1])
session = lt.session({
    "listen_interfaces": task["listen"],
    "enable_dht": True,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    "dht_bootstrap_nodes": task.get("router", ""),
    "dht_restrict_routing_ips": False,
    "dht_restrict_search_ips": False,
    "dht_prefer_verified_node_ids": False,
    "dht_enforce_node_id": False,
    "dht_ignore_dark_internet": False,
    "dht_block_ratelimit": 1000,
    "alert_mask": int(lt.alert.category_t.dht_notification | lt.alert.category_t.dht_operation_notification
                      | lt.alert.category_t.status_notification | lt.alert.category_t.error_notification),
})


def hash_of(text):
    return lt.sha1_hash(bytes.fromhex(text))


def alerts(wanted, seconds):
    """The alerts of these kinds, as they come."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        session.wait_for_alert(100)
        for alert in session.pop_alerts():
            if type(alert).__name__ in wanted:
                yield alert


def peers(info_hash, seconds):
    found = set()
    session.dht_get_peers(hash_of(info_hash))
    for alert in alerts(["dht_get_peers_reply_alert"], seconds):
        found.update(("[%s]:%d" if ":" in ip else "%s:%d") % (ip, port) for ip, port in alert.peers())
        if found:
            break
    return {"peers": sorted(found)}


def value(alert):
    """The text of an item; empty if nobody has it."""
    try:
        return alert.item["value"].decode()
    except RuntimeError:  # so the binding says that there is none
        return ""


def answer(order):
    do = order["do"]
    if do == "status":
        return {"nodes": session.status().dht_nodes, "port": session.listen_port()}
    if do == "add":
        session.add_dht_node((order["ip"], order["port"]))
        return {}
    if do == "announce":
        # The binding has no dht_announce that can be called; a magnet without peers does the same.
        params = lt.parse_magnet_uri("magnet:?xt=urn:btih:" + order["info_hash"])
        params.save_path = order["folder"]
        params.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
        session.add_torrent(params)
        return {}
    if do == "peers":
        return peers(order["info_hash"], order.get("seconds", 3))
    if do == "put":
        target = session.dht_put_immutable_item(order["value"])
        for alert in alerts(["dht_put_alert"], 30):
            return {"target": str(target), "stored": alert.num_success}
        return {"target": str(target), "stored": 0}
    if do == "get":
        session.dht_get_immutable_item(hash_of(order["target"]))
        for alert in alerts(["dht_immutable_item_alert"], 15):
            return {"value": value(alert)}
        return {"value": ""}
    if do == "get_mutable":
        session.dht_get_mutable_item(bytes.fromhex(order["key"]), order["salt"].encode())
        best = ""
        for alert in alerts(["dht_mutable_item_alert"], 15):
            best = value(alert)
            if best:
                break
        return {"value": best}
    if do == "put_mutable":
        session.dht_put_mutable_item(PRIVATE, PUBLIC, order["value"], order["salt"])
        for alert in alerts(["dht_put_alert"], 30):
            return {"key": PUBLIC.hex(), "stored": alert.num_success}
        return {"key": PUBLIC.hex(), "stored": 0}
    return {"error": "unknown order"}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
